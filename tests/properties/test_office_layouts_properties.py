"""An office's own layouts are read back: a row for each family, a sheet for each class, children without ids."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.properties.test_any_layout_properties import CLOSING, RELATED, URN, Adult, Child, families, number

type Told = list[tuple[object, ...]]

_WHOSE = ("Parent", "Adult", "Carer", "Contact", "Parent/Carer")
_NUMBERS = ("123", "ABC")
_OF_CHILD = ("name", "DOB", "class")
_CLASSES = ("Willow", "Oak", "Acorns", "Elm", "Ash")


def _of_adult(adult: Adult) -> list[str]:
    name = " ".join(filter(None, (adult.title, adult.forename, adult.surname)))
    return [name, adult.relationship, adult.mobile, adult.email, adult.notes]


def _headings(whose: str, places: Sequence[str]) -> list[str]:
    return [
        f"{whose} {place} {what}"
        for place in places
        for what in ("name", "relationship", "mobile", "email", "notes")
    ]


def _born(child: Child) -> str:
    return f"0{int(child.upn[-2:]) + 1}/09/2017"


def _told(children: Sequence[Child], adults: Sequence[Adult]) -> Told:
    return sorted(
        (
            child.group,
            " ".join(filter(None, (one.title, one.forename, one.surname))),
            RELATED[one.relationship],
            number(one.mobile),
        )
        for child in children
        for one in adults
    )


def _read(roll: Roll) -> Told:
    return sorted(
        (row.class_name, row.adult_name, row.relationship, row.mobile) for row in roll.rows if row.adult_name
    )


def _text(rows: Sequence[Sequence[str]], separator: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.slow
@given(families(), st.sampled_from(_WHOSE), st.sampled_from(_NUMBERS), st.booleans(), st.sampled_from(",;\t|"))
@settings(max_examples=60, deadline=None)
def test_each_child_of_a_familys_row_has_all_its_adults(
    children: list[Child], whose: str, numbers: str, children_first: bool, separator: str
) -> None:
    family, other = children[:-1][:3], children[-1]
    most = max(len(family[0].adults), len(other.adults))
    of_children = [f"Child {n} {what}" for n in range(1, 4) for what in _OF_CHILD]
    of_adults = _headings(whose, numbers[:most])
    rows = [[*of_children, *of_adults] if children_first else [*of_adults, *of_children]]
    for kin in (family, [other]):
        own = [cell for child in kin for cell in (f"{child.forename} {child.surname}", _born(child), child.group)]
        own += [""] * (len(of_children) - len(own))
        adults = [cell for one in kin[0].adults for cell in _of_adult(one)]
        adults += [""] * (len(of_adults) - len(adults))
        rows.append([*own, *adults] if children_first else [*adults, *own])
    roll = read_roll(_text(rows, separator), file="families.csv", urn=URN)
    assert _read(roll) == sorted([*_told(family, family[0].adults), *_told([other], other.adults)])
    assert len({row.pupil_id for row in roll.rows}) == len(family) + 1


@pytest.mark.slow
@given(families(), st.data())
@settings(max_examples=60, deadline=None)
def test_each_sheet_of_a_class_is_read_under_its_own_headings(children: list[Child], data: st.DataObject) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)  # type: ignore[arg-type]
    told: Told = []
    for at, child in enumerate(children):
        sheet = workbook.create_sheet(_CLASSES[at])
        whose = data.draw(st.sampled_from(_WHOSE))
        born = data.draw(st.booleans())
        title = data.draw(st.sampled_from(["", f"{_CLASSES[at]} class - Year {at + 1} - Mrs Teacher"]))
        if title:
            sheet.append([title])
        sheet.append(
            ["Child's name", *(["D.O.B."] if born else []), *_headings(whose, _NUMBERS[0][: len(child.adults)])]
        )
        cells = [f"{child.forename} {child.surname}", *([_born(child)] if born else [])]
        sheet.append([*cells, *(cell for one in child.adults for cell in _of_adult(one))])
        told += [(_CLASSES[at], *rest) for _, *rest in _told([child], child.adults)]
    out = io.BytesIO()
    workbook.save(out)
    roll = read_roll(out.getvalue(), file="classes.xlsx", urn=URN)
    assert _read(roll) == sorted(told)
    assert len({row.pupil_id for row in roll.rows}) == len(children)


@given(families(), st.sampled_from(CLOSING), st.data())
@settings(max_examples=60, deadline=None)
def test_words_in_a_column_for_the_whole_row_free_nobody_they_may_be_about(
    children: list[Child], words: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(children) - 1))
    most = max(len(child.adults) for child in children)
    rows = [["Child name", "Class", *_headings("Parent", _NUMBERS[0][:most]), "Any other info"]]
    for index, child in enumerate(children):
        cells = [cell for one in child.adults for cell in _of_adult(one)]
        cells += [""] * (5 * most - len(cells))
        rows.append(
            [f"{child.forename} {child.surname}", child.group, *cells, words if index == at else "Nut allergy"]
        )
    roll = read_roll(_text(rows, ","), file="list.csv", urn=URN)
    theirs = [row for row in roll.rows if row.class_name == children[at].group and row.adult_name]
    assert theirs
    assert all(row.restriction_reason == NOT_READABLE for row in theirs), (
        "the words name nobody: they close everybody"
    )
