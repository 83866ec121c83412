"""Words that may keep an adult away are told from ordinary ones: a table that a safeguarding lead can read."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.words.closing_words import closes, closing_words, may_close
from everyfamily.core.rolls.words.ordinary_notes import is_ordinary
from tests.factories.each import each

CLOSE = [
    "NOT TO BE CONTACTED",
    "NOT TO BE CONTACTED - see Mrs Marsh",
    "Not-to-be contacted",
    "do not contact",
    "DON\u2019T CONTACT",
    "dont contact",
    "D\u00f3 n\u00f6t c\u00f5ntact",
    "\uff24\uff2f \uff2e\uff2f\uff34 \uff23\uff2f\uff2e\uff34\uff21\uff23\uff34",
    "D\u041e NOT CONTACT",
    "Do n't contact",
    "n o  c o n t a c t",
    "NOCONTACT",
    "Joe Ferris - DO NOT CONTACT",
    "07700 900123 do not ring",
    "Do not call. Works nights",
    "do not, under any circumstances, contact",
    "Must not have contact",
    "N.T.B.C.",
    "Ferris (DNC)",
    "DNC",
    "No contact order in place - HT has copy",
    "Court order 12/03/2026: no contact with school. Speak to DSL.",
    "Court-Order in place",
    "No court order - do not contact",
    "No - court order",
    "No court order; restricted",
    "Non-molestation order",
    "residence order",
    "Child Arrangements Order",
    "Injunction",
    "bail conditions apply",
    "no access",
    "must not collect",
    "Dad is not allowed to collect",
    "see DSL",
    "Speak to the DSL",
    "see Head Teacher",
    "RESTRICTED",
    "NOT TO BE DISCLOSED",
    "Address confidential",
    "do not send mail",
    "DO NOT WRITE",
    "not for contact",
    "No contact number. Do not contact",
    "No contact details to be given to father",
    "do. not. contact. No contact number",
    "No longer to be contacted",
    "Father must not know address",
    "do not tell dad",
    "He should not receive any letters",
    "remove from mailing list",
    "PSO - order in place",
    "will not be contacted",
    "please refrain from contacting",
]
ORDINARY = [
    "works nights, text not call",
    "Please text not ring",
    "",
    "No contact number",
    "no contact details held",
    "No court order",
    "No court orders in place.",
    "Works nights. No court order.",
    "There are no known restrictions",
    "Not restricted",
    "restricted diet",
    "No contact sports",
    "no contact lenses in PE",
    "not contactable at work",
    "Bruno contact number 07700 900123",
    "Marino Contact",
    "12 Lantern Court",
    "Border Street, Orderly Row",
    "Nottingham",
    "Harcourt Order",
    "after 3pm only",
    "do not ring before nine",
    "works nights",
    "Mum (mobile)",
    "ask at desk",
    "Mr D N Carter",
    "Knott",
    "preferred contact",
    "emergency contact",
    "see notes",
    "does not speak English",
    "Has no access to email at work",
    "ht@example.com",
    "Head, Sarah",
    "Contact Sarah Head",
    "Authorised to collect",
    "Accessible by ramp",
    "Banner, Restormel House",
    "No email",
    "N/A",
    "Avoid nuts",
    "do not give nuts",
    "Brisk Lane",
    "Parent Avenue, Access House",
    "no longer at this address",
]


@each("text", CLOSE)
def test_it_closes(text: str) -> None:
    assert closes(text)
    assert may_close(f"2041\nSample\n{text}\n4B")


@each(
    "text",
    ["Do not: text not call", "do not contact, text not call", "text not call - no contact", "call not text"],
)
def test_how_to_reach_somebody_is_not_read_out_of_a_refusal(text: str) -> None:
    assert closes(text) or not is_ordinary(text)


@each("text", ORDINARY)
def test_it_is_ordinary(text: str) -> None:
    assert not closes(text)


@pytest.mark.parametrize("text", ["+999000000036", "07700 900999", "X999000004001", "ana@example.com", "EM2 7QX"])
def test_what_every_row_has_is_not_worth_asking_about(text: str) -> None:
    assert not may_close(text)


@pytest.mark.slow
def test_every_line_of_the_list_closes_and_the_quick_look_lets_it_through() -> None:
    words = closing_words()
    phrases = [
        *words["anywhere"],
        *words["short"],
        *words["sentence"],
        *(f"{never} {act}" for never in words["never"][:-1] for act in words["act"]),
        *(f"{never} {act}" for never in words["never"][:-1] for act in words["act_at_the_end"]),
        *(f"not {act}" for act in words["act_after_not"]),
        *(f"{ask} the {whom}" for ask in words["ask"] for whom in words["of_whom"]),
    ]
    assert len(phrases) > 2000
    assert [one for one in phrases if not may_close(one)] == []
    assert [one for one in phrases if not closes(one)] == []


@pytest.mark.parametrize("name", ["ordinary", "ordinary_at_the_end"])
def test_what_the_list_calls_ordinary_is(name: str) -> None:
    assert [one for one in closing_words()[name] if closes(one)] == []
    assert not closes("No restrictions in place")


def test_short_forms_are_somebodys_initials_where_a_class_stands() -> None:
    assert not closes("DNC", short_forms=False)
    assert closes("do not contact", short_forms=False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "N0T T0 BE C0NTACTED",
            "Not 2 be contacted",
            "N - court",
            "No (court)",
            "S0cial services must be informed",
        ),
        *("c0urt order", "see Court", "dad: n0 contact"),
    ],
)
def test_a_nought_for_a_letter_and_a_court_by_itself_close(text: str) -> None:
    assert may_close(text)
    assert closes(text)


@pytest.mark.parametrize(
    "text", ["5 Mill Court", "Court Farm, Mill Lane", "Flat 10, Rose Court", "Room 20", "B0x 12"]
)
def test_a_home_that_is_called_a_court_does_not_close(text: str) -> None:
    assert not closes(text)


@each(
    "text",
    [
        *(
            "Deceased",
            "deceased 03/2024",
            "DELETED 01/02/2025",
            "Deleted by office 2/3/25",
            "Removed",
            "Removed - 3/4/2025",
        ),
        *(
            "PR removed by court 2024",
            "PR revoked",
            "Parental responsibility suspended",
            "NMO",
            "nmo in place",
            "DV",
        ),
        *(
            "Father went to court in May",
            "removed by the court",
            "court hearing 3 March",
            "Ongoing court case",
            "at court 12/5",
        ),
        *(
            "The court has said mum only",
            "Restraining ord.",
            "Undertaking to the court",
            "History of DV",
            "Access suspended",
        ),
        *(
            "no comms",
            "No longer a contact",
            "no longer in touch",
            "not in touch with family",
            "Not aware child is here",
        ),
        *(
            "contact via social worker only",
            "via SW",
            "Cannot collect",
            "can't collect Kit",
            "Inactive",
            "Old contact",
            "Ex-contact",
        ),
        *(
            "Left family home",
            "left the family home - remove",
            "In prison",
            "remanded in custody",
            "On a child protection plan",
        ),
        *(
            "Moved out. Whereabouts unknown",
            "Police protection",
            "Father - PR removed by court",
            "Her dad must not collect",
        ),
        *("No court order but court case pending", "prison", "suspended"),
    ],
)
def test_what_offices_write_of_an_adult_who_is_gone_or_kept_away_closes(text: str) -> None:
    assert may_close(f"2041\nSample\n{text}\n4B")
    assert closes(text)


@each(
    "text",
    [
        *(
            "Removed from lunch list",
            "court shoes needed",
            "Plays at the tennis court",
            "Works in prison service",
            "Prison officer",
        ),
        *(
            "cannot collect before 3.30",
            "Cannot collect on Fridays",
            "Mum undertaking training",
            "old contact number",
            "Left handed",
        ),
        *(
            "12 Mill Court, Fennick",
            "Lives with mum at 12 Heron Court",
            "Dad lives in Court Road",
            "The Court, Mill Lane",
            "Flat 2 Rose Court",
        ),
        *(
            "Suspended from bus list",
            "Never been to court",
            "No court case",
            "No DV concerns",
            "No restraining order",
            "Custodian",
        ),
        *(
            "Please keep in touch",
            "Text before 9",
            "Advice given",
            "Mr David Vince",
            "Mr D V Patel",
            "Comms officer for the council",
        ),
        *(
            "Deletion of photo done",
            "removed braces in May",
            "Aware of allergies",
            "Not aware of any allergies",
            "Social worker (job)",
        ),
        *(
            "Works at HMP Leeds",
            "Active",
            "new contact number since May",
            "moved out of area on Monday",
            "Court, Ana",
        ),
    ],
)
def test_ordinary_notes_of_an_office_stay_open(text: str) -> None:
    assert not closes(text)


def test_an_accounts_state_is_not_the_adults() -> None:
    assert not closes("Inactive", short_forms=False)
    assert not closes("Removed", short_forms=False)


@each(
    "text",
    [
        *(
            "NO - police if he turns up",
            "Ask before anything goes to him",
            "Address protected",
            "Safe house",
        ),
        *(
            "protected address",
            "Not to be released",
            "Father has no rights",
            "No parental rights",
            "Contact centre only",
        ),
        *(
            "Supervised",
            "under investigation",
            "Do not release child",
            "must not be told",
            "does not know the school",
        ),
        *(
            "Violent - two staff to be there",
            "abusive to staff",
            "threatening behaviour",
            "stalking conviction",
            "Women's Aid",
        ),
        *("not to take the child", "police involvement", "doesn't know where they live"),
    ],
)
def test_more_of_what_offices_write_closes(text: str) -> None:
    assert may_close(text)
    assert closes(text)


@each(
    "text",
    [
        *(
            "Police officer",
            "works for the police",
            "life-threatening allergy",
            "Call 999 if seizure",
            "No orders",
            "No legal orders in place",
        ),
        *(
            "ask for mum",
            "Nut allergy, ask office",
            "Harriet Stalker-Lane",
            "works at the contact lens shop",
            "Knows the school",
        ),
        *("supervises lunch", "Court appointed guardian", "Ms Violet Abusi", "stays late", "turns up late"),
    ],
)
def test_more_ordinary_notes_stay_open(text: str) -> None:
    assert not closes(text)
