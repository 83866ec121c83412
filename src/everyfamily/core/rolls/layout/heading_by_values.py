"""What a heading means once its values have been looked at: "Contact" may be a name, a number, or a flag."""

from __future__ import annotations

import re
from dataclasses import replace

from everyfamily.core.rolls.layout.column_values import Values
from everyfamily.core.rolls.layout.heading_parts import ADULT, BARE, CHILD, UNKNOWN, Heading, parts_of
from everyfamily.core.rolls.layout.layout_columns import NAMES, WAYS
from everyfamily.core.rolls.layout.systems import closing_column
from everyfamily.core.rolls.model.roll_rows import COLUMNS
from everyfamily.core.rolls.words.words import plain

_TEMPLATES_OWN = {
    plain(column): column
    for column in ("RESTRICTION", "OBJECTS", "HAS_CARE", "FORMAT", "CHANNEL", "LANGUAGE")
    if column in COLUMNS
}


_NOTES_ON_DISCLOSURE = re.compile(r"^(?!.*court).*disclos.*\b(?:note|comment)\b")
"""Its cells are notes about anything, which are searched for words that close."""
_ASKS_OF_ORDERS = re.compile(
    r"(?:(?:is|are|there|has|any|a|an|the|of) )*"
    r"(?=.*\b(?:court order|injunction|restriction|restricted contact|contact restricted)\b)"
    r"(?:(?:court order|injunction|(?:contact |legal |access )?restriction|restricted contact|contact restricted"
    r"|non molestation(?: order)?|restraining order|no contact|no access|do not contact|not to be contacted"
    r"|must not (?:be contacted|have contact))(?: or any| or| and| other)* ?)+"
    r"(?:in place|in force|on file|flag|y n|yes no|known)?"
)
"""A heading of which every word asks about orders and restrictions: "Court order or no contact?" If all below it is
yes or no, its "no" says that there is none. Another heading that holds a word that closes may ask the opposite
("Court order allows contact"), or only about post, so its "no" says nothing."""
_NOT_A_PERSON = re.compile(
    r"(?:no|non|not|not to|not have|must not|restricted) contact\b"
    r"|\bcontact (?:restricted|restriction|not|order)|on contact\b"
)
"""Here a contact is not an adult whose column it would be."""
_SCHOOLS_OF_A_FILE = 4
_KINDS_OF_CONTACT = frozenset(
    (
        *("home", "work", "main", "primary", "secondary", "first", "second", "other", "emergency", "additional"),
        *(
            "contact",
            "parent",
            "mother",
            "father",
            "guardian",
            "carer",
            "family",
            "household",
            "postal",
            "billing",
        ),
    )
)
"""What a column about the kind of a contact may contain, and not an order."""


def refined(heading: Heading, values: Values, raw: str) -> Heading:
    """What a heading means once its values have been looked at."""
    what = heading.what
    # "Student 2 Status" means the same as "Student Status".
    name = "".join(letter for letter in plain(raw) if not letter.isdigit())
    if _NOTES_ON_DISCLOSURE.search(heading.text):
        return replace(heading, what="NOTES")
    heading = _of_nobody_named(heading)
    if what != "COURT_ORDER" and (closing := closing_column(name)):
        asks = _ASKS_OF_ORDERS.fullmatch(heading.text) is not None and values.answers_of_orders
        return replace(heading, what="COURT_ORDER" if asks else closing)
    if heading.whose == BARE and name in _TEMPLATES_OWN:
        return replace(heading, what=_TEMPLATES_OWN[name])
    if not values:
        return heading
    if heading.whose == BARE and what in (*NAMES, UNKNOWN) and values.titled:
        return replace(heading, whose=ADULT, what="NAME")
    return replace(heading, what=_of_way(what, values) if what in WAYS else _of_other(heading, what, values))


