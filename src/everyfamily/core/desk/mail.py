"""The mail about a desk, as text and as simple HTML: that something waits, and where to look. Pure.

Anybody may read over a shoulder or forward it, so it has no topic, no name of a school or a family, no number of
families, and no link that signs anybody in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from html import escape

from everyfamily.core.desk.waiting import Item
from everyfamily.core.desk.words import due_words, heading

DIGEST_FROM, DIGEST_UNTIL = time(8), time(16)
"""London time. After a worker was down at 8am the digest still goes, but not in the evening."""
MOST_LINES = 10
_SAFE = "This email has no link that signs you in, and nobody asks for your password by email."
_CHOICE = (
    "It comes at 8am on school days, when something waits. You can switch it off on the page of your account."
)
_URGENT = "Urgent emails like this one cannot be switched off."


@dataclass(frozen=True, slots=True)
class DeskLetter:
    """One email: its subject and both forms of its body."""

    subject: str
    text: str
    html: str


def is_digest_time(local: datetime, *, has_school: bool) -> bool:
    """Whether the day's digest may go now. `local` is the present in London."""
    return has_school and DIGEST_FROM <= local.time() < DIGEST_UNTIL


def digest(name: str, items: Sequence[Item], address: str, today: date) -> DeskLetter:
    """What waits, one line a kind of work. `address` is the desk's."""
    lines = [_line(item, today) for item in items[:MOST_LINES]]
    if len(items) > MOST_LINES:
        lines.append("And more.")
    return _letter(heading(len(items)), name, "", lines, address, _CHOICE)


def urgent(name: str, line: str, address: str) -> DeskLetter:
    """One thing that cannot wait until the morning."""
    return _letter("Something needs you today", name, line, [], address, _URGENT)


def _line(item: Item, today: date) -> str:
    due = due_words(item.waits[0], today)
    return f"{item.about.in_mail} {due}." if due else item.about.in_mail


def _letter(subject: str, name: str, first: str, lines: Sequence[str], address: str, choice: str) -> DeskLetter:
    opening = first or f"{subject}:"
    text = [f"{name},", opening, *(["\n".join(f"- {line}" for line in lines)] if lines else [])]
    text += ["Sign in to see it:" if first else "Sign in to see them:", address, f"{_SAFE} {choice}"]
    listed = "".join(f'<li style="margin:0 0 8px">{escape(line)}</li>' for line in lines)
    body = [
        f"<p>{escape(name)},</p>",
        f'<p style="font-size:20px;line-height:28px;font-weight:bold">{escape(opening)}</p>',
        f'<ul style="padding-left:20px">{listed}</ul>' if listed else "",
        f'<p>{"Sign in to see it" if first else "Sign in to see them"}:<br><a href="{escape(address)}">'
        f"{escape(address)}</a></p>",
        f'<p style="font-size:16px">{escape(_SAFE)} {escape(choice)}</p>',
    ]
    return DeskLetter(
        f"everyfamily: {subject[0].lower() + subject[1:]}", "\n\n".join(text) + "\n", _PAGE % "".join(body)
    )


_PAGE = (
    '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" '
    'content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>everyfamily'
    '</title></head><body style="margin:0;padding:24px;font-family:Arial,Helvetica,sans-serif;font-size:18px;'
    'line-height:26px"><div style="max-width:560px">%s</div></body></html>\n'
)
