"""A roll: one row for each adult and child, out of whatever file a school has.

Reading is one pipeline: bytes -> sheet (one reader a format, core/rolls/) -> values (core/rolls/rows.py, one place for
all formats). A row that cannot be used is set aside under the sheet's own row number with a code and a sentence, never
a value; the good ones go in. A value that cannot be read is set aside by itself and counts as the most careful one: no
slip in a cell lets an old "none" go on. A row set aside still keeps its child on the roll when its PUPIL_ID can be
read: no mistake in an adult's row takes a child off the count. A child's name in the file is thrown away on reading.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.recipients import PostalAddress

if TYPE_CHECKING:
    from everyfamily.core.rolls.mapping import ColumnMapping

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


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row, or one value of it, that did not go in. `row` is the sheet's own number: the header is row 1."""

    row: int
    code: str
    message: str
    whole_row: bool = True


@dataclass(frozen=True, slots=True)
class RollRow:
    """One adult and one child, normalised. `adult_name` is empty when only the child could be read."""

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
    """Further contact values as (channel, value): "email" and "text"."""
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


class RollNotReadable(EveryfamilyError):
    """The file as a whole cannot be read; no row of it goes in."""

    code = "EF201"


class RollOfOtherSchool(RollNotReadable):
    """The file says that it is about another school; no row of it goes in."""

    code = "EF202"


def read_roll(
    data: bytes,
    *,
    file: str,
    urn: int,
    former_urns: Collection[int] = (),
    dfe_number: str = "",
    mapping: ColumnMapping | None = None,
    demonstration: bool = False,
) -> Roll:
    """Read one school's roll, in whatever format the bytes are.

    `file` is the name to say in errors. `urn` is the school it must be about, `former_urns` those it had before, and
    `dfe_number` its number at the department ("3414999"). `mapping` is what the school has saved for its own export;
    our template and the formats without headings need none. `demonstration` lets through numbers that nobody has.

    Raises EveryfamilyError: RollNotReadable (EF201) and its kinds RollOfOtherSchool (EF202), HeadingNotFound (EF203)
    and ColumnsNotFound (EF204), or ZipRefused (EF205).
    """
    # The tables import this module for its words and need no reader.
    from everyfamily.core.rolls.reading import sheet_of_file
    from everyfamily.core.rolls.rows import roll_of

    sheet = sheet_of_file(
        data, file=file, urn=urn, former_urns=former_urns, dfe_number=dfe_number, mapping=mapping
    )
    return roll_of(sheet, file=file, urn=urn, former_urns=former_urns, demonstration=demonstration)
