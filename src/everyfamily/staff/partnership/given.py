"""The file and the drawings that somebody gave in a form: read once, and refused in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.versions import (
    MOST_DRAWING,
    MOST_TEXT,
    FileTooLong,
    PartnershipFiles,
    files_given,
)
from everyfamily.staff.check.asked import shown_name

MOST_DRAWINGS = 6
"""Three bodies have a logo and a signature each."""
_BYTES = 4
"""That one character takes at most."""
_FILE = "partnership.toml"


class NoFileGiven(EveryfamilyError):
    """The form was sent without a file."""

    code = "EF434"


class DrawingNotNamed(EveryfamilyError):
    """A drawing that the file does not use."""

    code = "EF435"


def read_given(
    file: UploadedFile[bytes] | None, drawings: Sequence[UploadedFile[bytes]], kept: Mapping[str, str]
) -> tuple[PartnershipFiles, Partnership]:
    """What was given, with drawings `kept` where none was given.

    Raises NoFileGiven, DrawingNotNamed, FileTooLong and what `load_partnership` raises.
    """
    if file is None:
        raise NoFileGiven("There is no file yet.", "Choose the partnership’s file.")
    if len(drawings) > MOST_DRAWINGS:
        raise DrawingNotNamed(
            f"There are {len(drawings)} drawings. A partnership has at most {MOST_DRAWINGS}.",
            "Choose only those that are new.",
        )
    given = {shown_name(one.name): _bytes_of(one, MOST_DRAWING) for one in drawings}
    files, partnership = files_given(_bytes_of(file, MOST_TEXT), _FILE, given, kept)
    for name in given.keys() - dict(files.drawings).keys():
        raise DrawingNotNamed(
            f"The file does not name the drawing “{name}”.",
            "Write its name in the file, under logo or signature, or leave it out.",
        )
    return files, partnership


def _bytes_of(file: UploadedFile[bytes], most: int) -> bytes:
    if file.size is None or file.size > most * _BYTES:
        raise FileTooLong(
            f"The file is too large. At most {most:,} characters are read.",
            "Check that this is the file you meant.",
            SourceLocation(shown_name(file.name)),
        )
    return bytes(file.read())
