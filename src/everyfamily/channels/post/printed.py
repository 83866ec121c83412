"""What of a letter is in the print folder for one school: which file each copy was printed from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from everyfamily.channels.base import Kind
from everyfamily.channels.post.hand_out import kind_of, place_of
from everyfamily.channels.post.manifests import LISTS, digest_of, manifests_in, rows_of
from everyfamily.core.errors import EveryfamilyError


class PrintFilesNotHere(EveryfamilyError):
    """The files to print are not in the print folder that this process reads, or not as they were printed."""

    code = "EF636"


@dataclass(frozen=True, slots=True)
class Printed:
    """One copy. `file` is the letter in its version, language and format, which many copies share."""

    kind: Kind
    file: Path
    digest: str


def has_printed(root: Path, school_keys: Iterable[str]) -> bool:
    """Whether there is a folder for the letter and the school, under any of its keys (`Body.school_key`)."""
    return any((place_of(root, key) / LISTS).is_dir() for key in school_keys)


def printed_copies(root: Path, school_keys: Iterable[str]) -> dict[str, Printed]:
    """The copies that count, by reference. Raises PrintFilesNotHere if the folder cannot be read."""
    found = {}
    try:
        for key in school_keys:
            place = place_of(root, key)
            for _, data in manifests_in(place / LISTS):
                for row in rows_of(data):
                    # A bare name, so that a manifest leads nowhere else.
                    file = place / Path(row["file"]).name
                    found[row["reference"]] = Printed(kind_of(row), file, row["sha256"])
    except OSError as problem:
        raise _not_here() from problem
    return found


def letters_of(copies: Iterable[Printed]) -> dict[Kind, bytes]:
    """One copy of the letter of each kind. Raises PrintFilesNotHere unless each is what was printed."""
    letters = {}
    for one in copies:
        if one.kind in letters:
            continue
        try:
            data = one.file.read_bytes()
        except OSError as problem:
            raise _not_here() from problem
        if digest_of(data) != one.digest:
            raise PrintFilesNotHere(
                "A file in the print folder is not the one that was put there.",
                "Do not hand out what was printed from it, and ring the partnership.",
            )
        letters[one.kind] = data
    return letters


def _not_here() -> PrintFilesNotHere:
    return PrintFilesNotHere(
        "The files to print are not on the machine that serves this page.",
        "Ask the partnership for your school’s print folder.",
    )
