"""The department's published figures, as its CSV files print them: one number for each school, or for each area.

Three data sets: *Schools, pupils and their characteristics*, school level (the January census), and the two termly
returns of councils, on children educated at home and on children missing education. They are long: a row for each
breakdown, with millions of rows for England. Only the totals of the wanted areas are kept, for the newest term. Columns
are found by name. The returns had other names until 2024/25, and both are known.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, get_args

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.schools.official_figures import LARGEST

What = Literal["school census", "home educated", "missing education"]
"""What a file counts. The last two are also kinds of list that a council holds (school_kinds.py)."""
WHATS: tuple[What, ...] = get_args(What)


class OfficialFileNotReadable(EveryfamilyError):
    """The file is not one of the published files that are known here, is broken, or has nothing for the area."""

    code = "EF229"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """The total of one school, or of one area."""

    row: int
    area: int
    """Code of the local authority, three digits."""
    name: str
    """The name of the school or the area."""
    urn: int | None
    """None if the file prints no whole number: the department's own preview writes 1e+05."""
    dfe_number: str
    """Seven digits, or blank for an area."""
    children: int | None
    """None if no number is published."""
    instead: str
    """What is printed instead of a number: x, z, c or low."""
    as_of: date
    """The day of the census."""
    source: str
    """ "school census, January 2026"."""


@dataclass(slots=True)
class OfficialFigures:
    """What one file says about the wanted areas."""

    what: What
    rows: int = 0
    figures: list[PublishedFigure] = field(default_factory=list)
    """For the newest term or year in the file, one for each school or area, in the file's order."""
    contradicting: list[PublishedFigure] = field(default_factory=list)
    """A second total for the same school and term with another number. Neither is used."""


_CENSUS = ("school_urn", "school_laestab", "school_name", "old_la_code", "pupil_count", "time_period")
_RETURN = ("old_la_code", "la_name", "time_period", "time_identifier")
_RENAMED = {"filter_group": "breakdown_topic", "filter": "breakdown", "number": "child_count"}
"""Columns of the returns until 2024/25, and their names since."""
_BREAKDOWNS = ("attendance_pattern", "sex", "breakdown_topic", "breakdown")
_LEVELS = {"school census": "school", "home educated": "local authority", "missing education": "local authority"}
_DOWNLOAD = "Download the data set again as CSV (docs/howto/import-schools.md names the three)."
_BY_NAME: Mapping[str, What] = {"ehe": "home educated", "cme": "missing education"}


def read_official(
    lines: Iterable[str], *, file: str, areas: Collection[int], what: What | None = None
) -> OfficialFigures:
    """Read a published file, line by line, for the `areas` (codes of local authorities).

    The two returns have the same columns. `what`, or the file's name (ehe..., cme...), says which one it is. Raises
    OfficialFileNotReadable, also if the file has nothing about the areas.
    """
    reader = csv.reader(lines, strict=True)
    try:
        header = [_RENAMED.get(name, name) for name in (cell.strip().lower() for cell in next(reader, []))]
        found = OfficialFigures(_what(header, file, what))
        _keep_newest(found, _totals(reader, header, found, frozenset(areas), file))
    except (csv.Error, UnicodeDecodeError) as problem:
        raise OfficialFileNotReadable(
            "The file cannot be read from here on: it is cut off, or is not text in UTF-8.",
            _DOWNLOAD,
            SourceLocation(file, max(1, reader.line_num)),
        ) from problem
    if not found.figures and not found.contradicting:
        codes = ", ".join(str(code) for code in sorted(areas))
        raise OfficialFileNotReadable(
            f"The file has no total for the area {codes}.",
            "Check the code of your local authority, and download all areas.",
            SourceLocation(file),
        )
    return found


def _what(header: list[str], file: str, said: What | None) -> What:
    if all(name in header for name in _CENSUS):
        return "school census"
    if not all(name in header for name in (*_RETURN, "breakdown_topic", "breakdown", "child_count")):
        raise OfficialFileNotReadable(
            "The file is not one of the department's published counts that can be read here.",
            _DOWNLOAD,
            SourceLocation(file, 1),
        )
    if said is not None and said != "school census":
        return said
    for part, what in _BY_NAME.items():
        if re.match(rf"{part}(?![a-z])", file.lower()):
            return what
    raise OfficialFileNotReadable(
        "The file is a termly return of councils, and does not say which: the two have the same columns.",
        'Say it: "home educated" or "missing education".',
        SourceLocation(file, 1),
    )


