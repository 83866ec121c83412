"""What every reader of a roll's file gives: rows of cells under the columns of our template, with nothing judged yet.

In addition to the template's columns, a reader can fill those of `EXTRA`. core/rolls/rows.py turns both into values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from everyfamily.core.rolls.model.question import ColumnShown, Question
from everyfamily.core.rolls.model.roll_rows import COLUMNS, SetAside

EXTRA = (
    *("ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME", "ADDRESS", "EMAIL_2", "MOBILE_2", "PHONE"),
    *("CORRESPONDENCE", "COURT_ORDER", "NOT_TO_WRITE", "IN_CARE"),
    *("LEAVING", "DECEASED", "ON_ROLL"),
)
"""Columns that our template does not have but other systems do.

The three parts of a name are joined to ADULT_NAME. ADDRESS is a block, separated by lines or otherwise by commas. PHONE
is used as a mobile number if it is one and MOBILE is blank. CORRESPONDENCE no, COURT_ORDER yes, and NOT_TO_WRITE
anything except no, hold the adult. IN_CARE: the council looks after the child. LEAVING, DECEASED and ON_ROLL say
whether the child is still at the school (still_here.py).
"""
OUR_SCHOOL = "\x00ours"
"""Used under SCHOOL_URN if another column says that the row belongs to this school. No cell can contain it."""
MADE_ID = "made-"
"""How an id begins that was made from a child's name and birthday, because the file has no other."""
CELL_NOTES, CHILD_NOTES = "a comment, the result of a formula or a crossed-out cell", "a comment beside the child"
"""Columns for what a workbook says next to cells. They are read only for words that close, and messages call them
so."""
ABOUT_ADULT = "a note about this adult"
"""A column for notes about the child or the row that clearly keep away one of several adults (whom_words_mean.py)."""
REPEATABLE = frozenset(("NOT_TO_WRITE", "LEAVING", "DECEASED", "ON_ROLL"))
"""Several headings may mean one of these, and what closes furthest counts."""
ALL_COLUMNS = frozenset((*COLUMNS, *EXTRA))


@dataclass(slots=True)
class Line:
    """One adult and one child of the file, with the row's own number. It is never changed. If it were frozen, each row
    would take longer.

    `row` is the number that a spreadsheet shows (the header is row 1), or the line of an XML file. `cells` has trimmed
    text by column. A missing column is blank.
    """

    row: int
    cells: dict[str, str]
    whole: bool = True
    """It has all of the header's cells. Blank ones beyond them do no harm."""
    child_stands: bool = True
    """SCHOOL_URN and PUPIL_ID are where the header says, even if later cells have shifted."""
    of_report: bool = False
    """Not a row at all: a total, "Printed on" or similar. `values` has its words."""
    values: Sequence[str] = ()
    """All cells of the row, in the sheet's order, if the sheet has `unread` ones; or unread ones that may close."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read: its format in words (at most 30 characters), the columns it has, its rows."""

    format: str
    columns: frozenset[str]
    """Those of `ALL_COLUMNS` that the file has at all. A file without RESTRICTION leaves it unknown."""
    lines: Iterable[Line]
    """Gone through once. Reading may stop with RollNotReadable in the middle."""
    whole: bool = True
    """False: part of a roll, and nobody missing from it is proposed as a leaver."""
    set_aside: tuple[SetAside, ...] = ()
    """What the format's reader itself set aside."""
    ignored: tuple[str, ...] = ()
    """Headings that nobody here knows. Their cells count only for words that may keep an adult away."""
    every_adult: bool = True
    """False: a file of changes, which names an adult of a child only if something about the adult changed."""
    layout: str = ""
    """The digest of its headings, if it was recognised by them (questions.py)."""
    questions: Callable[[], tuple[Question, ...]] = tuple
    """What a person must be asked. It is complete once the lines have been gone through."""
    rows_asked: Callable[[], frozenset[int]] = frozenset
    """Numbers of the rows with something in a column that a person must be asked about. Complete as `questions`."""
    rows_answered: Callable[[], frozenset[int]] = frozenset
    """And in a column that a person answered about. Complete once the lines have been gone through."""
    shown: Callable[[], tuple[ColumnShown, ...]] = tuple
    """What each column of an export was taken for, so that a person can look."""
    above: tuple[str, ...] = ()
    """The lines above the headings."""
    unread: tuple[tuple[int, str], ...] = ()
    """Positions in `values`, from 0, of cells that no column has, and what to call them. They are read only for words
    that close."""
    of_child: frozenset[int] = frozenset()
    """Those of `unread` that say something about the child, and so about every adult of the child in any row."""
    note_columns: tuple[tuple[int, str], ...] = ()
    """Positions in `values` of notes, of any adult or of the child, and what to call them."""
    lists_pupils: bool = False
    """A sheet of children without adults, to which other sheets' rows belong by the child's id."""
    not_read: tuple[tuple[str, int], ...] = ()
    """What sheets are called that were not read, and how many rows they have."""
    hidden: tuple[int, int] = (0, 0)
    """How many rows and columns were read that a workbook does not show."""
    more: tuple[Sheet, ...] = ()
    """Other sheets of a workbook, each with its own headings. The first gives `elsewhere` and `layout`."""
    elsewhere: tuple[tuple[str, ...], ...] = ()
    """Rows and comments that are not read (other sheets of a workbook) and have words that may keep an adult away."""
