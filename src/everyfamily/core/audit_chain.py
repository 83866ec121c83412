"""Whether a chain of audit events is complete: each link has a digest of its event and of the link before.

A chain cannot show that its end was cut off. So its head (count and digest) can be noted elsewhere, and compared later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from everyfamily.core.errors import EveryfamilyError, SourceLocation

KNOWN_VERSIONS = frozenset({1, 2, 3, 4})
_FIRST_LINE = "everyfamily audit heads 1"
_HEAD = re.compile(r"(partnership|school-[1-9]\d{0,18}) (0|[1-9]\d{0,18}) ([0-9a-f]{64}|-)")


class HeadsNotReadable(EveryfamilyError):
    """A file of noted heads is not one of ours."""

    code = "EF421"


@dataclass(frozen=True, slots=True)
class Link:
    """One link as it is in the database."""

    position: int
    event_id: int
    version: int
    previous: bytes
    digest: bytes
    spelled: str | None
    """The text that the digest covers, built from the event as it is now, or None if the event is gone."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: how many links it has, and the digest of the last in hex ("-" for none)."""

    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain is broken."""

    position: int
    event_id: int | None
    why: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What was found about one chain. After a break, the head counts what came before it."""

    head: Head
    broken: Break | None = None


def follow(links: Iterable[Link], expected: Head | None = None) -> Chain:
    """Follow a chain from its first link. `expected` is a head that was noted before, and must come up on the way."""
    count, before = 0, b""
    met = expected is None or expected.count == 0
    for link in links:
        why = _wrong(link, count, before)
        if why is None and expected is not None and link.position == expected.count:
            met = link.digest.hex() == expected.digest
            why = None if met else "it is not the event that was noted here before"
        if why is not None:
            # A missing link is named by its place. The next link only shows that it is missing.
            at, event = (count + 1, None) if link.position != count + 1 else (link.position, link.event_id)
            return Chain(_head(count, before), Break(at, event, why))
        count, before = link.position, link.digest
    if not met:
        why = f"the chain ends here, and {expected.count if expected else 0} events were noted before"
        return Chain(_head(count, before), Break(count + 1, None, why))
    return Chain(_head(count, before))


def _wrong(link: Link, count: int, before: bytes) -> str | None:
    if link.position != count + 1:
        return "its link is missing"
    if link.version not in KNOWN_VERSIONS:
        return f"its digest is of version {link.version}, which this program does not know"
    if link.previous != before:
        return "it does not follow the event before it"
    if link.spelled is None:
        return "the event is gone"
    if hashlib.sha256(link.spelled.encode()).digest() != link.digest:
        return "the event was changed"
    return None


def _head(count: int, digest: bytes) -> Head:
    return Head(count, digest.hex() or "-")


def write_heads(heads: Mapping[str, Head]) -> str:
    """The file to keep elsewhere: a line for each chain (`partnership`, `school-ID`), with its count and digest."""
    lines = [f"{name} {head.count} {head.digest}" for name, head in sorted(heads.items())]
    return "\n".join([_FIRST_LINE, *lines, ""])


def read_heads(text: str, *, source: str) -> dict[str, Head]:
    """Read what `write_heads` wrote. Raises HeadsNotReadable with the line."""
    found: dict[str, Head] = {}
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        match = _HEAD.fullmatch(line)
        if number == 1 and line == _FIRST_LINE:
            continue
        if number == 1 or match is None or match[1] in found:
            raise HeadsNotReadable(
                "This line is not a head that a check of the audit trail noted.",
                "Give the file exactly as it was written.",
                SourceLocation(source, number),
            )
        found[match[1]] = Head(int(match[2]), match[3])
    if not lines:
        raise HeadsNotReadable(
            "The file is empty.", "Give the file exactly as it was written.", SourceLocation(source)
        )
    return found


def digest_of_heads(heads: Mapping[str, Head]) -> str:
    """One SHA-256 in hex over all heads, short enough to write down."""
    return hashlib.sha256(write_heads(heads).encode()).hexdigest()
