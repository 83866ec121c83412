"""A roll: one row for each adult and child, from any file that a school has.

Reading is one pipeline: bytes -> sheet (one reader for each format, core/rolls/) -> values (core/rolls/rows.py, one
place for all formats). A row that cannot be used is set aside under the sheet's own row number with a code and a
sentence, never a value. The good ones are imported. A value that cannot be read is set aside by itself and counts as
the most careful one, so that no slip in a cell keeps an old "none" alive. If a row is set aside but its PUPIL_ID can be
read, its child still stays on the roll. So no mistake in an adult's row removes a child from the count. A child's name
in the file is thrown away on reading.
"""

from __future__ import annotations

from collections.abc import Collection

from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.reading import sheet_of_file
from everyfamily.core.rolls.rows import roll_of


def read_roll(
    data: bytes,
    *,
    file: str,
    urn: int,
    former_urns: Collection[int] = (),
    dfe_number: str = "",
    mapping: ColumnMapping | None = None,
    answers: KnownAnswers | None = None,
    demonstration: bool = False,
) -> Roll:
    """Read one school's roll, in whatever format the bytes are.

    `file` is the name to use in errors. `urn` is the school that it must be about, `former_urns` those that the school
    had before, and `dfe_number` its number at the department ("3414999"). `mapping` is what the school has saved for
    its own export. Our template and the formats without headings need none. `answers` are what people said about its
    exports, by layout. `demonstration` allows numbers that nobody has.

    Raises EveryfamilyError: RollNotReadable (EF201) and its kinds RollOfOtherSchool (EF202), HeadingNotFound (EF203)
    and ColumnsNotFound (EF204), or ZipRefused (EF205).
    """
    sheet = sheet_of_file(
        data, file=file, urn=urn, former_urns=former_urns, dfe_number=dfe_number, mapping=mapping, answers=answers
    )
    return roll_of(sheet, file=file, urn=urn, former_urns=former_urns, demonstration=demonstration)
