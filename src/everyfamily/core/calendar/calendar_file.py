"""The year's work as a calendar file (iCalendar, RFC 5545), for the partnership's own calendar. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from everyfamily.core.calendar.year_work import ABOUT, YearWork

_LONGEST = 73
"""Octets of a line, so that a folded one has at most 75."""


def calendar_file(works: Iterable[YearWork], *, site: str, name: str, at: datetime) -> bytes:
    """Each step as an event of a whole day. It names no topic: calendars are shared. `at` is aware."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//everyfamily//year//EN", f"X-WR-CALNAME:{_text(name)}"]
    for work in works:
        about = ABOUT[work.step]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{work.key.replace(' ', '-')}@{site.partition('/')[0]}",
            f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{work.due_on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{work.due_on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(f'{work.planned.term_words}: {about.what[0].lower()}{about.what[1:]}')}",
            f"DESCRIPTION:{_text(f'Who: {about.who}')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line))


def _text(words: str) -> str:
    for sign in "\\;,":
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\n", "\\n")


def _folded(line: str) -> Iterator[bytes]:
    """The line in pieces, each at most 75 octets with the space before it, and no character cut."""
    piece = b""
    for sign in line:
        data = sign.encode()
        if len(piece) + len(data) > _LONGEST:
            yield piece
            piece = b" "
        piece += data
    yield piece
