"""Numbers and addresses that reach nobody, and what belongs only to the demonstration.

Letters in the demonstration and in tests may print them. In a letter to families, each is a line that nobody answers.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_DRAMA = (
    *("01134960", "01144960", "01154960", "01164960", "01174960", "01184960", "01214960", "01314960"),
    *("01414960", "01514960", "01614960", "01914980", "02079460", "02896496", "02920180"),
    *("01632960", "07700900", "08081570", "09098790", "03069990"),
)
"""Ofcom's numbers for drama: a thousand after each beginning."""
_DRAMA_DIGITS = 11

RESERVED_HOST = re.compile(
    r"(?:(?:[\w-]{1,63}\.){1,6}(?:example|test|invalid|localhost)|(?:[\w-]{1,63}\.){0,5}example\.(?:com|org|net)"
    r"|localhost)",
    re.IGNORECASE,
)
"""RFC 2606 and RFC 6761: hosts that lead nowhere, by general agreement."""

DEMO_NAMES = (
    "Eastmere Safeguarding Children Partnership",
    "Eastmere City Council",
    "Eastmere Police",
    "Amina Whitlock",
    "Tom Garrowby",
)
"""Who writes and signs in the demonstration (everyfamily_demo/data/partnership.toml)."""
_DEMO_NAMES_FOLDED = frozenset(name.casefold() for name in DEMO_NAMES)
DEMO_DRAWINGS = frozenset(
    {
        "b63107acd4c50498e339a10e5ea9a3212f1964345fdc42e36a8b47ceb23d3cad",
        "00aedd710ecec48df82054cc13cde5fc4e4ef0b77926e1d50265039415937f0d",
        "d1060cf775247948db27a214a2f97b194450d0878d9bab8538640e6fca4b4c83",
        "9be996d70c5fe56baf17716254bc4c88677d0eca1089996041c95fee3dab75a7",
    }
)
"""Digests of the demonstration's logos and signatures."""


def digits_of(printed: str) -> str:
    """The digits as dialled in Britain: +44, 0044 and (0) are resolved, other countries keep their +."""
    digits = re.sub(r"\D", "", printed)
    if printed.lstrip("( ").startswith("+"):
        if not digits.startswith("44"):
            return "+" + digits
        return "0" + digits[2:].removeprefix("0")
    if digits.startswith("0044"):
        return "0" + digits[4:].removeprefix("0")
    if digits.startswith("44") and len(digits) == _DRAMA_DIGITS + 1:
        return "0" + digits[2:]
    return digits


def is_drama_number(digits: str) -> bool:
    """Whether Ofcom keeps a number for drama. `digits` are in the form that `digits_of` gives."""
    return len(digits) == _DRAMA_DIGITS and digits.startswith(_DRAMA)


def is_reserved(address: str) -> bool:
    """Whether a mailbox or a web address (with or without its scheme) is at a host that leads nowhere."""
    plain = unicodedata.normalize("NFKC", address).replace("\u3002", ".").strip()
    bare = re.sub(r"^(?:[a-z][a-z0-9+.-]*:)?//", "", plain, flags=re.IGNORECASE)
    # A mailbox's name ends before its @. An @ after the first slash is part of a path.
    host = re.split(r"[/?#\\]", bare, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].rstrip(".")
    return RESERVED_HOST.fullmatch(host) is not None


def is_demo_name(name: str) -> bool:
    """Whether a name is one of the demonstration's, with any spacing and capitals."""
    return " ".join(name.casefold().split()) in _DEMO_NAMES_FOLDED


def is_demo_drawing(svg: str) -> bool:
    """Whether a drawing is one of the demonstration's, with any line ends and indents."""
    return drawing_digest(svg) in DEMO_DRAWINGS


def drawing_digest(svg: str) -> str:
    """SHA-256 of a drawing's text without white space, in hex."""
    return hashlib.sha256("".join(svg.split()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Printed:
    """One value that a letter prints or uses. `what` says where the partnership's file has it."""

    what: str
    value: str
    kind: str
    """"number", "address", "name" or "drawing"."""
    line: int = 1


_IS_INVENTED = {
    "number": lambda value: is_drama_number(digits_of(value)),
    "address": is_reserved,
    "name": lambda value: is_demo_name(value),
    "drawing": is_demo_drawing,
}


def invented_among(values: Iterable[Printed]) -> Iterator[Printed]:
    """Those that belong to nobody, or to the demonstration, in their order."""
    return (one for one in values if _IS_INVENTED[one.kind](one.value))
