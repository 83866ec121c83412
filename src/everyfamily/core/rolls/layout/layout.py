"""How an export is laid out: whose each column is and what it holds. It is decided once for each file, from headings
and values together.

A bare heading ("Email") belongs to the person whose name comes before it. Several adults can be side by side, by number
("Contact 2 Name"), by role ("Mother's Email") or by repeating the same headings. What is not certain is not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from everyfamily.core.rolls.layout.column_values import Values
from everyfamily.core.rolls.layout.heading_by_values import refined
from everyfamily.core.rolls.layout.heading_parts import UNKNOWN, parts_of
from everyfamily.core.rolls.layout.layout_children import of_one_child
from everyfamily.core.rolls.layout.layout_choice import Chooser
from everyfamily.core.rolls.layout.layout_columns import (
    ALL,
    CHILDS_ONLY,
    CLOSING,
    NAMES,
    NOBODYS,
    ROW,
    WAYS,
    Column,
    is_of_home,
)
from everyfamily.core.rolls.layout.layout_owners import Owners
from everyfamily.core.rolls.layout.systems import system_of
from everyfamily.core.rolls.words.words import plain, yes_no

_YOU = re.compile(r"\byou(?:r)?\b")


@dataclass(frozen=True)
class Layout:
    """A header that was understood, and what is needed to read a row with it."""

    name: str
    columns: tuple[Column, ...]
    adults: int
    said: Mapping[int, str]
    """The relationship in an adult's headings."""
    not_certain: tuple[Column, ...] = ()
    """Ways to reach somebody, if it is not clear whom."""
    surname_first: frozenset[int] = frozenset()
    in_cells: frozenset[int] = frozenset()
    """Adults whose name's cell contains more than a name: numbers, addresses, several adults."""
    children: tuple[int, ...] = ()
    """The numbers of several children who are side by side in a row."""
    child: int = 0
    """The child that is read, or 0 for the first."""
    by_name: bool = False
    """Only the children's names show which child is which."""

    def of(self, owner: int, *whats: str) -> list[Column]:
        """An owner's columns that contain one of these, in the order asked for."""
        return [one for what in whats for one in self.columns if one.owner == owner and one.what == what]

    @property
    def shared(self) -> frozenset[int]:
        """Where columns are that belong to more than one adult."""
        owners = Counter(one.index for one in self.columns if one.owner > 0)
        return frozenset(index for index, count in owners.items() if count > 1)

    @property
    def not_read(self) -> list[Column]:
        """Columns with headings that mean nothing known, or that do not say whom they reach."""
        return [
            one
            for one in self.columns
            if one.what == UNKNOWN
            or (one.owner == NOBODYS and one.what != "-")
            or (one.owner == ROW and one.bare and one.what in WAYS)
        ]

    @property
    def missing(self) -> list[str]:
        """Which of the template's columns that a roll needs are missing."""
        child = any(one.owner == ROW and one.what.startswith("PUPIL_ID") for one in self.columns)
        born = any(one.owner == ROW and one.what == "BORN" for one in self.columns)
        named = any(one.owner == ROW and one.what in NAMES for one in self.columns)
        adult = any(one.owner > 0 and one.what in NAMES for one in self.columns)
        told = child or (born and named) or self.by_name
        return [*([] if told else ["PUPIL_ID"]), *([] if adult else ["ADULT_NAME"])]


def layout_of(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    answers: Mapping[tuple[str, int], str] | None = None,
    child: int = 0,
) -> Layout:
    """The layout of a sheet. `rows` are the first ones below the header. `answers` are what a person said about
    headings, by heading in the form of `plain` and its occurrence: a column of core/rolls/model/sheet.py, perhaps with
    "/2", or "-". `child` is the number of one of several children who are side by side (0: the first)."""
    values = [Values.of(row[at] for row in rows if at < len(row)) for at in range(len(headings))]
    parts = [refined(parts_of(heading), values[at], heading) for at, heading in enumerate(headings)]
    parts, children = of_one_child(parts, child)
    columns, roles = Owners(headings, parts).found()
    if not any(one.owner > 0 and one.what in NAMES for one in columns):
        again, other_roles = Owners(headings, parts, adults_first=True).found()
        if any(one.owner > 0 and one.what in NAMES for one in again):
            columns, roles = again, other_roles
    columns = _answered(columns, answers or {})
    columns = _told_by_values(columns, values)
    columns = _of_who_answers(columns)
    columns = [_of_adults(one, columns, rows) for one in columns]
    adults = max([one.owner for one in columns], default=0)
    columns = [_for_all(one, columns) for one in columns] if adults > 1 else columns
    chosen = Chooser(_to_all(columns, adults), rows, values)
    return Layout(
        system_of(headings),
        tuple(chosen.columns),
        adults,
        {adult: role for adult, role in roles.items() if role},
        tuple(
            one
            for one in chosen.columns
            if one.owner == NOBODYS
            and one.what in (*WAYS, "ADDRESS")
            and values[one.index]
            and (one.what != "EMAIL" or values[one.index].any_email)
        ),
        _adults_with(chosen.columns, lambda one: values[one.index].surname_first),
        _adults_with(chosen.columns, lambda one: values[one.index].more_than_names),
        children,
        child,
        _by_name(chosen.columns, values),
    )


