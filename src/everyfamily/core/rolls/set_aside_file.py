"""The rows and values of a roll that were set aside, as a CSV for the school's office to work through.

It names rows and children's ids, so it stays with the school. No value of a cell is in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from everyfamily.core.files.csv_safe import cell
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.rolls.what_to_do import WHAT_TO_DO

COLUMNS = ("ROW_OF_THE_SHEET", "PUPIL_ID", "SET_ASIDE", "CODE", "WHAT_IS_WRONG", "WHAT_TO_DO")
HELD = "WORDS_THAT_CLOSE"
"""Nothing was lost: the adult waits."""


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
                WHAT_TO_DO.get(one.code, ""),
            )
        )
    return "\ufeff" + out.getvalue()


def what(one: SetAside) -> str:
    """What was not imported: the row, one of its values, or nothing because the adult is held."""
    if one.code == HELD:
        return "held until decided"
    return "row" if one.whole_row else "value"
