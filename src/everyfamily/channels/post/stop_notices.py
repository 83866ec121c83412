"""A letter is withdrawn, and printed copies of it are waiting: a stop notice goes into each folder, for the people who
use it.

Nothing is removed, because a print house may already have the files, and the manifests say which letters they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from everyfamily.channels.post.addressed import derive
from everyfamily.channels.post.durable import put_what_differs
from everyfamily.channels.post.manifests import LISTS, NOTICE, manifests_in, rows_of

_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class StoppedPrint:
    """The part of a letter that is in a print folder for somebody else to send."""

    letters: int = 0
    """Addressed letters in the folders for a print house."""
    folders: int = 0
    """Those folders. Each now has a stop notice."""
    not_written: bool = False
    """A notice could not be written, so somebody must ring the print house."""


def stop_print(root: Path, reference: str, now: datetime) -> StoppedPrint:
    """Put a stop notice into each folder of a letter below the print folder `root`. This can be repeated."""
    letters = folders = 0
    try:
        for place in _folders(root / "post", reference, deep=True):
            rows = [row for _, data in manifests_in(place) for row in rows_of(data)]
            if _put(place, _for_the_print_house(reference, len(rows), now)):
                derive(place)
            letters, folders = letters + len(rows), folders + 1
        for place in _folders(root / "pupil-post", reference):
            copies = sum(len(rows_of(data)) for _, data in manifests_in(place / LISTS))
            _put(place, _for_the_office(reference, copies, now))
    except OSError:
        return StoppedPrint(letters, folders, not_written=True)
    return StoppedPrint(letters, folders)


def _put(place: Path, text: str) -> bool:
    """Whether it was not there yet. The day on it is that of the withdrawal."""
    if (place / NOTICE).exists():
        return False
    put_what_differs([(place / NOTICE, text.encode())])
    return True


def _folders(place: Path, reference: str, *, deep: bool = False) -> Iterator[Path]:
    if place.is_symlink() or not place.is_dir():
        return
    for one in sorted(place.iterdir()):
        if one.is_symlink() or not one.is_dir():
            continue
        if deep:
            yield from _folders(one, reference)
        elif one.name.startswith(f"{reference}_"):
            yield one


def _day(now: datetime) -> str:
    local = now.astimezone(_LONDON)
    return f"{local.day} {local:%B %Y, %H:%M}"


def _for_the_print_house(reference: str, letters: int, now: datetime) -> str:
    return f"""\
STOP: DO NOT PRINT OR POST

Letter {reference} was withdrawn on {_day(now)}. Something in it is wrong.

Print nothing more from this folder, and post nothing that is printed already. It holds {letters:,} letters.

Ring the people this folder came from today. Tell them which bundles you stopped, by the names of their .csv files, and
which have gone. Then destroy what is printed, and delete the files: they hold names and addresses.
"""


def _for_the_office(reference: str, copies: int, now: datetime) -> str:
    return f"""\
STOP: DO NOT HAND OUT

Letter {reference} was withdrawn on {_day(now)}. Something in it is wrong.

Print nothing more from this folder, and hand nothing out. {copies:,} copies were made for this school in all. Bin those
that are still in the building, and say which went home: the people this folder came from will ask you today.
"""
