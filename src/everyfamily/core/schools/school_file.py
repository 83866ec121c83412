"""A list of schools as a file: bytes -> rows of the wanted cells, one after the other.

A national extract has 52,000 rows of 140 columns. It is decoded and split as it is read, and only the wanted cells of a
row are ever kept.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from everyfamily.core.errors import EveryfamilyError, SourceLocation

_PIECE = 1 << 20
_LAST = 4


class SchoolsNotReadable(EveryfamilyError):
    """The file as a whole cannot be read, and nothing in it is imported."""

    code = "EF220"


class NotAListOfSchools(SchoolsNotReadable):
    """The file can be read but is not a list of schools that is known here."""

    code = "EF221"


@dataclass(frozen=True, slots=True)
class Cells:
    """The wanted cells of one row, with the sheet's own number: the header is row 1."""

    row: int
    by_name: dict[str, str]
    """Trimmed. If the file or the row does not have a column, it is blank."""
    whole: bool
    """It has no value beyond the header's columns, and reaches the columns that are required."""


class SchoolSheet:
    """A CSV file: its header at once, and its rows as they are asked for."""

    def __init__(self, data: bytes, file: str) -> None:
        """Raises SchoolsNotReadable if the file is empty, not text, or its header cannot be read."""
        self._file = file
        self._encoding = _encoding(data, file)
        self._ends_a_line = data[-8:].rstrip(b" \t\x1a")[-1:] in (b"\n", b"\r")
        self._text = io.TextIOWrapper(io.BytesIO(data), encoding=self._encoding, newline="")
        self._reader = csv.reader(self._text, strict=True)
        try:
            self.header: tuple[str, ...] = tuple(name.strip() for name in next(self._reader, []))
        except (csv.Error, UnicodeDecodeError) as problem:
            raise self._broken() from problem

    @property
    def place(self) -> SourceLocation:
        """Where reading stands, for an error."""
        return SourceLocation(self._file, max(1, self._reader.line_num))

    def rows(self, wanted: Sequence[str], must: Sequence[str]) -> Iterator[Cells]:
        """The rows that are not blank. Raises SchoolsNotReadable if the file is broken or cut off."""
        index = {name: self.header.index(name) for name in wanted if name in self.header}
        reach = max(index[name] for name in must)
        width, length = len(self.header), 0
        try:
            for number, values in enumerate(self._reader, start=2):
                if not any(value.strip() for value in values):
                    continue
                length = len(values)
                cells = {n: values[at].strip() if at < length else "" for n, at in index.items()}
                beyond = any(value.strip() for value in values[width:])
                yield Cells(number, cells, whole=length > reach and not beyond)
        except (csv.Error, UnicodeDecodeError) as problem:
            raise self._broken() from problem
        if 0 < length < width and not self._ends_a_line:
            raise SchoolsNotReadable(
                "The file is cut off: its last row has fewer cells than the header and no line end.",
                "Download it again, and wait until the download has ended.",
                self.place,
            )

    def _broken(self) -> SchoolsNotReadable:
        return SchoolsNotReadable(
            "The file cannot be read from here on: a quotation mark is not closed, or a letter is not text.",
            "Download it again, and do not edit it by hand.",
            self.place,
        )


def _encoding(data: bytes, file: str) -> str:
    """UTF-8, or the Windows encoding that the Department for Education writes (ISO-8859-1 would mangle quotes)."""
    if not data or data.isspace():
        raise SchoolsNotReadable("The file is empty.", "Download it again.", SourceLocation(file, 1))
    if data[:_LAST] == b"PK\x03\x04" or b"\x00" in data[:_PIECE]:
        raise SchoolsNotReadable(
            "The file is not a CSV file: it looks like a workbook or another binary file.",
            "Import the CSV file, or the zip file as it was downloaded.",
            SourceLocation(file, 1),
        )
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        if problem.reason == "unexpected end of data" and not data[:-_LAST].isascii():
            # Every character before it is UTF-8. In another encoding, each name would come out garbled.
            raise SchoolsNotReadable(
                "The file is cut off in the middle of a letter.",
                "Download it again, and wait until the download has ended.",
                SourceLocation(file),
            ) from problem
        return "cp1252"
    return "utf-8-sig"
