"""An address in one cell: its lines, and its postcode if the block contains it too."""

from __future__ import annotations

import re

_BREAK = re.compile(r"[\r\n]+|\s*[|;]\s*")
_LIKE_A_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_BEHIND_A_TOWN = re.compile(
    rf"(?P<line>.*[^\W\d_]{{2}}\.?)\s+(?P<code>{_LIKE_A_POSTCODE.pattern})", re.IGNORECASE
)
""" "Fennick FN3 4QR". """
_A_WORD = re.compile(rf"(?<!\w){_LIKE_A_POSTCODE.pattern}(?!\w)", re.IGNORECASE)
_MOST_LINES = 5
_LONGEST_LINE = 200
"""A longer one is not a line of an address."""
_LONGEST_JOINED = 60


def lines_of_block(block: str, postcode: str) -> tuple[list[str], str]:
    """The lines of an address block and its postcode. Nothing is corrected and no word is lost.

    A block without line breaks is split at its commas. If there are more lines than a window holds, they are joined
    from the top, where the short ones are ("Flat 2, Rose House").
    """
    lines = [line.strip(" ,") for line in _BREAK.split(block)]
    lines = [line for line in lines if line]
    if len(lines) == 1:
        lines = [part for part in (part.strip() for part in lines[0].split(",")) if part]
    if lines and _LIKE_A_POSTCODE.fullmatch(lines[-1]) and (not postcode or _same(lines[-1], postcode)):
        postcode = lines.pop()
    elif lines and not postcode:
        lines, postcode = _with_postcode_inside(lines)
    while len(lines) > _MOST_LINES and len(lines[0]) + len(lines[1]) <= _LONGEST_JOINED:
        lines[:2] = [f"{lines[0]}, {lines[1]}"]
    return lines, postcode


def _with_postcode_inside(lines: list[str]) -> tuple[list[str], str]:
    """The lines without the postcode after the town, or the only one inside: "3 Quay Street, EM4 7QX, Eastmere"."""
    last = lines[-1]
    if len(last) <= _LONGEST_LINE and (behind := _BEHIND_A_TOWN.fullmatch(last)):
        return [*lines[:-1], behind["line"]], behind["code"]
    found = [(at, code) for at, line in enumerate(lines) for code in _A_WORD.finditer(line)]
    if len(found) != 1:
        return lines, ""
    at, code = found[0]
    line = lines[at]
    around = [line[: code.start()].strip(" ,"), line[code.end() :].strip(" ,.")]
    return [*lines[:at], *filter(None, around), *lines[at + 1 :]], code[0]


def _same(one: str, other: str) -> bool:
    return one.upper().replace(" ", "") == other.upper().replace(" ", "")
