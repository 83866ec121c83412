"""Lists of schools come in here: the national list, and the partnership's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from everyfamily.core.errors import Place
from everyfamily.core.gias import read_gias
from everyfamily.core.roll import SetAside
from everyfamily.core.rolls.zips import is_zip
from everyfamily.core.school_changes import national_difference
from everyfamily.core.school_file import SchoolSheet, SchoolsNotReadable
from everyfamily.core.school_list import FORMAT, is_own_list, own_difference, read_school_list
from everyfamily.core.school_record import SchoolChanges, SchoolRecord
from everyfamily.people.actions.school_changes import change_schools
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
    """Type of establishment -> how many are no schools of the area."""
    without_links: bool = False


def import_schools(
    path: Path,
    *,
    areas: Collection[int] = (),
    links: Path | None = None,
    dry_run: bool = False,
    by: str,
    now: datetime,
) -> SchoolsImport:
    """Read a list of schools and, unless `dry_run`, commit what it changes; the file's header says which list.

    `areas` are codes of local authorities; without any, those of the schools that are known. `links` is the links
    file, where it is not in the zip file. Raises SchoolsNotReadable or ZipRefused, and then nothing went in.
    """
    data = _bytes_of(path)
    link_file = None if links is None else (_bytes_of(links), links.name)
    digest = hashlib.sha256(data).hexdigest()

    def change(difference: _Difference) -> SchoolChanges:
        return change_schools(difference, file_digest=digest, dry_run=dry_run, by=by, now=now)

    if not is_zip(data) and is_own_list(SchoolSheet(data, path.name).header):
        listed = read_school_list(data, file=path.name, today=now.astimezone(_LONDON).date())
        changes = change(lambda known: own_difference(known, listed))
        aside = (*listed.set_aside, *changes.set_aside)
        return SchoolsImport(FORMAT, listed.rows, len(listed.schools), changes, aside)
    national = read_gias(data, file=path.name, areas=areas or school_areas(), links=link_file)
    changes = change(lambda known: national_difference(known, national))
    return SchoolsImport(
        format=national.format,
        rows=national.rows,
        schools=national.schools,
        changes=changes,
        set_aside=tuple(national.set_aside),
        left_out=national.left_out,
        without_links=national.links is None,
    )


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise SchoolsNotReadable(
            "The file cannot be opened.", "Check its name and that you may read it.", Place(path.name)
        ) from problem