def _of_nobody_named(heading: Heading) -> Heading:
    """ "No contact" behind the second adult of a row may be about the first as well."""
    if heading.whose != ADULT or heading.nth or heading.role or not _NOT_A_PERSON.search(heading.text):
        return heading
    rest = parts_of(_NOT_A_PERSON.sub(" ", heading.text))
    return replace(heading, whose=BARE) if rest.whose == BARE else heading


def _of_way(what: str, values: Values) -> str:
    if values.emails_and_phones:
        return "EMAIL_AND_PHONE"
    if what == "EMAIL":
        if values.any_email:
            return what
        # A flag next to an address ("Email: Y"), or numbers under a wrong heading.
        return UNKNOWN if values.yes_no else "PHONE" if values.phones else what
    if values.phones or _some_digits(values):
        return what
    return UNKNOWN if values.yes_no else "EMAIL" if values.emails else what


def _of_other(heading: Heading, what: str, values: Values) -> str:
    if what in ("SCHOOL_DFE", "SCHOOL_NAME") and values.distinct > _SCHOOLS_OF_A_FILE:
        # Some systems call the pupil's own code "School code".
        return "PUPIL_ID/other" if what == "SCHOOL_DFE" else what
    if what == "CORRESPONDENCE":
        return "EMAIL" if values.emails else what
    if what == "RELATIONSHIP" and values.titled:
        return "NAME"
    if what == "CLASS" and values.titled:
        # The teacher's name.
        return "-"
    if what == "RELATIONSHIP" and not values.relationships and heading.text.endswith((" type", " role")):
        return "-" if values.plain <= _KINDS_OF_CONTACT else UNKNOWN
    if what in ("PARENTAL_RESPONSIBILITY", "HAS_CARE"):
        return "NAME" if values.names and heading.whose == ADULT else what
    if what in (*NAMES, UNKNOWN, "PUPIL_ID/other", "PRIORITY", "NOTES", "RELATIONSHIP", "ADDRESS"):
        return _by_values(heading, what, values)
    return what


def _some_digits(values: Values) -> bool:
    return any(sum(map(str.isdigit, text)) >= 9 for text in values.texts)


def _by_values(heading: Heading, what: str, values: Values) -> str:
    if values.emails_and_phones and what != "NOTES":
        return "EMAIL_AND_PHONE"
    if values.emails and what != "NOTES":
        # "Mrs Ruth Example, ruth@example.com" is more than an address.
        return what if what == "NAME" and heading.whose == ADULT and not _only_emails(values) else "EMAIL"
    if what == "NAME" and heading.whose == ADULT and values.names_and_numbers:
        return what
    if what in ("NAME", UNKNOWN, "PUPIL_ID/other") and values.phones and heading.whose != CHILD:
        return "PHONE" if what != "PUPIL_ID/other" or values.mobiles else what
    if what == "NAME" and (heading.whose != ADULT or "name" in heading.text.split()):
        return what
    if what in ("NAME", "PRIORITY"):
        return _name_or_priority(what, values, is_adults=heading.whose == ADULT)
    if what in ("ADDRESS", "RELATIONSHIP") and values.yes_no:
        return UNKNOWN
    return _unknown_by_values(values) if what == UNKNOWN else what


def _name_or_priority(what: str, values: Values, *, is_adults: bool) -> str:
    """ "Emergency contact 1" may be a name, a place in the order, a flag or a relationship."""
    if values.small_numbers:
        return "PRIORITY"
    if values.yes_no:
        return "-"
    if values.relationships and is_adults:
        return "RELATIONSHIP"
    return "NAME" if values.names and is_adults else what


def _only_emails(values: Values) -> bool:
    return all(" " not in text.strip() or "@" in text.split()[0] for text in values.texts)


def _unknown_by_values(values: Values) -> str:
    for what, looks in (
        ("PUPIL_ID/upn", values.upns),
        ("POSTCODE", values.postcodes),
        ("RELATIONSHIP", values.relationships and values.distinct > 1),
        ("ADULT_TITLE", values.titles),
        ("ON_ROLL", values.on_roll),
    ):
        if looks:
            return what
    return UNKNOWN
