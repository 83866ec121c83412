"""Files of rolls come in here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from everyfamily.core.errors import Place
from everyfamily.core.roll import RollNotReadable, read_roll
from everyfamily.people.actions import ImportReport, commit_roll
from everyfamily.people.actions.rolls import digest_of_file
from everyfamily.people.queries import school_by_urn


def import_roll(path: Path, *, urn: int, by: str, now: datetime, demonstration: bool = False) -> ImportReport:
    """Read one school's roll from a file and commit it; raises RollNotReadable, and then nothing went in."""
    school = school_by_urn(urn)
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise RollNotReadable(
            "The file cannot be opened.", "Check its name and that you may read it.", Place(path.name)
        ) from problem
    roll = read_roll(data, file=path.name, urn=urn, demonstration=demonstration)
    return commit_roll(school.id, roll, file_digest=digest_of_file(data), by=by, now=now)
