"""Lists of schools are imported here: the national list, and the partnership's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from everyfamily.core.actors import Actor
from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.whole_files import NotAFile, TooLarge, bytes_of, opened
from everyfamily.core.files.zips import is_zip
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.schools.gias import read_gias
from everyfamily.core.schools.gias_rows import NotASchool
from everyfamily.core.schools.school_differences import national_difference
from everyfamily.core.schools.school_file import SchoolSheet, SchoolsNotReadable
from everyfamily.core.schools.school_list import (
    FORMAT,
    ListedSchool,
    is_own_list,
    own_difference,
    read_school_list,
)
from everyfamily.core.schools.school_record import SchoolChanges, SchoolRecord
from everyfamily.core.text.dates import day_in_words
from everyfamily.people.actions.schools.school_changes import ListFile, change_schools, day_of_last_list
from everyfamily.people.queries import school_areas

_LONDON = ZoneInfo("Europe/London")

type _Difference = Callable[[list[SchoolRecord]], SchoolChanges]


@dataclass(frozen=True, slots=True)
class SchoolsImport:
    """What a list of schools did, or would do."""

    format: str
    rows: int
    """Rows about the area."""
    schools: int
    """Schools of the area in the file that are not closed."""
    changes: SchoolChanges
    set_aside: tuple[SetAside, ...]
    left_out: dict[str, int] = field(default_factory=dict)
    """Type of establishment -> how many are not schools of the area."""
    without_links: bool = False
    areas: dict[int, str] = field(default_factory=dict)
    """Code and name of the areas that were looked for in the national list."""
    areas_said: bool = True
    """Whether somebody said which areas. If not, they are those of the known schools, or the only one in the file."""
    not_schools: tuple[NotASchool, ...] = ()
    """Rows that did not become a school."""
    names: dict[int, str] = field(default_factory=dict)
    """Row -> URN and name of the school in it."""


class ListIsOlder(SchoolsNotReadable):
    """A newer list for the same area has been imported, and this one would undo what has happened since."""

    code = "EF224"


_LARGEST = 200_000_000
"""Bytes: three times the national list."""


def import_schools(
    path: Path,
    *,
    areas: Collection[int] = (),
    links: Path | None = None,
    although_older: bool = False,
    dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> SchoolsImport:
    """Read a list of schools from a file, as `import_schools_data` does."""
    return import_schools_data(
        _bytes_of(path),
        path.name,
        areas=areas,
        links=None if links is None else (_bytes_of(links), links.name),
        although_older=although_older,
        dry_run=dry_run,
        by=by,
        now=now,
    )


def import_schools_data(
    data: bytes,
    name: str,
    *,
    areas: Collection[int] = (),
    links: tuple[bytes, str] | None = None,
    although_older: bool = False,
    dry_run: bool = False,
    by: Actor,
    now: datetime,
) -> SchoolsImport:
    """Read a list of schools and, unless `dry_run`, commit what it changes. The file's header says which list it is.

    `name` is what the file is called. `areas` are codes of local authorities. Without any, the areas of the known
    schools are used. `links` are the bytes and the name of the links file, if it is not in the zip file. Raises
    SchoolsNotReadable (ListIsOlder, unless `although_older`) or ZipRefused, and then nothing was imported.
    """
    digest = hashlib.sha256(data).hexdigest()

    def change(difference: _Difference, file: ListFile) -> SchoolChanges:
        return change_schools(difference, file=file, dry_run=dry_run, by=by, now=now)

    if not is_zip(data) and is_own_list(SchoolSheet(data, name).header):
        listed = read_school_list(data, file=name, today=now.astimezone(_LONDON).date())
        changes = change(lambda known: own_difference(known, listed), ListFile(digest))
        aside = (*listed.set_aside, *changes.set_aside)
        lost = {problem.row: problem.code for problem in aside if problem.whole_row}
        rows = {row.row: row for row in listed.schools}
        return SchoolsImport(
            FORMAT,
            listed.rows,
            listed.rows - len(lost),
            changes,
            aside,
            not_schools=tuple(_not_a_school(row, code, rows.get(row)) for row, code in sorted(lost.items())),
            names={row.row: f"{row.urn} {row.name or ''}".strip() for row in listed.schools},
        )
    national = read_gias(data, file=name, areas=areas, areas_known=school_areas(), links=links)
    file = ListFile(digest, national.of, tuple(sorted(national.areas)))

    def difference(known: list[SchoolRecord]) -> SchoolChanges:
        if not although_older:
            _require_not_older(file, name)
        return national_difference(known, national)

    changes = change(difference, file)
    return SchoolsImport(
        format=national.format,
        rows=national.rows,
        schools=national.schools,
        changes=changes,
        set_aside=tuple(national.set_aside),
        left_out=national.left_out,
        without_links=national.links is None,
        areas={code: national.area_names.get(code, "") for code in sorted(national.areas)},
        areas_said=bool(areas),
        not_schools=tuple(national.not_schools),
        names={one.row: f"{one.urn} {one.name}" for one in national.establishments},
    )


def _not_a_school(row: int, code: str, listed: ListedSchool | None) -> NotASchool:
    urn, name = (None, "") if listed is None else (listed.urn, listed.name or "")
    return NotASchool(row, urn, name, code)


def _require_not_older(file: ListFile, name: str) -> None:
    last = day_of_last_list(file.areas)
    if file.of is not None and last is not None and file.of < last:
        raise ListIsOlder(
            f"The list is of {day_in_words(file.of)}, and one of {day_in_words(last)} has come in.",
            "Download today's."
            " To go back on purpose, look first at what would change, and say that you take an older list.",
            SourceLocation(name),
        )


def open_list(path: Path) -> BinaryIO:
    """Open a list as it was downloaded. Raises SchoolsNotReadable if it is not a file or may not be read."""
    try:
        return opened(path)
    except OSError as problem:
        raise _not_read(problem, path) from problem


def _bytes_of(path: Path) -> bytes:
    try:
        return bytes_of(path, most=_LARGEST)
    except OSError as problem:
        raise _not_read(problem, path) from problem


def _not_read(problem: OSError, path: Path) -> SchoolsNotReadable:
    place = SourceLocation(path.name)
    if isinstance(problem, NotAFile):
        return SchoolsNotReadable(
            "This is a folder, a pipe or a device, not a file.", "Give the file as downloaded.", place
        )
    if isinstance(problem, TooLarge):
        return SchoolsNotReadable(
            f"The file is larger than {_LARGEST // 1_000_000} MB.", "Give the list as downloaded.", place
        )
    return SchoolsNotReadable("The file cannot be opened.", "Check its name and that you may read it.", place)