def _by_name(columns: Sequence[Column], values: Sequence[Values]) -> bool:
    """Whether children must be recognised by their names: no column has an id or a birthday, or may have one."""
    of_row = [one for one in columns if one.owner == ROW and values[one.index]]
    # A list of users has names that belong to no child. Then a class or a year must be next to them.
    grouped = any(one.what in ("CLASS", "YEAR_GROUP") for one in of_row)
    named = {one.what.partition("/")[0] for one in of_row if one.what in NAMES and (grouped or not one.bare)}
    if "NAME" not in named and not {"FORENAME", "SURNAME"} <= named:
        return False
    if any(one.what == "BORN" or one.what.startswith("PUPIL_ID") for one in of_row):
        return False
    # "P1" under "Pupil" is not a name.
    return not any(
        (one.what == UNKNOWN or (one.owner == ROW and one.what in NAMES)) and values[one.index].perhaps_ids
        for one in columns
    )


def _adults_with(columns: Sequence[Column], looks: Callable[[Column], bool]) -> frozenset[int]:
    return frozenset(one.owner for one in columns if one.owner > 0 and one.what == "NAME" and looks(one))


def _answered(columns: list[Column], answers: Mapping[tuple[str, int], str]) -> list[Column]:
    if not answers:
        return columns
    seen: Counter[str] = Counter()
    answered = []
    for one in columns:
        name = plain(one.heading)
        seen[name] += 1
        said = answers.get((name, seen[name]))
        answered.append(one if said is None else _as_said(one, said))
    return answered


def _as_said(one: Column, said: str) -> Column:
    what, _, adult = said.partition("/")
    if what == "-":
        return replace(one, what="-", is_answered=True)
    owner = ROW if what in CHILDS_ONLY or what in ("PUPIL_ID", "NOT_TO_WRITE") else int(adult or 1)
    ours = {
        "PUPIL_ID": "PUPIL_ID/admission",
        "ADULT_NAME": "NAME",
        "ADULT_FORENAME": "FORENAME",
        "ADULT_SURNAME": "SURNAME",
    }
    return replace(one, what=ours.get(what, what), owner=owner, bare=False, is_answered=True)


def _told_by_values(columns: list[Column], values: Sequence[Values]) -> list[Column]:
    """Unknown headings within an adult's block whose values can be nothing else, if the adult does not have such a
    column yet."""
    told = []
    for one in columns:
        what = one.what
        if what == UNKNOWN:
            its = values[one.index]
            found = "EMAIL" if its.emails else "PHONE" if its.phones else ""
            if found:
                has = any(other.owner == one.owner and other.what in _ways_like(found) for other in columns)
                told.append(replace(one, what=found, owner=one.owner if one.owner > 0 and not has else NOBODYS))
                continue
        told.append(one)
    return told


def _of_who_answers(columns: list[Column]) -> list[Column]:
    """A form's own "Email address" belongs to the first adult, if the form says "you" to that adult and asks for no
    other."""
    if not columns or columns[0].text not in ("timestamp", "start time", "id"):
        return columns
    theirs = [one for one in columns if one.owner == 1]
    if any(one.what == "EMAIL" for one in theirs) or not any(_YOU.search(one.text) for one in theirs):
        return columns
    own = next((one for one in columns if one.owner == NOBODYS and one.bare and one.what == "EMAIL"), None)
    return [replace(one, owner=1) if one is own else one for one in columns]


def _ways_like(what: str) -> tuple[str, ...]:
    return ("EMAIL",) if what == "EMAIL" else ("MOBILE", "PHONE")


def _of_adults(one: Column, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Column:
    """A bare "Deceased" after an adult's columns is about the adult, if rows of one child say yes and no."""
    before = [other.owner for other in columns if other.owner > 0 and other.index < one.index]
    if not (one.what == "DECEASED" and one.bare and before):
        return one
    ids = [other.index for other in columns if other.owner == ROW and other.what.startswith("PUPIL_ID")][:1]
    answers = yes_no()
    said: dict[str, set[str | None]] = {}
    for row in rows:
        if ids and max(one.index, ids[0]) < len(row) and row[ids[0]]:
            said.setdefault(row[ids[0]], set()).add(answers[row[one.index].strip()])
    if any({"yes", "no"} <= found for found in said.values()):
        return replace(one, what="LINK", owner=before[-1])
    return one


def _to_all(columns: Sequence[Column], adults: int) -> list[Column]:
    """Give a column that belongs to all adults to each of them, but an address only to those who have none of their
    own."""
    at_home = {one.owner for one in columns if one.owner > 0 and is_of_home(one.what)}
    given: list[Column] = []
    for one in columns:
        if one.owner != ALL:
            given.append(one)
            continue
        to = [number for number in range(1, adults + 1) if not (is_of_home(one.what) and number in at_home)]
        given += [replace(one, owner=number) for number in to] or [replace(one, owner=NOBODYS, what="-")]
    return given


def _for_all(one: Column, columns: Sequence[Column]) -> Column:
    """If there are several adults, a heading that occurs once and names none of them closes for all."""
    if not (one.bare and one.owner > 0 and one.what in (*CLOSING, "NOTES", UNKNOWN, "-")):
        return one
    if any(other.text == one.text and other.owner not in (one.owner, ROW) for other in columns):
        return one
    return replace(one, owner=ROW, what="NOT_TO_WRITE" if one.what == "COURT_ORDER" else one.what)
