"""The rows and values of a roll that were set aside, as a CSV for the school's office to work through.

It names rows and children's ids, so it stays with the school. A command's file has no value of a cell. The one that a
school downloads itself shows the beginning of the cell, except of names and of words that may keep somebody away.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from everyfamily.core.files.csv_safe import cell
from everyfamily.core.rolls.layout.our_columns import in_plain_words
from everyfamily.core.rolls.model.roll_rows import NOT_REPEATED, SetAside
from everyfamily.core.rolls.what_to_do import what_to_do

COLUMNS = ("ROW_OF_THE_SHEET", "PUPIL_ID", "SET_ASIDE", "CODE", "WHAT_IS_WRONG", "WHAT_TO_DO")
FOR_PEOPLE = (
    *("Row in your sheet", "Child’s own id", "Heading in your file", "What the cell says"),
    *("What becomes of it", "What is wrong", "What to do"),
)
_BECAME = {
    "row": "The row is left out",
    "value": "Only this value is left out",
    "held until decided": "The adult waits for your lead",
}
HELD = "WORDS_THAT_CLOSE"
"""Nothing was lost: the adult waits."""
_HELD_TOO = ("RESTRICTION_NOT_KNOWN", "COURT_ORDER_NOT_KNOWN", "CORRESPONDENCE_NOT_KNOWN")
"""A value is not read, and so the adult waits."""
_OF_WORDS = (HELD, "WORDS_ELSEWHERE")


def set_aside_csv(set_aside: Iterable[SetAside], child_of_row: Mapping[int, str]) -> str:
    """One line for each, in the order of the sheet, with a mark that tells Excel it is UTF-8.

    `child_of_row`: the children's ids as the school knows them, by the sheet's row, or blank if the row gives none.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in set_aside:
        writer.writerow(
            (
                one.row,
                cell(child_of_row.get(one.row, "")),
                what(one),
                one.code,
                one.message,
                what_to_do(one),
            )
        )
    return "\ufeff" + out.getvalue()


def set_aside_table(
    set_aside: Iterable[SetAside], child_of_row: Mapping[int, str], headings: Mapping[str, str]
) -> Iterator[tuple[str, ...]]:
    """The same for people, with the file's own headings by our columns: the first line is `FOR_PEOPLE`."""
    yield FOR_PEOPLE
    for one in set_aside:
        yield (
            str(one.row),
            child_of_row.get(one.row, ""),
            headings.get(one.column, ""),
            one.value or (NOT_REPEATED if one.code in _OF_WORDS else ""),
            _BECAME[what(one)],
            in_plain_words(one.message, headings),
            what_to_do(one),
        )


def what(one: SetAside) -> str:
    """What was not imported: the row, one of its values, or nothing because the adult is held."""
    if one.code == HELD or one.code in _HELD_TOO:
        return "held until decided"
    return "row" if one.whole_row else "value"
