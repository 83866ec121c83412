"""What one file of a roll contains once it is read: its rows, what was set aside, and how a file is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyfamily.core.contacts.recipients import PostalAddress
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.file_dates import FileDates
from everyfamily.core.rolls.model.question import ColumnShown, Question

REQUIRED = ("SCHOOL_URN", "PUPIL_ID", "ADULT_NAME")
COLUMNS = (
    *("SCHOOL_URN", "PUPIL_ID", "YEAR_GROUP", "CLASS", "ADULT_NAME", "RELATIONSHIP"),
    *("PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY", "RESTRICTION", "OBJECTS", "EMAIL", "MOBILE"),
    *(f"ADDRESS_{number}" for number in range(1, 6)),
    *("POSTCODE", "LANGUAGE", "FORMAT", "CHANNEL"),
)
"""The columns of our template, in order."""
CHILD_NAME_COLUMNS = frozenset(
    {"CHILD_NAME", "PUPIL_NAME", "FORENAME", "SURNAME", "PUPIL_FORENAME", "PUPIL_SURNAME"}
)
"""They may be in our template and are never read."""
RESTRICTIONS = ("none", "unknown", "hold", "do not send")
"""From free to closed. A merge or a new import may only move right."""
NOT_SAID, NOTE_NOT_READ, VALUE_NOT_READ, NOT_ASKED, NOT_READABLE, DOUBT, GONE, IN_CARE = (
    "not said",
    "note not read",
    "value not read",
    "not asked yet",
    "not readable",
    "doubt",
    "gone from file",
    "child in care",
)
RESTRICTION_REASONS = ("", NOT_SAID, NOTE_NOT_READ, VALUE_NOT_READ, NOT_ASKED, NOT_READABLE, DOUBT, GONE, IN_CARE)
"""Why a link is held if nobody said so. The lead's attestation for the whole roll lifts only `NOT_SAID`. Once the lead
has read the notes beside a child, `NOTE_NOT_READ` becomes that, and so does `VALUE_NOT_READ`, for an adult with a word
that nobody knows in a column about who may have the letter. The answer about a column lifts `NOT_ASKED`: there is
something in the column beside the child. Each of the others waits for a person's decision about that link. Blank means
that the file or a person said it."""
READ_WITH_NOTES = (NOTE_NOT_READ, VALUE_NOT_READ)
"""What the lead lifts by reading, once for the same words."""
CLOSED = ("hold", "do not send")
"""Restrictions that somebody set. Only the hold of a child in care follows from the child. They still close shared ways
when the child has left or died."""
CLOSING_REASONS = (NOT_READABLE, VALUE_NOT_READ, DOUBT)
"""For a restriction that is not known: it may be a court's. Silence is a policy of the school. An adult who is gone
from the file was open before, and what was closed before stays closed for its own reason."""
YES_NO_UNKNOWN = ("yes", "no", "unknown")
FORMATS = ("standard", "large print", "easy read", "audio", "braille")
CHANNEL_WISHES = ("", "email", "text", "paper")
RELATIONSHIPS = (
    "mother",
    "father",
    "step-parent",
    "grandparent",
    "carer",
    "foster carer",
    "kinship carer",
    "registered manager",
    "social worker",
    "other",
)


def closes_shared_ways(restriction: str, reason: str) -> bool:
    """An inbox, phone or home of an adult with such a link is closed for everybody at the school who shares it."""
    return restriction in CLOSED or (restriction == "unknown" and reason in CLOSING_REASONS)


NOT_REPEATED = "not repeated here"
"""Instead of words that may keep somebody away."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row, or one value in it, that was not imported. `row` is the sheet's own number: the header is row 1."""

    row: int
    code: str
    message: str
    whole_row: bool = True
    column: str = field(default="", compare=False)
    """The column of ours that it is about, or blank."""
    value: str = field(default="", compare=False, repr=False)
    """The beginning of its cell, for the school itself: never a name, and never words that may keep somebody away."""