def _totals(
    reader: Iterator[list[str]], header: list[str], found: OfficialFigures, areas: frozenset[int], file: str
) -> Iterator[tuple[str, PublishedFigure]]:
    """The school or area, and its total. For a row outside the areas, this takes only one comparison."""
    at = {name: place for place, name in enumerate(header)}
    wanted, area_at, width = {str(area) for area in areas}, at["old_la_code"], len(header)
    total_at = [at[name] for name in _BREAKDOWNS if name in at]
    level_at, level = at.get("geographic_level"), _LEVELS[found.what]
    for row, cells in enumerate(reader, start=2):
        found.rows += 1
        if len(cells) != width:
            if cells:
                raise OfficialFileNotReadable(
                    "A row has more or fewer cells than the headings.", _DOWNLOAD, SourceLocation(file, row)
                )
            continue
        if cells[area_at].strip() not in wanted:
            continue
        if level_at is not None and cells[level_at].strip().lower() != level:
            continue
        if all(cells[place].strip().lower() == "total" for place in total_at):
            yield _figure(
                found.what, {name: cells[place].strip() for name, place in at.items()}, SourceLocation(file, row)
            )


def _figure(what: What, cells: dict[str, str], place: SourceLocation) -> tuple[str, PublishedFigure]:
    area = int(cells["old_la_code"])
    as_of = _census_day(what, cells["time_period"], cells.get("time_identifier", ""))
    if as_of is None:
        raise OfficialFileNotReadable("A total does not say which year and term it is of.", _DOWNLOAD, place)
    if what == "school census":
        dfe = re.sub(r"\D", "", cells["school_laestab"])
        urn, name, number = _urn(cells["school_urn"]), cells["school_name"], cells["pupil_count"]
        key = dfe or str(urn)
    else:
        dfe, urn, name, number, key = "", None, cells["la_name"], cells["child_count"], str(area)
    children = _number(number)
    instead = number[:20] if children is None else ""
    return key, PublishedFigure(
        place.line, area, name[:200], urn, dfe, children, instead, as_of, _source(what, as_of)
    )


def _keep_newest(found: OfficialFigures, totals: Iterator[tuple[str, PublishedFigure]]) -> None:
    newest: dict[str, PublishedFigure] = {}
    twice: set[str] = set()
    for key, figure in totals:
        known = newest.get(key)
        if known is None or known.as_of < figure.as_of:
            newest[key] = figure
            twice.discard(key)
        elif known.as_of == figure.as_of and known.children != figure.children:
            twice.add(key)
            found.contradicting.append(figure)
    # A school that is only in an older year has gone, because the newest term says nothing about it.
    last = max((one.as_of for one in newest.values()), default=None)
    found.figures = [one for key, one in newest.items() if one.as_of == last and key not in twice]
    found.contradicting = [one for one in found.contradicting if one.as_of == last]


def _census_day(what: What, period: str, term: str) -> date | None:
    """The day of the census, or None if a row does not give its year or term.

    "202526" is the school year from 2025 to 2026. Census days are the first Thursday of October, and the third
    Thursdays of January and May.
    """
    if not re.fullmatch(r"20\d{4}", period):
        return None
    autumn = int(period[:4])
    season = "spring" if what == "school census" else term.split(" ", 1)[0].lower()
    if season == "autumn":
        return _thursday(autumn, 10, 1)
    month = {"spring": 1, "summer": 5}.get(season)
    return None if month is None else _thursday(autumn + 1, month, 3)


def _source(what: What, day: date) -> str:
    if what == "school census":
        return f"school census, January {day.year}"
    season = {10: "autumn", 1: "spring", 5: "summer"}[day.month]
    of = "home education" if what == "home educated" else "children missing education"
    return f"return on {of}, {season} {day.year}, to the nearest 10"


def _thursday(year: int, month: int, number: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 7 * (number - 1))


def _urn(cell: str) -> int | None:
    match = re.fullmatch(r"(\d{5,7})(?:\.0)?", cell)
    return None if match is None else int(match[1])


def _number(cell: str) -> int | None:
    digits = cell.replace(",", "")
    if not re.fullmatch(r"\d{1,7}", digits) or int(digits) > LARGEST:
        return None
    return int(digits)
