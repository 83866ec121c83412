"""Get Information about Schools: the national list, as its results zip or as the CSV files in it.

`edubasealldata*.csv` has one row for each establishment in England and 140 columns that change from year to year.
Columns are found by their name, and only rows of the wanted areas are kept. `links_edubasealldata*.csv` says which
establishment follows which. A row that cannot be used is set aside under the sheet's own row number with a code and a
sentence. A value that cannot be read is set aside by itself, and what is known stays.

Source of names, codes and dates: Department for Education, Get Information about Schools (Open Government Licence).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from zipfile import ZipFile

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.zips import check_zip, is_zip, read_entry
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.schools.gias_rows import (
    AREA,
    AREA_NAME,
    NAME,
    REQUIRED,
    URN,
    WANTED,
    Establishment,
    EstablishmentRow,
    NotASchool,
    RowSetAside,
)
from everyfamily.core.schools.school_cells import day, line_of_text, whole_number
from everyfamily.core.schools.school_file import Cells, NotAListOfSchools, SchoolSheet, SchoolsNotReadable
from everyfamily.core.schools.school_kinds import ON_ROLL, establishment_types

_LINKS = ("URN", "LinkURN", "LinkType")
_LINK_DATE = "LinkEstablishedDate"
_LARGEST_AREA = 999
_LONGEST_AREA = 200
_AREAS_NAMED = 6
_DAY_IN_NAME = re.compile(r"edubaseall[a-z]*([0-9]{4})([0-9]{2})([0-9]{2})")
_SEVERAL = ("merg", "amalgam", "split")
"""Words in a link's type that mean that there is more than one establishment on one side of it."""


class AreaNotSaid(SchoolsNotReadable):
    """The file has the schools of more than one area, and nobody said which are wanted."""

    code = "EF222"


class NoSchoolsOfTheArea(SchoolsNotReadable):
    """The file has no establishment in the wanted areas."""

    code = "EF223"


@dataclass(frozen=True, slots=True)
class Link:
    """`new` follows `old`."""

    old: int
    new: int
    several: bool = False
    """The file calls it a merger or a split."""
    on: date | None = field(default=None, compare=False)


@dataclass(slots=True)
class NationalList:
    """What a file says about the wanted areas."""

    format: str = "Get Information about Schools, CSV"
    of: date | None = None
    """The day in the file's name."""
    rows: int = 0
    """Rows of the areas, including those set aside."""
    areas: frozenset[int] = frozenset()
    establishments: list[Establishment] = field(default_factory=list)
    links: frozenset[Link] | None = None
    """None: the file came without its links, so a conversion cannot be distinguished from a closure."""
    seen: set[int] = field(default_factory=set)
    """Every URN of the areas that is in the file, whatever happened to its row."""
    set_aside: list[SetAside] = field(default_factory=list)
    not_schools: list[NotASchool] = field(default_factory=list)
    """Rows of the areas that did not become a school."""
    area_names: dict[int, str] = field(default_factory=dict)
    """For every area in the file, as it names them. Blank if it does not."""

    @property
    def schools(self) -> int:
        """Establishments that are schools of the area, today or from a future day."""
        return sum(one.kind is not None and one.status != "closed" for one in self.establishments)

    @property
    def left_out(self) -> dict[str, int]:
        """How many open establishments of each type are not schools of the area."""
        counts: dict[str, int] = {}
        for one in self.establishments:
            if one.kind is None and one.status in ON_ROLL:
                name = establishment_types()[one.type_code].name
                counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items()))


def is_national_list(data: bytes, file: str) -> bool:
    """Whether a file looks like the national list: a zip file, or a CSV file with its columns."""
    return is_zip(data) or {URN, NAME} <= set(SchoolSheet(data, file).header)


def read_gias(
    data: bytes,
    *,
    file: str,
    areas: Collection[int] = (),
    areas_known: Collection[int] = (),
    links: tuple[bytes, str] | None = None,
) -> NationalList:
    """Read the national list: the results zip, or the CSV file, with `links` (bytes, name) given separately.

    Links that are given count in addition to those in the zip file. `areas` are codes of local authorities. Without
    any, `areas_known` (those of the known schools) are used, and without those the file must be of one area. Raises
    SchoolsNotReadable, or ZipRefused (core/files/zips.py).
    """
    found = NationalList(of=_day_in(file))
    inside = None
    if is_zip(data):
        archive = check_zip(data, file)
        name = _main(archive, file)
        data, inside = read_entry(archive, name), _links_in(archive)
        found.format, found.of = "Get Information about Schools, zip", _day_in(name)
    _read_establishments(found, SchoolSheet(data, file), file, frozenset(areas or areas_known))
    if not found.establishments:
        raise _no_schools(found, file, areas, areas_known)
    for source in (inside, links):
        if source is not None:
            found.links = frozenset({*(found.links or ()), *_read_links(found, *source)})
    return found


def _day_in(name: str) -> date | None:
    found = _DAY_IN_NAME.search(_base(name))
    return day("-".join(found.groups())) if found else None


def _links_in(archive: ZipFile) -> tuple[bytes, str] | None:
    name = next((n for n in archive.namelist() if _base(n).startswith("links_edubaseall")), None)
    return None if name is None else (read_entry(archive, name), _base(name))


def _main(archive: ZipFile, file: str) -> str:
    names = [n for n in archive.namelist() if _base(n).startswith("edubaseall") and _base(n).endswith(".csv")]
    if len(names) == 1:
        return names[0]
    if "xl/workbook.xml" in archive.namelist():
        raise NotAListOfSchools(
            "The file is a workbook.", "Save it as CSV UTF-8 and import that.", SourceLocation(file)
        )
    raise NotAListOfSchools(
        "The zip file does not have exactly one list of establishments (edubasealldata and a date).",
        "Download all establishment data, with the links, from Get Information about Schools.",
        SourceLocation(file),
    )


