"""Ways of an adult who may not have the letter, out of cells that no letter could be sent by.

"family@example.org; karl@example.org" and "07700 900123 (Karl)" are set aside: a slip is never repaired to send. But
whose inbox and phone they are can be read, and they are closed to everybody who shares them (core/eligibility.py). They
are stored as the adult's other ways are: when a person opens the link, a letter may go there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from everyfamily.core.recipients import ValueNotGood, email_address, mobile_number
from everyfamily.core.rolls.roll_rows import RollRow, closes_shared_ways

_EMAILS = re.compile(r"[^\s;,<>()\[\]|/:]+@[^\s;,<>()\[\]|/:]+")
_NUMBERS = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){9,13}")
_LONGEST = 400
"""Letters of a cell that are looked at."""


def with_ways_to_close(row: RollRow, cells: Mapping[str, str], *, demonstration: bool) -> RollRow:
    """The row with every inbox and phone that its cells name, if its link closes; else the row as it is."""
    if not closes_shared_ways(row.restriction, row.restriction_reason):
        return row
    known = {("email", row.email), ("text", row.mobile), *row.also}
    found = dict.fromkeys(way for way in _ways(cells, demonstration) if way not in known)
    return replace(row, also=(*row.also, *found)) if found else row


def _ways(cells: Mapping[str, str], demonstration: bool) -> Iterator[tuple[str, str]]:
    for column in ("EMAIL", "EMAIL_2"):
        for one in _EMAILS.findall(cells.get(column, "")[:_LONGEST]):
            with suppress(ValueNotGood):
                yield "email", email_address(one)
    for column in ("MOBILE", "MOBILE_2", "PHONE"):
        for one in _NUMBERS.findall(cells.get(column, "")[:_LONGEST]):
            with suppress(ValueNotGood):
                yield "text", mobile_number(one, demonstration=demonstration)
