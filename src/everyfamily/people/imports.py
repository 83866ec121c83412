"""Files of rolls come in here: read whole into memory, below a limit, from a file of this machine."""

from __future__ import annotations

import gc
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from everyfamily.core.errors import Place
from everyfamily.core.json_text import read_json
from everyfamily.core.roll import RollNotReadable, read_roll
from everyfamily.core.rolls.limits import FILE_BYTES
from everyfamily.core.rolls.mapping import ColumnMapping
from everyfamily.people.actions.roll_mappings import keep_mapping, saved_mapping
from everyfamily.people.actions.rolls import File, ImportReport, commit_roll, digest_of_file
from everyfamily.people.queries import school_by_urn


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """No search for reference cycles while one file is read: there are none, and it was a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_collector_at_rest()
def import_roll(
    path: Path,
    *,
    urn: int,
    by: str,
    now: datetime,
    mapping: ColumnMapping | None = None,
    save_mapping: bool = False,
    although_few_match: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Read one school's roll from a file and commit it.

    `mapping` says which heading means what; without it the one that the school saved counts, else it is read from
    the headings and values.
    `save_mapping` keeps it for the school's later files once this one is in. Raises RollNotReadable and what
    `commit_roll` raises; then nothing went in.
    """
    school = school_by_urn(urn)
    data = read_file(path)
    roll = read_roll(
        data,
        file=path.name,
        urn=school.urn,
        former_urns=school.former_urns,
        dfe_number=school.dfe_number,
        mapping=mapping or saved_mapping(school.id),
        demonstration=school.demonstration,
    )
    file = File(digest_of_file(data), by, now, although_few_match=although_few_match, dry_run=dry_run)
    report = commit_roll(school, roll, file)
    if save_mapping and mapping is not None and not (dry_run or report.held):
        keep_mapping(school.id, mapping, by=by, now=now)
    return report


def mapping_file(path: Path) -> ColumnMapping:
    """A mapping that a person wrote as JSON; raises RollNotReadable."""
    try:
        columns = read_json(read_file(path))
    except (ValueError, RecursionError) as problem:
        raise RollNotReadable(
            "The mapping is not JSON.", "docs/howto/import-a-roll.md shows one.", Place(path.name)
        ) from problem
    return ColumnMapping.from_json(columns)


def read_file(path: Path) -> bytes:
    """The bytes of a regular file; raises RollNotReadable for anything else, and for one over the limit."""
    place = Place(path.name)
    try:
        # A named pipe would make us wait for ever, and a device has no end.
        with os.fdopen(_regular(os.open(path, os.O_RDONLY | os.O_NONBLOCK), place), "rb") as file:
            data = file.read(FILE_BYTES + 1)
    except OSError as problem:
        raise RollNotReadable(
            "The file cannot be opened.", "Check its name and that you may read it.", place
        ) from problem
    if len(data) > FILE_BYTES:
        raise RollNotReadable(
            f"The file is larger than {FILE_BYTES // 1024**2} MB.",
            "Export one school's roll without pictures and notes.",
            place,
        )
    return data


def _regular(descriptor: int, place: Place) -> int:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise RollNotReadable(
            "This is a folder, a pipe or a device, not a file.", "Give the exported file itself.", place
        )
    return descriptor
