"""A time of day in a form that makes a reader calculate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip

_HOURS = re.compile(r"(?<![\w.:£/-])([01]\d|2[0-3])([0-5]\d) ?(?:hrs|hours)\b")
_NOON = re.compile(r"(?<![\w.:£/-])12(?:[.:]00)? ?(noon|midday|midnight)\b")
_NO_MINUTES = re.compile(r"(?<![\w.:£/-])(1[0-2]|0?[1-9])[.:]00 ?([ap])(?:m\b|\.m\.?)(?!\w)", re.IGNORECASE)
_STOPS = re.compile(r"(?<![\w.:£/-])(1[0-2]|0?[1-9])([.:][0-5]\d)? ?([ap])\.m\.?(?!\w)", re.IGNORECASE)
_TWELVE = re.compile(r"(?<![\w.:£/-])12([.:]00)? ?([ap])m\b(?! noon)", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\w.:£/-])(0\d|1[3-9]|2[0-3]):([0-5]\d)(?![\w:/%]|\.\d| ?(?:[ap]\.?m\b|hrs\b|hours\b))")
_ONE = r"(?:1[0-2]|0?[1-9])(?:[.:][0-5]\d)?[ap]m"
_RANGE = re.compile(rf"(?<![\w.:£/-])({_ONE}) ?[-–] ?({_ONE})\b", re.IGNORECASE)
_NO_MINUTES_AT_ALL = re.compile(r"[.:]00")
_BEGINS = re.compile(r"\d[.:]\d\d ?(?:-|–|to|until|till|and) ?$")
"""A time before this one without am or pm. To write only one of the two would leave the line half corrected."""
_STOP = re.compile(r"(?<=\d)\.(?=\d)")
_NAME_BEFORE = re.compile(r"\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)[A-Z][a-z]{2,15} $")
"""The name of a book before its verse: "Matthew 13:24"."""
_HALF_DAY = 12


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each time in English text that is not written like 9am, 5:30pm or midday."""
    for piece in context.pieces:
        if not piece.is_english or piece.kind == "address":
            continue
        done = 0
        for start, end, write, is_safe in sorted(_times(piece.folded.text), key=lambda time: (time[0], -time[1])):
            if start < done:
                continue
            done = end
            at = piece.folded.span(start, end)
            words = clip(piece.text[slice(*at)])
            yield Hit(piece, *at, f"Time is written “{words}”", f"Write {write}.", fix=write if is_safe else None)


def _times(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """Offsets, what to write, and whether writing it is always safe."""
    for match in _HOURS.finditer(text):
        yield *match.span(), _twelve_hours(int(match[1]), match[2]), True
    for match in _NOON.finditer(text):
        yield *match.span(), "midnight" if match[1] == "midnight" else "midday", True
    for match in _TWELVE.finditer(text):
        # Some people use 12am for midday, and only the writer knows.
        yield *match.span(), "midday" if match[2] in "pP" else "midnight", False
    for match in _NO_MINUTES.finditer(text):
        begins = _BEGINS.search(text, max(0, match.start() - 14), match.start())
        yield *match.span(), _plain(match.group()), not match.group().endswith(".") and begins is None
    for match in _STOPS.finditer(text):
        yield *match.span(), _plain(match.group()), not match.group().endswith(".")
    for match in _CLOCK.finditer(text):
        if not _NAME_BEFORE.search(text, max(0, match.start() - 18), match.start()):
            yield *match.span(), _twelve_hours(int(match[1]), match[2]), False
    for match in _RANGE.finditer(text):
        yield *match.span(), f"{_plain(match[1])} to {_plain(match[2])}", "12" not in (match[1][:2], match[2][:2])


def _plain(time: str) -> str:
    """The time without minutes if they are zero, without full stops, in lower case."""
    bare = _NO_MINUTES_AT_ALL.sub("", time).replace(".m", "m").rstrip(".").replace(" ", "").lower().lstrip("0")
    return _STOP.sub(":", bare)


def _twelve_hours(hour: int, minutes: str) -> str:
    if minutes == "00" and hour in (0, _HALF_DAY):
        return "midday" if hour else "midnight"
    shown = hour % _HALF_DAY or _HALF_DAY
    return f"{shown}{'' if minutes == '00' else ':' + minutes}{'pm' if hour >= _HALF_DAY else 'am'}"


RULE = Rule("RD007", "time-form", Severity.ADVICE, "text", check)
