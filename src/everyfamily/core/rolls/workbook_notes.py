"""What a workbook says beside its cells' values: comments, crossed-out cells, and sheets that are not read.

None of it is read for values. It is looked at for words that may keep an adult away (closing_words.py); a crossed-out
cell counts as such a word.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.xml.functions import fromstring

from everyfamily.core.rolls import limits
from everyfamily.core.rolls.closing_words import closes

CROSSED_OUT = "crossed out"
type Notes = dict[int, dict[int, str]]
"""By a row's number in the sheet, from 1, and a cell's place in it, from 0."""
_LEAVERS = re.compile(
    r"\b(?:leavers?|left|gone|moved|former|previous|old|archived?|ex[- ](?:pupils|students)|waiting"
    r"|prospective|applicants?|applications|admissions|examples?|templates?|tests?)\b",
    re.IGNORECASE,
)
_ROWS_LOOKED_AT, _CELLS_LOOKED_AT = 5_000, 60
"""Of a sheet that is not read."""


def is_of_leavers(title: str) -> bool:
    """Whether a sheet's name says that its children are not at the school, or nobody's: it is no class."""
    return _LEAVERS.search(title) is not None


def notes_of(sheet: Any, book: Any, archive: zipfile.ZipFile) -> Notes:
    """The comments of one sheet, and where its cells are crossed out."""
    found: Notes = {}
    for row, at, text in (*_comments(sheet, archive), *_crossed_out(sheet, book)):
        beside = found.setdefault(row, {})
        beside[at] = f"{beside[at]}\n{text}" if at in beside else text
    return found


def _comments(sheet: Any, archive: zipfile.ZipFile) -> Iterator[tuple[int, int, str]]:
    path = sheet._worksheet_path
    names = set(archive.namelist())
    if get_rels_path(path).lstrip("/") not in names:
        return
    for relation in get_dependents(archive, get_rels_path(path).lstrip("/")):
        part = relation.target.lstrip("/")
        if relation.Type.endswith("/comments") and part in names:
            for ref, comment in CommentSheet.from_tree(fromstring(archive.read(part))).comments:
                row, column = coordinate_to_tuple(ref)
                yield row, column - 1, comment.text


def _crossed_out(sheet: Any, book: Any) -> Iterator[tuple[int, int, str]]:
    fonts = book._fonts
    styles = {at for at, style in enumerate(book._cell_styles) if fonts[style.fontId].strike}
    if not styles:
        return
    for row in sheet.iter_rows(max_row=limits.ROWS_OF_A_WORKBOOK, max_col=limits.COLUMNS):
        for cell in row:
            if cell.value not in (None, "") and cell._style_id in styles:
                yield cell.row, cell.column - 1, CROSSED_OUT


def rows_that_close(sheet: Any, notes: Notes) -> Iterator[tuple[str, ...]]:
    """The rows of a sheet that is not read that may keep an adult away; all of them, if its name says so."""
    all_of_it = closes(sheet.title)
    if all_of_it:
        yield (sheet.title,)
    rows = sheet.iter_rows(max_row=_ROWS_LOOKED_AT, max_col=_CELLS_LOOKED_AT, values_only=True)
    for number, row in enumerate(rows, start=1):
        texts = [str(value).strip() for value in row if value is not None]
        texts += notes.get(number, {}).values()
        if any(texts) and (all_of_it or closes("\n".join(texts))):
            yield tuple(texts)


def of_rows_not_read(notes: Notes, read: Collection[int]) -> Iterator[tuple[str, ...]]:
    """Comments beside other rows than those that were read, if they may keep an adult away."""
    for number, beside in notes.items():
        if number not in read and closes("\n".join(one for one in beside.values() if one != CROSSED_OUT)):
            yield tuple(beside.values())


def beside_adult(notes: Mapping[int, str], own: Collection[int], others: Collection[int]) -> str:
    """What is said beside an adult's `own` cells, and all that is said beside no other adult's."""
    return "\n".join(text for at, text in notes.items() if at in own or at not in others)


def beside_child(notes: Mapping[int, str], adults: Collection[int]) -> str:
    """What is said beside the child's cells. A row that is crossed out with an adult in it is about that adult."""
    texts = [text for at, text in notes.items() if at not in adults]
    whole = any(at in adults and CROSSED_OUT in text for at, text in notes.items())
    return "\n".join(_without_crossed_out(texts) if whole else texts)


def _without_crossed_out(texts: Iterable[str]) -> Sequence[str]:
    return [text for one in texts if (text := one.replace(CROSSED_OUT, "").strip())]
