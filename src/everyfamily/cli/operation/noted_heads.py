"""The heads of the audit chains, noted outside the database, next to the marker, by each check that finds them
complete.

So the next check notices an end that was cut off, even if nobody kept a note. Not in a demonstration, which begins with
an empty database next to an older folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from everyfamily.channels.kept_files import make_closed_folder
from everyfamily.cli.console.private_files import write_private
from everyfamily.core.audit_chain import Head, read_heads, write_heads
from everyfamily.core.files.text_files import decode, read_bytes
from everyfamily.mailings.actions.guards.older_database import is_simulated
from everyfamily.reports.audit_chains import heads_file


def noted_heads() -> dict[str, Head]:
    """What the last check noted, or nothing if there was none. Raises HeadsNotReadable."""
    return {} if is_simulated() or not heads_file().is_file() else heads_in(heads_file())


def heads_in(file: Path) -> dict[str, Head]:
    """The heads noted in a file. Raises HeadsNotReadable."""
    return read_heads(decode(read_bytes(file, file.name), file.name), source=file.name)


def note_heads(heads: Mapping[str, Head]) -> Path | None:
    """Note them for the next check. Returns where, or None if nothing may be written."""
    if is_simulated():
        return None
    try:
        make_closed_folder(heads_file().parent)
        write_private(heads_file(), write_heads(heads))
    except OSError:
        return None
    return heads_file()


def set_heads_aside() -> None:
    """After a restore: events are missing, and a person knows why."""
    if heads_file().is_file():
        heads_file().replace(heads_file().with_name(f"{heads_file().name}.before-restore"))
