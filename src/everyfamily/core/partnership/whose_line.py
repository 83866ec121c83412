"""Whose line a row of the register is, and whether it may have the numbers and addresses that it gives.

999 is only 999's, 101 the police's, and 0800 1111 Childline's. A row that speaks of one of them gives its numbers and
nobody else's: on the page of the settings, in a file, by the command, and each time that a letter or the
site is made, because all of them read the register through here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from everyfamily.core.invented import digits_of
from everyfamily.core.partnership.national_lines import NationalLine, Service, registered_lines, services
from everyfamily.core.partnership.routes import Route

OURS = "ours"
"""What a row says whose line is none of the national ones."""

type Line = Service | NationalLine

_EXTENSION = re.compile(r"(?:ext(?:ension)?\.?|x|#|,|;).*$", re.IGNORECASE)
_MOST_SHORT = 5
"""Digits of the numbers that services have: nobody dials a 0 before them."""
_TIME = re.compile(r"\b\d{1,2}[.:]\d\d\b")
_DIALLED = re.compile(r"\d(?:[ ().]{0,2}\d){5}|\d(?:[\W_]{0,3}\d){8}")
"""A number in words: six digits with nothing but spaces between, or nine with any marks."""
_ADDRESS = re.compile(r"@|\w\.[a-z]{2}", re.IGNORECASE)


class RowFault(NamedTuple):
    """What is wrong with a row: its place in the register, the key in it, the fact and what to do."""

    row: int
    key: str
    fact: str
    fix: str


def dialled(printed: str) -> str:
    """The digits that a telephone dials: of any alphabet, without an extension, +44 and spaces resolved."""
    plain = _EXTENSION.sub("", unicodedata.normalize("NFKC", printed))
    digits = digits_of("".join(_plain_digit(sign) for sign in plain))
    return digits[1:] if digits.startswith("0") and digits[1:] in _short_numbers() else digits


def line_of(route: Route) -> Line | None:
    """The national line whose row this is. None for a line of the partnership's own.

    By its number or web address, or else by what its words name: a row that says "Childline" is Childline's, whatever
    number it gives.
    """
    return _by_number(route) or _meant(route) or _by_site(route.url)


def faults_of_lines(routes: Iterable[Route]) -> Iterator[RowFault]:
    """What may not be so, row by row: another's number, or one number under two names."""
    rows = list(routes)
    for n, route in enumerate(rows):
        if fault := fault_of_row(route):
            yield RowFault(n, *fault)
    yield from _twice(rows)


def fault_of_row(route: Route) -> tuple[str, str, str] | None:
    """The key, the fact and what to do, if the row gives what is not its line's. None if all of it may be so."""
    for key, words in (("need", route.need), ("label", route.label), ("hours", route.hours)):
        if _leads_elsewhere(words, addresses_too=key == "hours"):
            # Nobody would ring it, no check would be kept of it, and dead it would not be taken out.
            return (
                key,
                f"The words of the row “{route.id}” give a number or an address.",
                "Write it as number, url or form of the row whose it is. Write times as 9am to 5pm.",
            )
    if route.belongs_to not in (None, OURS) and route.belongs_to not in {line.id for line in _lines()}:
        return (
            "line",
            f'No national line is called "{route.belongs_to}".',
            f'Write line = "{OURS}", or leave it out.',
        )
    line = _meant(route) or _by_number(route)
    if line is None:
        return _not_ours(route)
    if route.number is not None and dialled(route.number) not in line.numbers:
        return (
            "number",
            f"The row “{route.id}” is for {line.name}, and {route.number} is not their number.",
            f"Write {line.printed}. If somebody else answers here, call the row by their name.",
        )
    if route.belongs_to == OURS:
        return (
            "line",
            f"The row “{route.id}” gives what belongs to {line.name}, and says that the line is your own.",
            "Leave line out, or give your own number.",
        )
    if route.text is not None and dialled(route.text) not in line.texts:
        return "text", _foreign(route, line, route.text), "Take it out."
    for key, address in (("url", route.url), ("form", route.form), ("email", route.email)):
        if address is not None and not _is_at(address, line.sites):
            return (
                key,
                _foreign(route, line, address),
                f"Give a page or mailbox at {line.sites[0]}, or take it out.",
            )
    return None


def _leads_elsewhere(words: str, *, addresses_too: bool) -> bool:
    """Whether words, such as hours, have something in them that a reader would ring or open."""
    plain = _TIME.sub("|", "".join(_plain_digit(sign) for sign in unicodedata.normalize("NFKC", words)))
    return bool(_DIALLED.search(plain) or (addresses_too and _ADDRESS.search(plain)))


def _foreign(route: Route, line: Line, what: str) -> str:
    return f"The row “{route.id}” is for {line.name}, and {what} is not theirs."


def _not_ours(route: Route) -> tuple[str, str, str] | None:
    """A row of the partnership's own gives a national line's number for text messages."""
    if route.text is not None and any(dialled(route.text) in (*one.numbers, *one.texts) for one in _lines()):
        return "text", f"{route.text} is a national line's, not that of the row “{route.id}”.", "Take it out."
    return None


def _twice(rows: list[Route]) -> Iterator[RowFault]:
    first: dict[str, Route] = {}
    for n, route in enumerate(rows):
        if route.number is None or route.differs_by_school:
            continue
        other = first.setdefault(dialled(route.number), route)
        if other is route:
            continue
        if isinstance(_by_number(route), Service):
            yield RowFault(
                n, "number", f"{route.number} has two rows: “{other.id}” and “{route.id}”.", "Keep one."
            )
        elif route.same_number_as != other.id:
            yield RowFault(
                n,
                "number",
                f"{route.number} has two names: “{other.id}” and “{route.id}”.",
                f'If both bodies say so, write same_number_as = "{other.id}". Otherwise correct the number.',
            )


def _lines() -> tuple[Line, ...]:
    return (*services(), *registered_lines())


def _short_numbers() -> frozenset[str]:
    numbers = (number for line in services() for number in (*line.numbers, *line.texts))
    return frozenset(number for number in numbers if len(number) <= _MOST_SHORT)


def _plain_digit(sign: str) -> str:
    return str(unicodedata.digit(sign)) if unicodedata.digit(sign, None) is not None else sign


def _meant(route: Route) -> Line | None:
    """The line that the row says it is, or that its words name."""
    words = _words(route)
    named = [(line.meant_by(words), line) for line in _lines()]
    if route.belongs_to not in (None, OURS):
        return next(line for line in _lines() if line.id == route.belongs_to)
    length, line = max(named, key=lambda one: one[0])
    return line if length else None


def _by_number(route: Route) -> Line | None:
    if route.number is None:
        return None
    digits = dialled(route.number)
    return next((line for line in _lines() if digits in line.numbers), None)


def _by_site(url: str | None) -> Line | None:
    return next((line for line in registered_lines() if url is not None and _is_at(url, line.sites)), None)


def _is_at(address: str, sites: Iterable[str]) -> bool:
    """Whether a page or a mailbox is at one of these hosts, or below it."""
    host = address.casefold().rpartition("@")[2].partition("/")[0]
    return any(host == site or host.endswith(f".{site}") for site in sites)


def _words(route: Route) -> str:
    """What the row calls itself. Its parts are kept apart, so that no name arises from two of them."""
    parts = (route.id.replace("-", " "), route.need, route.label)
    return " | ".join(unicodedata.normalize("NFKC", part).casefold().replace("’", "'") for part in parts)
