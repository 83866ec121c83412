"""The id of a child, from the cells of one row. A spreadsheet may have damaged it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from everyfamily.core.rolls.model import limits, row_messages
from everyfamily.core.rolls.model.row_set_aside import RowSetAside
from everyfamily.core.rolls.values.cells import text_of

WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")
"""How a spreadsheet writes a whole number that it took for another kind of number."""
_FOOTER = re.compile(
    r"(?:(?:grand |sub-?)?totals?|counts?|sum|printed|page|end of|generated|exported|produced|report|number of|records)"
    r"(?:[\s:].*)?",
    re.IGNORECASE,
)
"""No id of a child begins like this. Other lines of the report are recognised by the whole row (report_lines.py)."""
_SHORTENED_ID = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)


def pupil_id_of(cells: Mapping[str, str]) -> str:
    """The id. Raises RowSetAside if the row has none that is certain."""
    raw = cells.get("PUPIL_ID", "")
    pupil_id = text_of(raw)
    if pupil_id is None:
        raise RowSetAside("FORMULA_IN_CELL", row_messages.formula("PUPIL_ID"), child_stands=False)
    if not pupil_id:
        message = "The row has no PUPIL_ID, so it cannot be tied to a child."
        raise RowSetAside("PUPIL_ID_MISSING", message, child_stands=False)
    if _FOOTER.fullmatch(pupil_id):
        raise RowSetAside("LINE_OF_THE_REPORT", row_messages.OF_THE_REPORT, child_stands=False)
    if "." in pupil_id and (number := WHOLE_NUMBER.fullmatch(pupil_id)):
        pupil_id = number[1]
    if "+" in pupil_id and _SHORTENED_ID.fullmatch(pupil_id):
        message = "A spreadsheet has shortened PUPIL_ID: several children may have become one."
        raise RowSetAside("PUPIL_ID_SHORTENED", message, child_stands=False)
    if len(pupil_id) > limits.PUPIL_ID_CHARACTERS:
        message = f"PUPIL_ID is longer than {limits.PUPIL_ID_CHARACTERS} characters."
        raise RowSetAside("PUPIL_ID_TOO_LONG", message, child_stands=False)
    return pupil_id