@dataclass(slots=True, unsafe_hash=True)
class RollRow:
    """One adult and one child, normalised. `adult_name` is empty if only the child could be read.

    It is never changed, and `dataclasses.replace` makes another. If it were frozen, each would take three times as long
    to make.
    """

    row: int
    pupil_id: str
    year_group: str
    class_name: str
    adult_name: str = ""
    relationship: str = "other"
    """One of `RELATIONSHIPS`, or a short code that no table knows, unchanged."""
    parental_responsibility: str = "unknown"
    has_care: str = "unknown"
    priority: int | None = None
    restriction: str = "unknown"
    restriction_reason: str = ""
    """For a restriction that is not what the file said: `NOT_SAID` or `NOT_READABLE`."""
    objects: bool = False
    email: str | None = None
    mobile: str | None = None
    address: PostalAddress | None = None
    language: str = "und"
    format: str = ""
    """Blank if the row does not say."""
    wishes: str = ""
    also: tuple[tuple[str, str], ...] = ()
    """Other contact values as (channel, value): "email" and "text", and a home that is not posted to as "post"."""
    shut_by: tuple[tuple[str, str], ...] = ()
    """Values from cells that were set aside, of an adult who may have the letter. They are never written to, but closed
    if somebody closes the link."""
    in_care: bool = False
    """The file says that the council looks after the child."""


@dataclass(frozen=True, slots=True)
class Note:
    """What is written beside a child or one of the child's adults, for the school's lead."""

    where: str
    """The column, as messages name it."""
    words: str = field(repr=False)
    is_closing: bool
    """They may keep an adult away. Otherwise nobody knows what they mean until the lead has read them."""
    of_row: int = 0
    """For a word in a column about who may have the letter: its row. Only the adult in that row waits, and the same
    word under another heading is another. 0 for a note, for which every adult of the child waits."""


@dataclass(slots=True)
class Roll:
    """What one file contained."""

    rows: list[RollRow] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    read: int = 0
    """Rows. A row that names several adults counts once for each."""
    restriction_column: bool = True
    format: str = "everyfamily template, CSV"
    whole: bool = True
    """The file says that it holds the whole roll. If it is only a part, nobody missing from it is proposed as a
    leaver."""
    every_adult: bool = True
    """It has every adult of the children in it. Only a file of changes has not."""
    dates: FileDates = field(default_factory=FileDates)
    """When it was printed and for which year, as it says."""
    ignored: tuple[str, ...] = ()
    """Headings of a records system's export that nobody here knows."""
    not_read: tuple[tuple[str, int], ...] = ()
    """What sheets of a workbook are called that were not read, and how many rows they have."""
    hidden: tuple[int, int] = (0, 0)
    """How many rows and columns of a workbook were read that it does not show."""
    layout: str = ""
    """The digest of its headings, if it is an export."""
    questions: tuple[Question, ...] = ()
    """What a person must be asked once about this layout. Until then nothing that depends on it is free."""
    answered: frozenset[str] = frozenset()
    """The school's own ids of children with something in a column that a person answered about."""
    columns: tuple[ColumnShown, ...] = field(default=(), repr=False)
    """What each column of an export was taken for, with its first values: for the school, never for a log."""
    notes: dict[str, list[Note]] = field(default_factory=dict, repr=False)
    """By the school's own id of the child: what closes an adult, and what is not known to be ordinary."""
    child_of_row: dict[int, str] = field(default_factory=dict, repr=False)
    """The school's own id of the child, by the rows where something was set aside. None if the row gives none."""


class RollNotReadable(EveryfamilyError):
    """The file as a whole cannot be read, and none of its rows are imported."""

    code = "EF201"


class RollOfOtherSchool(RollNotReadable):
    """The file says that it is about another school, and none of its rows are imported."""

    code = "EF202"
