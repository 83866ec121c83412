"""Reading a text file that a person wrote: UTF-8, not empty, not huge, with one plain sentence if it is not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import TooLarge, bytes_of

MAX_BYTES = 2_000_000
"""No pack, partnership or drawing is nearly this big. A bigger file is the wrong file."""


class TextFileUnreadable(EveryfamilyError):
    """The file cannot be read as text: missing, empty, too large or not UTF-8."""

    code: ClassVar[str] = "EF120"


def read_bytes(path: Path, shown_as: str) -> bytes:
    """Return the file's bytes. Raises TextFileUnreadable if it is missing, a folder or too large."""
    try:
        return bytes_of(path, most=MAX_BYTES)
    except TooLarge as error:
        raise TextFileUnreadable(
            "The file is larger than 2 MB.", "Check that this is the file you meant.", SourceLocation(shown_as)
        ) from error
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise TextFileUnreadable(
            f"The file cannot be read ({reason}).",
            "Check that it is there and that you may read it.",
            SourceLocation(shown_as),
        ) from error


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decode(raw: bytes, shown_as: str) -> str:
    """Decode UTF-8 (a byte order mark is dropped, and line ends become "\\n"). Raises TextFileUnreadable."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise TextFileUnreadable(
            "The file is not UTF-8 text.",
            'Save it again with the encoding "UTF-8"; the first wrong character is on this line.',
            SourceLocation(shown_as, line),
        ) from error
    if not text.strip():
        raise TextFileUnreadable(
            "The file is empty.", "Put the text back, or restore the file.", SourceLocation(shown_as)
        )
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise TextFileUnreadable(
            "The file has a control character in it.",
            "Delete the invisible character on this line.",
            SourceLocation(shown_as, line),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(path: Path, shown_as: str) -> str:
    """Read and decode one file; raises TextFileUnreadable."""
    return decode(read_bytes(path, shown_as), shown_as)
