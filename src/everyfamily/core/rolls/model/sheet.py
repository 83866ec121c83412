"""What every reader of a roll's file gives: rows of cells under the columns of our template, and nothing judged yet.

Beside the template's columns a reader may fill those of `EXTRA`; core/rolls/rows.py makes values of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from everyfamily.core.rolls.model.question import Question
from everyfamily.core.rolls.model.roll_rows import COLUMNS, SetAside

EXTRA = (
    *("ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME", "ADDRESS", "EMAIL_2", "MOBILE_2", "PHONE"),
    *("CORRESPONDENCE", "COURT_ORDER", "NOT_TO_WRITE", "IN_CARE"),
    *("LEAVING", "DECEASED", "ON_ROLL"),
)
"""Columns that our template does not have and other systems do.

The three parts of a name are joined to ADULT_NAME. ADDRESS is a block: lines, or else commas. PHONE is used as a
mobile number if it is one and MOBILE is blank. CORRESPONDENCE no, COURT_ORDER yes and NOT_TO_WRITE anything but no
hold the adult. IN_CARE: the council looks after the child. LEAVING, DECEASED and ON_ROLL say whether the child is at
the school still (still_here.py).
"""
OUR_SCHOOL = "\x00ours"
"""Stands under SCHOOL_URN where another column says that the row is of this school; no cell can hold it."""
MADE_ID = "made-"
"""How an id begins that was made of a child's name and birthday, because the file has no other."""
CELL_NOTES, CHILD_NOTES = "a comment, the result of a formula or a crossed-out cell", "a comment beside the child"
"""Columns of what a workbook says beside cells: read only for words that close, and named so in messages."""
ABOUT_ADULT = "a note about this adult"
"""Column of notes beside the child or the row that plainly keep away one adult of several (whom_words_mean.py)."""
REPEATABLE = frozenset(("NOT_TO_WRITE", "LEAVING", "DECEASED", "ON_ROLL"))
"""Several headings may mean one of these: what closes furthest counts."""
ALL_COLUMNS = frozenset((*COLUMNS, *EXTRA))


@dataclass(slots=True)
class Line:
    """One adult and one child of the file, under the row's own number. Never changed; frozen, it would cost a row more.

    `row` is the number a spreadsheet shows (the header is row 1), or the line of an XML file. `cells` holds trimmed
    text by column; a column that is missing is blank.
    """

    row: int
    cells: dict[str, str]
    whole: bool = True
    """It has the header's cells; blank ones beyond them do no harm."""
    child_stands: bool = True
    """SCHOOL_URN and PUPIL_ID are where the header says, even when later cells have moved."""
    of_report: bool = False
    """No row at all: a total, "Printed on" or the like."""
    values: Sequence[str] = ()
    """All cells of the row, in the sheet's order, where the sheet has `unread` ones; or unread ones that may close."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that was read: its format in words (at most 30 characters), the columns it has, its rows."""

    format: str
    columns: frozenset[str]
    """Those of `ALL_COLUMNS` that the file has at all: one without RESTRICTION leaves it unknown."""
    lines: Iterable[Line]
    """Gone through once; reading may stop with RollNotReadable in the middle."""
    whole: bool = True
    """False: a part of a roll, and nobody missing in it is proposed to have left."""
    set_aside: tuple[SetAside, ...] = ()
    """What the format's reader itself had to set aside."""
    ignored: tuple[str, ...] = ()
    """Headings that nobody here knows; their cells count only for words that may keep an adult away."""
    layout: str = ""
    """The digest of its headings, where it was told by them (questions.py)."""
    questions: Callable[[], tuple[Question, ...]] = tuple
    """What a person is to be asked; complete once the lines are gone through."""
    unread: tuple[tuple[int, str], ...] = ()
    """Where in `values`, from 0, cells of no column stand, and what to call them: read only for words that close."""
    of_child: frozenset[int] = frozenset()
    """Of `unread` those that say something of the child, and so of every adult of the child in whatever row."""
    more: tuple[Sheet, ...] = ()
    """Further sheets of a workbook, each under its own headings; `elsewhere` and `layout` are told by the first."""
    elsewhere: tuple[tuple[str, ...], ...] = ()
    """Rows and comments that are not read (other sheets of a workbook) and have words that may keep an adult away."""
