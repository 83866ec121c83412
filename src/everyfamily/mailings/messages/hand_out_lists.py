"""The hand-out list that a school's office filled in: read to the last line, or refused with the line's number.

The messages about it never name an id, only the place.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.rolls.formats.text import decode
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.sending.fallback import AttemptStatus

MOST_BYTES = 4 * 1024 * 1024
MOST_LINES = 20_000
"""More children than any school has."""
_CELL = 500
_NEEDED = ("reference", "handed_over")

HANDED_OVER = AttemptStatus.DELIVERED
"""The school's word counts like a carrier's: the copy went home."""
NOT_HANDED_OVER = AttemptStatus.TEMPORARY_FAILURE
CAME_BACK = AttemptStatus.RETURNED

_WORDS = {
    **dict.fromkeys(("yes", "y", "true", "1", "x", "✓", "✔", "handed over"), HANDED_OVER),
    **dict.fromkeys(("no", "n", "false", "0", "not handed over"), NOT_HANDED_OVER),
    **dict.fromkeys(("returned", "came back", "back"), CAME_BACK),
}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y", "%d-%m-%Y")


class HandOutListNotReadable(EveryfamilyError):
    """The file is not a filled-in hand-out list, and nothing in it was recorded."""

    code = "EF651"


@dataclass(frozen=True, slots=True)
class Word:
    """What the school says about one copy. `line` is its line, and `on` the day, if it gave one."""

    line: int
    reference: str
    status: AttemptStatus
    on: date | None = None


def read_hand_out_list(data: bytes, *, file: str) -> list[Word]:
    """The words in a list. A line with a blank handed_over says nothing yet.

    Raises HandOutListNotReadable.
    """
    if len(data) > MOST_BYTES:
        raise HandOutListNotReadable(
            f"The file is larger than {MOST_BYTES // 1024**2} MB.",
            "Give the hand-out list of one school.",
            SourceLocation(file),
        )
    if data[:2] == b"PK":
        raise HandOutListNotReadable(
            "The file is a workbook.", "Save it as CSV and give that.", SourceLocation(file)
        )
    words: dict[str, Word] = {}
    for line, row in _rows(_text(data, file), file):
        word = _word(line, row, file)
        if word is None:
            continue
        before = words.setdefault(word.reference, word)
        if (before.status, before.on) != (word.status, word.on):
            raise HandOutListNotReadable(
                f"Lines {before.line} and {line} say different things about one copy.",
                "Keep the right one.",
                SourceLocation(file, line),
            )
    return list(words.values())


def _text(data: bytes, file: str) -> str:
    try:
        return decode(data, file)
    except RollNotReadable as problem:
        raise HandOutListNotReadable(
            "The file is empty, cut off or no text.", "Save the list again as CSV UTF-8.", problem.place
        ) from problem


def _rows(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    # Excel writes semicolons if the decimal mark is a comma.
    first = text.split("\n", 1)[0]
    separator = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip().lower().replace(" ", "_") for name in next(reader)]
        if missing := [name for name in _NEEDED if name not in header]:
            raise HandOutListNotReadable(
                f"The list has no column {missing[0]}.",
                "Fill in hand-out-list.csv as it is in the print folder, and keep its first line.",
                SourceLocation(file),
            )
        for row in reader:
            if reader.line_num > MOST_LINES or max(map(len, row), default=0) > _CELL:
                raise HandOutListNotReadable(
                    f"The list is longer than {MOST_LINES:,} lines, or a cell than {_CELL} letters.",
                    "Give the hand-out list of one school.",
                    SourceLocation(file, reader.line_num),
                )
            yield reader.line_num, dict(zip(header, (one.strip() for one in row), strict=False))
    except csv.Error as problem:
        raise HandOutListNotReadable(
            "The list is damaged at this line.", "Save it again as CSV.", SourceLocation(file, reader.line_num)
        ) from problem


def _word(line: int, row: dict[str, str], file: str) -> Word | None:
    said = row.get("handed_over", "").lower()
    if not said:
        return None
    status = _WORDS.get(said)
    if status is None:
        raise HandOutListNotReadable(
            "This line's handed_over is none of: yes, no, returned.",
            "Correct it, or leave it blank.",
            SourceLocation(file, line),
        )
    return Word(line, _reference(line, row, file), status, _day(line, row.get("handed_over_on", ""), file))


def _reference(line: int, row: dict[str, str], file: str) -> str:
    try:
        return str(uuid.UUID(row.get("reference", "")))
    except ValueError as problem:
        raise HandOutListNotReadable(
            "This line's reference is damaged.",
            "Copy it from the list in the print folder.",
            SourceLocation(file, line),
        ) from problem


def _day(line: int, text: str, file: str) -> date | None:
    if not text:
        return None
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise HandOutListNotReadable(
        "This line's handed_over_on is not a day.",
        "Write it as 2027-03-03 or 03/03/2027.",
        SourceLocation(file, line),
    )
