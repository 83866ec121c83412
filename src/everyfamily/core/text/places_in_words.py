"""Numbers and addresses of lines, found in words that families read. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

_SPACE = "[ \N{NO-BREAK SPACE}]"
_BETWEEN = "[ \N{NO-BREAK SPACE},.]"


def printed(places: Collection[str]) -> re.Pattern[str]:
    """Finds these numbers and addresses, however a number is spaced, and none within a longer one: "101" is not in
    "01632 960 101", and not in "1,101"."""
    return re.compile("|".join(_printed(one) for one in sorted(places, key=len, reverse=True)))


def _printed(place: str) -> str:
    if any(sign.isalpha() for sign in place):
        return rf"(?<!\w){re.escape(place)}(?!\w)"
    spaced = f"{_SPACE}?".join(re.escape(sign) for sign in place.replace(" ", ""))
    return rf"(?<![\w+])(?<!\d{_BETWEEN}){spaced}(?!\w)(?!{_BETWEEN}\d)"
