"""Ways of an adult who may not have the letter, from cells that are not used for sending.

"karl@example.org (Karl)" and "07700 900123 / 07700 900124 (Karl)" are set aside, because a slip is never repaired for
sending. But whose inbox and phone they are may matter: they are closed to everybody who shares them (eligibility.py),
now or after a later decision. They only ever close. No letter goes there, even if a person opens the link, and nobody
is shown them as the adult's. So only keyed hashes of them are stored. The same is done for any adult's home without a
valid postcode, but its words are kept. No letter is ever posted to it (`is_posted_to`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from everyfamily.core.contacts.address_parts import postcode_of
from everyfamily.core.contacts.recipients import ValueNotGood, email_address, mobile_number
from everyfamily.core.rolls.model.roll_rows import RollRow, closes_shared_ways
from everyfamily.core.rolls.values.homes import is_no_home

_EMAILS = re.compile(r"[^\s;,<>()\[\]|/:]+@[^\s;,<>()\[\]|/:]+")
_NUMBERS = re.compile(r"\+?[0-9](?:[ ().-]{0,2}[0-9]){9,13}")
_POSTCODE = re.compile(r"[a-z01]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2}")
"""In the form that `postcode_of` gives."""
_AT_THE_END = re.compile(r"\b[A-Za-z0-9]{2,4}\s*[0-9OoIi][A-Za-z]{2}\s*$")
_ADDRESS = (*(f"ADDRESS_{number}" for number in range(1, 6)), "ADDRESS")
_LONGEST = 400
"""How many characters of a cell are looked at."""


def with_ways_to_close(row: RollRow, cells: Mapping[str, str], *, demonstration: bool) -> RollRow:
    """The row with every inbox and phone that its cells name, if its link closes, and with a home that is not posted
    to.

    The home of every adult, because a person may close the link later, and a child may carry the letter there.
    """
    closes = closes_shared_ways(row.restriction, row.restriction_reason)
    found: dict[tuple[str, str], None] = {}
    if closes or _is_set_aside(row, cells):
        known = {("email", row.email), ("text", row.mobile), *row.also}
        found = dict.fromkeys(way for way in _ways(cells, demonstration) if way not in known)
    home = _home(cells) if row.address is None else ""
    if not found and not home:
        return row
    also = (*row.also, *((("post", home),) if home else ()))
    return replace(row, also=also, shut_by=tuple(found))


def _is_set_aside(row: RollRow, cells: Mapping[str, str]) -> bool:
    """There may be an inbox or phone in a cell from which none was taken."""
    return (row.email is None and "@" in cells.get("EMAIL", "")) or (
        row.mobile is None and bool(cells.get("MOBILE") or cells.get("PHONE"))
    )


def is_posted_to(address: str) -> bool:
    """A stored address is one that a letter may be posted to if its last line is a postcode with its space."""
    return " " in address.rpartition("\n")[2]


def _home(cells: Mapping[str, str]) -> str:
    """The lines of an address that no letter could be posted to. The last is its postcode without a space, or blank."""
    found = [cell[:_LONGEST] for column in _ADDRESS if (cell := cells.get(column))]
    if not found and not cells.get("POSTCODE"):
        return ""
    written = "\n".join(found)
    lines = [
        line for line in map(str.strip, written.replace("\r", "\n").split("\n")) if line and not is_no_home(line)
    ]
    code = postcode_of(cells.get("POSTCODE", "")[:_LONGEST])
    if not _POSTCODE.fullmatch(code):
        inside = _AT_THE_END.search(lines[-1]) if lines else None
        code = postcode_of(inside[0]) if inside else ""
    code = code if _POSTCODE.fullmatch(code) else ""
    if lines and code and postcode_of(lines[-1]).endswith(code):
        # It is written once, in the last line or after a comma there.
        lines[-1] = _AT_THE_END.sub("", lines[-1]).strip(" ,.")
    return "\n".join((*filter(None, lines), code)) if lines or code else ""


def _ways(cells: Mapping[str, str], demonstration: bool) -> Iterator[tuple[str, str]]:
    for column in ("EMAIL", "EMAIL_2"):
        for one in _EMAILS.findall(cells.get(column, "")[:_LONGEST]):
            with suppress(ValueNotGood):
                yield "email", email_address(one)
    for column in ("MOBILE", "MOBILE_2", "PHONE"):
        for one in _NUMBERS.findall(cells.get(column, "")[:_LONGEST]):
            with suppress(ValueNotGood):
                yield "text", mobile_number(one, demonstration=demonstration)