def _base(name: str) -> str:
    return PurePosixPath(name).name.lower()


def _read_establishments(found: NationalList, sheet: SchoolSheet, file: str, areas: frozenset[int]) -> None:
    _check_header(sheet, file)
    for cells in sheet.rows(WANTED, REQUIRED):
        area = whole_number(cells.by_name[AREA])
        if area is None or area > _LARGEST_AREA:
            message = f"{AREA} is not a number of three digits: which area is not known."
            found.set_aside.append(SetAside(cells.row, "LA_NOT_A_NUMBER", message))
            found.not_schools.append(_set_aside(cells, "LA_NOT_A_NUMBER"))
            found.seen |= {whole_number(cells.by_name[URN]) or 0}
            continue
        found.area_names.setdefault(area, line_of_text(cells.by_name.get(AREA_NAME, ""), _LONGEST_AREA) or "")
        if areas and area not in areas:
            continue
        found.areas |= {area}
        if not areas and len(found.areas) > 1:
            raise AreaNotSaid(
                "The file has the schools of more than one local authority.",
                "Say which by their codes, such as 341.",
                SourceLocation(file, cells.row),
            )
        found.rows += 1
        _take(found, cells, area)


def _no_schools(
    found: NationalList, file: str, areas: Collection[int], areas_known: Collection[int]
) -> NoSchoolsOfTheArea:
    """Which area was looked for, why that one, and which areas the file has."""
    wanted = sorted(areas or areas_known)
    which = " or ".join(map(str, wanted))
    if areas:
        fact = f"The file has no establishment of area {which} (as you said) that can be read."
    elif areas_known:
        fact = (
            f"The file has no establishment of area {which}, which was looked for because you named no area and the "
            "schools known here are of it."
        )
    else:
        fact = "The file has no establishment that can be read."
    others = [f"{code}{f' ({name})' if name else ''}" for code, name in sorted(found.area_names.items())]
    fix = "Check the local authority's code, and that the whole file was downloaded."
    if others and len(others) <= _AREAS_NAMED:
        fix = f"The file has area {', '.join(others)}: say which you want, or download your own."
    elif others:
        fix = f"The file has {len(others)} other areas: say yours by its code, such as 341."
    return NoSchoolsOfTheArea(fact, fix, SourceLocation(file))


def _check_header(sheet: SchoolSheet, file: str) -> None:
    place = SourceLocation(file, 1)
    if set(_LINKS) <= set(sheet.header):
        raise NotAListOfSchools(
            "The file has links between establishments, but no establishments.",
            "Import the list of establishments, and give this file beside it.",
            place,
        )
    missing = [name for name in REQUIRED if name not in sheet.header]
    if missing:
        raise NotAListOfSchools(
            f"The header has no column {' and no column '.join(missing)}, so this is not the national list.",
            "Download all establishment data from Get Information about Schools, or use our template "
            "(docs/howto/import-schools.md).",
            place,
        )
    twice = [name for name in WANTED if sheet.header.count(name) > 1]
    if twice:
        raise NotAListOfSchools(f"The column {twice[0]} is there twice.", "Keep one of the two.", place)


def _take(found: NationalList, cells: Cells, area: int) -> None:
    try:
        one, notes = EstablishmentRow(cells, area).read(found.seen)
    except RowSetAside as problem:
        found.set_aside.append(SetAside(cells.row, problem.code, problem.message))
        found.not_schools.append(_set_aside(cells, problem.code))
        return
    found.establishments.append(one)
    reason = _no_school_because(one)
    if reason:
        found.not_schools.append(NotASchool(one.row, one.urn, one.name, reason))
    # Slips in rows for establishments that closed long ago, or are left out anyway, are not anybody's work.
    if one.kind is not None and one.status != "closed":
        found.set_aside += notes


def _set_aside(cells: Cells, code: str) -> NotASchool:
    name = line_of_text(cells.by_name[NAME], _LONGEST_AREA) or ""
    return NotASchool(cells.row, whole_number(cells.by_name[URN]), name, code)


def _no_school_because(one: Establishment) -> str:
    if one.status == "closed":
        return "closed"
    return "" if one.kind is not None else establishment_types()[one.type_code].name


def _read_links(found: NationalList, data: bytes, file: str) -> Iterator[Link]:
    sheet = SchoolSheet(data, file)
    missing = [name for name in _LINKS if name not in sheet.header]
    if missing:
        raise NotAListOfSchools(
            f"The links file has no column {' and no column '.join(missing)}.",
            "Download the links with the list of establishments.",
            SourceLocation(file, 1),
        )
    for cells in sheet.rows((*_LINKS, _LINK_DATE), _LINKS):
        words = cells.by_name["LinkType"].lower()
        urn, other = (whole_number(cells.by_name[name]) for name in ("URN", "LinkURN"))
        if "successor" not in words and "predecessor" not in words:
            continue
        if urn is None or other is None:
            if found.seen & {urn, other} or urn is other is None:
                message = f"In {file}: URN or LinkURN is not a number, so a link is not known."
                found.set_aside.append(SetAside(cells.row, "LINK_NOT_READABLE", message))
            continue
        if found.seen.isdisjoint((urn, other)):
            continue
        old, new = (urn, other) if "successor" in words else (other, urn)
        yield Link(old, new, any(word in words for word in _SEVERAL), day(cells.by_name.get(_LINK_DATE, "")))
