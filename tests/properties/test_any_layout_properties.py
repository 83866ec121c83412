"""An export in any layout, spelling and order is read back as the families it was made of, and never freer."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.office_tables import OFFICE

URN = 900001
FORENAMES = ("Ada", "Bo", "Cy", "Di", "Ede", "Fay", "Gus", "Ines", "Jo", "Kai")
SURNAMES = ("Ashdown", "Bright", "Castell", "Dunmore", "O'Hara", "Farrow-Lisle", "Nowak")
SPELLINGS = {
    "child's id": ("UPN", "Upn", "Student UPN", "Pupil's UPN", "unique_pupil_number"),
    "child's forename": ("Pupil Forename", "Student First Name", "CHILD_FIRST_NAME", "PupilForename"),
    "child's surname": ("Pupil Surname", "Student Last Name", "CHILD_LAST_NAME", "PupilSurname"),
    "class": ("Class", "Reg Group", "Tutor Group", "Registration form", "TutorGroupName"),
    "title": ("Title",),
    "forename": ("Forename", "First Name", "first_name", "Given name"),
    "surname": ("Surname", "Last Name", "last_name", "Family name"),
    "relationship": ("Relationship", "Relation", "Relationship to pupil", "relationship_to_child"),
    "pr": ("Parental Responsibility", "Has PR?", "ParentalResponsibility", "Responsibility"),
    "email": ("Email", "E-mail", "Home Email", "Email Address", "PrimaryEmail"),
    "mobile": ("Mobile", "Mobile Phone", "MobileNumber", "Mobile Tel No"),
    "notes": ("Notes", "Comments", "Access Notes", "Other information"),
}
WHOSE = ("Contact {}", "Parent {}", "contact_{}_", "Guardian {}", "Contact{}", "Carer {}:", "Parent/Carer {}")
YES_NO = (("T", "F"), ("Yes", "No"), ("1", "0"), ("TRUE", "FALSE"), ("Y", "N"))
RELATED = {
    "Mother": "mother",
    "Dad": "father",
    "Foster Mother": "foster carer",
    "Step-father": "step-parent",
    "Nan": "grandparent",
    "Mum (main carer)": "mother",
    "step dad": "step-parent",
    "Grandma (SGO)": "grandparent",
    "Dad & main contact": "father",
    "Mum's partner": "other",
}
NUMBERS = ("07700 9001", "077009001", "+44 7700 9001")
BESIDE_A_NUMBER = ("", "", " (try first)", " not after 9pm", " - only if Dad can't be reached", " text only")
CLOSING = (
    *(
        "NOT TO BE CONTACTED",
        "Do not contact",
        "no contact - see DSL",
        "Court order in place",
        "non-contact parent",
    ),
    *("Do not disclose address", "In a refuge", "Unsubscribed", "No correspondence", "Bill payer only", "NTBC"),
    *("injunction 2026", "Not to collect", "Do NOT send letters"),
)
ORDINARY = ("", "", "Works nights", "Prefers email", "Nut allergy", "Speaks Polish at home", "Call after 3pm")


@dataclass(frozen=True)
class Adult:
    title: str
    forename: str
    surname: str
    relationship: str
    pr: bool
    email: str
    mobile: str
    notes: str = ""

    def cell(self, what: str, yes_no: tuple[str, str]) -> str:
        return yes_no[not self.pr] if what == "pr" else str(getattr(self, what))


@dataclass(frozen=True)
class Child:
    upn: str
    forename: str
    surname: str
    group: str
    adults: tuple[Adult, ...]


@st.composite
def families(draw: st.DrawFn) -> list[Child]:
    count = draw(st.integers(2, 5))
    found = []
    for number in range(count):
        adults = []
        for place in range(draw(st.integers(1, 3))):
            # Nobody is anybody else in the file: whether two adults are one is tested elsewhere.
            forename, surname = FORENAMES[(3 * number + place) % 10], SURNAMES[(number + place) % 7]
            own, beside = f"{number}{place}", draw(st.sampled_from(BESIDE_A_NUMBER))
            adults.append(
                Adult(
                    draw(st.sampled_from(["Mrs", "Mr", "Dr", ""])),
                    forename,
                    surname,
                    draw(st.sampled_from(sorted(RELATED))),
                    draw(st.booleans()),
                    draw(st.sampled_from([f"a{own}@example.com", f"a{own}@example.org", ""])),
                    draw(st.sampled_from([*(f"{one}{own}{beside}" for one in NUMBERS), ""])),
                    draw(st.sampled_from(ORDINARY)),
                )
            )
        found.append(
            Child(f"X9000000000{number:02}", f"Kid{'abcde'[number]}", "Person", f"{number}B", tuple(adults))
        )
    return found


@dataclass(frozen=True)
class Written:
    """How an export is written."""

    side_by_side: bool
    whose: str
    spelling: dict[str, str]
    order: tuple[str, ...]
    yes_no: tuple[str, str]
    above: tuple[str, ...]
    below: tuple[str, ...]
    format: str
    """One of `OFFICE`, or what is between the cells of a text."""
    bare: bool

    def file(self, children: Sequence[Child]) -> bytes:
        rows = [[title] for title in self.above]
        most = max(len(child.adults) for child in children) if self.side_by_side else 1
        childs = ["child's id", "child's forename", "child's surname", "class"]
        header = [self.spelling[one] for one in childs]
        for place in range(most):
            header += [self._heading(what, place + 1) for what in self.order]
        rows.append(header)
        for child in children:
            own = [child.upn, child.forename, child.surname, child.group]
            cells = [[adult.cell(what, self.yes_no) for what in self.order] for adult in child.adults]
            if self.side_by_side:
                cells += [[""] * len(self.order)] * (most - len(cells))
                rows.append([*own, *(cell for adult in cells for cell in adult)])
            else:
                rows += ([*own, *adult] for adult in cells)
        rows += ([line] for line in self.below)
        if self.format in OFFICE:
            return OFFICE[self.format](rows)
        out = io.StringIO()
        csv.writer(out, delimiter=self.format).writerows(rows)
        return out.getvalue().encode()

    def _heading(self, what: str, place: int) -> str:
        bare = self.spelling[what]
        if self.bare:
            return bare
        whose = self.whose.format(place if self.side_by_side else "").replace("__", "_")
        return f"{whose} {bare}".strip()


@st.composite
def written(draw: st.DrawFn) -> Written:
    own = ["title", "forename", "surname", "relationship", "pr", "email", "mobile", "notes"]
    bare = draw(st.booleans())
    # Bare headings belong to the person whose name comes before them, so a block begins with the title.
    rest = draw(st.permutations(own[1:] if bare else own))
    return Written(
        draw(st.booleans()),
        draw(st.sampled_from(WHOSE)),
        {what: draw(st.sampled_from(spellings)) for what, spellings in SPELLINGS.items()},
        ("title", *rest) if bare else tuple(rest),
        draw(st.sampled_from(YES_NO)),
        tuple(
            draw(
                st.lists(
                    st.sampled_from(["Parental contacts", "Run on 21/09/2026", "", "Filter: on roll"]), max_size=4
                )
            )
        ),
        tuple(draw(st.lists(st.sampled_from(["Total: 12", "Page 1 of 1", "Count: 9"]), max_size=2))),
        draw(st.sampled_from([",", ";", "\t", *OFFICE])),
        bare,
    )


def read(data: bytes) -> Roll:
    return read_roll(data, file="export.csv", urn=URN)


def number(mobile: str) -> str | None:
    digits = re.sub(r"[^0-9+]", "", mobile.replace("9pm", ""))
    return f"+44{digits.removeprefix('+44').removeprefix('0')}" if digits else None


@pytest.mark.slow
@given(families(), written())
@settings(max_examples=100, deadline=None)
def test_what_was_written_is_read_back(children: list[Child], how: Written) -> None:
    roll = read(how.file(children))
    told = [
        (
            *(child.upn, child.group, " ".join(filter(None, (one.title, one.forename, one.surname)))),
            *(RELATED[one.relationship], "yes" if one.pr else "no", one.email or None, number(one.mobile)),
        )
        for child in children
        for one in child.adults
    ]
    assert [
        (
            *(row.pupil_id, row.class_name, row.adult_name, row.relationship),
            *(row.parental_responsibility, row.email, row.mobile),
        )
        for row in roll.rows
    ] == told
    assert {(row.restriction, row.restriction_reason) for row in roll.rows} == {("unknown", NOT_SAID)}
    assert {one.code for one in roll.set_aside} <= {"LINE_OF_THE_REPORT"}


@pytest.mark.slow
@given(families(), written(), st.data())
@settings(max_examples=100, deadline=None)
def test_words_that_close_close_wherever_they_stand(
    children: list[Child], how: Written, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(children) - 1))
    place = data.draw(st.integers(0, len(children[at].adults) - 1))
    where = data.draw(
        st.sampled_from(["notes", "mobile", "email", "forename", "surname", "relationship", "title"])
    )
    words = data.draw(st.sampled_from(CLOSING))
    words = data.draw(
        st.sampled_from([words, words.upper(), words.lower(), words.replace(" ", "  "), f"({words})"])
    )
    adult = children[at].adults[place]
    before = str(getattr(adult, where))
    closed = replace(adult, **{where: f"{before} {words}".strip()})
    adults = list(children[at].adults)
    adults[place] = closed
    children[at] = replace(children[at], adults=tuple(adults))
    roll = read(how.file(children))
    links = [row for row in roll.rows if row.pupil_id == children[at].upn and row.adult_name]
    surname = adult.surname.split()[0]
    theirs = [row for row in links if adult.forename in row.adult_name and surname in row.adult_name]
    for row in theirs:
        assert row.restriction in ("hold", "do not send") or row.restriction_reason == NOT_READABLE
    others = {child.upn for child in children if child.upn != children[at].upn}
    assert all(
        row.restriction_reason == NOT_SAID for row in roll.rows if row.pupil_id in others and row.adult_name
    )
