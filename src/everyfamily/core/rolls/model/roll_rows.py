"""What one file of a roll holds once it is read: its rows, what was set aside, and how a file is refused."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyfamily.core.contacts.recipients import PostalAddress
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.question import Question

REQUIRED = ("SCHOOL_URN", "PUPIL_ID", "ADULT_NAME")
COLUMNS = (
    *("SCHOOL_URN", "PUPIL_ID", "YEAR_GROUP", "CLASS", "ADULT_NAME", "RELATIONSHIP"),
    *("PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY", "RESTRICTION", "OBJECTS", "EMAIL", "MOBILE"),
    *(f"ADDRESS_{number}" for number in range(1, 6)),
    *("POSTCODE", "LANGUAGE", "FORMAT", "CHANNEL"),
)
"""Of our template, in its order."""
CHILD_NAME_COLUMNS = frozenset(
    {"CHILD_NAME", "PUPIL_NAME", "FORENAME", "SURNAME", "PUPIL_FORENAME", "PUPIL_SURNAME"}
)
"""May stand in our template and are never read."""
RESTRICTIONS = ("none", "unknown", "hold", "do not send")
"""From free to closed: a merge or a re-import may only move right."""
NOT_SAID, NOT_READABLE, DOUBT, GONE, IN_CARE = (
    "not said",
    "not readable",
    "doubt",
    "gone from file",
    "child in care",
)
RESTRICTION_REASONS = ("", NOT_SAID, NOT_READABLE, DOUBT, GONE, IN_CARE)
"""Why a link is held where nobody said so. `NOT_SAID` alone is lifted by the lead's attestation for the whole roll;
each of the others waits for a person's decision on that link. Blank: the file or a person said it."""
CLOSED = ("hold", "do not send")
"""Restrictions that somebody set; only the hold of a child in care follows from the child. They go on closing when the
child has left or died."""
CLOSING_REASONS = (NOT_READABLE, DOUBT)
"""Of a restriction that is not known: it may be a court's. Silence is a policy of the school, and an adult who is gone
from the file was open before: what was closed before stays closed under its own reason."""
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


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row, or one value of it, that did not go in. `row` is the sheet's own number: the header is row 1."""

    row: int
    code: str
    message: str
    whole_row: bool = True


@dataclass(slots=True, unsafe_hash=True)
class RollRow:
    """One adult and one child, normalised. `adult_name` is empty when only the child could be read.

    Never changed: `dataclasses.replace` makes another. Frozen, each would take three times as long to make.
    """

    row: int
    pupil_id: str
    year_group: str
    class_name: str
    adult_name: str = ""
    relationship: str = "other"
    """One of `RELATIONSHIPS`, or a short code that no table knows, as it stands."""
    parental_responsibility: str = "unknown"
    has_care: str = "unknown"
    priority: int | None = None
    restriction: str = "unknown"
    restriction_reason: str = ""
    """Of a restriction that is not what the file said: `NOT_SAID` or `NOT_READABLE`."""
    objects: bool = False
    email: str | None = None
    mobile: str | None = None
    address: PostalAddress | None = None
    language: str = "und"
    format: str = ""
    """Blank when the row does not say."""
    wishes: str = ""
    also: tuple[tuple[str, str], ...] = ()
    """Further contact values as (channel, value): "email" and "text", and a home that is not posted to as "post"."""
    shut_by: tuple[tuple[str, str], ...] = ()
    """Values out of cells that were set aside, of an adult who may have the letter: never written to, but closed once
    somebody closes the link."""
    in_care: bool = False
    """The file says that the child is looked after by the council."""


@dataclass(slots=True)
class Roll:
    """What one file held."""

    rows: list[RollRow] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    read: int = 0
    """Rows; one that names several adults counts once for each."""
    restriction_column: bool = True
    format: str = "everyfamily template, CSV"
    whole: bool = True
    """The file says that it holds the whole roll; of a part, nobody missing in it is proposed to have left."""
    ignored: tuple[str, ...] = ()
    """Headings of a records system's export that nobody here knows."""
    layout: str = ""
    """The digest of its headings, where it is an export."""
    questions: tuple[Question, ...] = ()
    """What a person is to be asked once about this layout; until then nothing that depends on it is free."""
    child_of_row: dict[int, str] = field(default_factory=dict, repr=False)
    """The school's own id of the child, by the rows of which something was set aside; none where the row gives none."""


class RollNotReadable(EveryfamilyError):
    """The file as a whole cannot be read; no row of it goes in."""

    code = "EF201"


class RollOfOtherSchool(RollNotReadable):
    """The file says that it is about another school; no row of it goes in."""

    code = "EF202"
