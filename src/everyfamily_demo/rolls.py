"""Writes the demo's rolls as the files that a school would upload: everyfamily's own roll template, one for each
school."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from everyfamily_demo.children import DemoChild, DemoFamilies
from everyfamily_demo.families import Adult
from everyfamily_demo.schools import DemoSchool

COLUMNS = (
    "SCHOOL_URN",
    "PUPIL_ID",
    "YEAR_GROUP",
    "CLASS",
    "ADULT_NAME",
    "RELATIONSHIP",
    "PARENTAL_RESPONSIBILITY",
    "HAS_CARE",
    "PRIORITY",
    "RESTRICTION",
    "OBJECTS",
    "EMAIL",
    "MOBILE",
    "ADDRESS_1",
    "ADDRESS_2",
    "ADDRESS_3",
    "ADDRESS_4",
    "ADDRESS_5",
    "POSTCODE",
    "LANGUAGE",
    "FORMAT",
    "CHANNEL",
)
"""The roll template's header, in order."""

_ADDRESS_LINES = 5
_CHILDREN_PER_BAD_ROW = 430
# Rows that the importer must set aside. Each is next to a good row for the same child, so that no child is lost.
_SPOILT: tuple[tuple[str, str], ...] = (
    ("PUPIL_ID", ""),
    ("PARENTAL_RESPONSIBILITY", "maybe"),
    ("RELATIONSHIP", "family friend"),
    ("RESTRICTION", "see file"),
)


def write_rolls(folder: Path, schools: Sequence[DemoSchool], seed: int) -> dict[str, Path]:
    """Write a CSV (UTF-8) for each school that we send for, and return the files by URN.

    Schools that send for themselves, lists that are not known, and schools with nobody on roll have no file. About one
    child in 430 has a row that cannot be read, next to a good one. The same schools and seed give the same bytes. A
    file appears completely or not at all.
    """
    folder.mkdir(parents=True, exist_ok=True)
    city = DemoFamilies(schools, seed)
    files = {}
    children_before = 0
    for school in schools:
        if school.sends != "us" or not school.roll:
            continue
        files[school.urn] = _write(folder / f"roll-{school.urn}.csv", school, city, children_before)
        children_before += school.roll
    return files


def roll_rows(school: DemoSchool, city: DemoFamilies, children_before: int = 0) -> Iterator[list[str]]:
    """Yield a school's rows in the template's columns. `children_before` are those in earlier files."""
    due: int | None = None
    for place, child in enumerate(city.children(school), start=children_before):
        bad_row, position = divmod(place, _CHILDREN_PER_BAD_ROW)
        if position == _CHILDREN_PER_BAD_ROW // 2:
            due = bad_row
        rows = rows_of_adults(_child(school, child), child.adults)
        # An only child, so that no sibling's good row can replace the one set aside.
        if due is not None and len(rows) > 1 and not child.siblings:
            column, value = _SPOILT[due % len(_SPOILT)]
            rows[-1][COLUMNS.index(column)] = value
            due = None
        yield from rows


def _write(path: Path, school: DemoSchool, city: DemoFamilies, children_before: int) -> Path:
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(roll_rows(school, city, children_before))
    unfinished.replace(path)
    return path


def _child(school: DemoSchool, child: DemoChild) -> list[str]:
    return [school.urn, child.pupil_id, child.year_group, child.class_name]


def rows_of_adults(child: Sequence[str], adults: Sequence[Adult]) -> list[list[str]]:
    """A row for each adult of a child. `child` has the first four columns: school, own id, year, class."""
    return [_row(child, adult) for adult in adults]


def _row(child: Sequence[str], adult: Adult) -> list[str]:
    address = list(adult.address) + [""] * (_ADDRESS_LINES - len(adult.address))
    return [
        *child,
        adult.name,
        adult.relationship,
        adult.responsibility,
        adult.has_care,
        str(adult.priority),
        adult.restriction,
        "yes" if adult.objects else "no",
        adult.email,
        adult.mobile,
        *address,
        adult.postcode,
        adult.language,
        adult.format,
        adult.channel,
    ]
