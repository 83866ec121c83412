"""What people say to one another about a letter that is being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Window

from everyfamily.letters.models import Note

_OPEN = Q(settled_at__isnull=True)


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """A note on a passage, or on the whole letter (`passage` is "")."""

    id: int
    language: str
    passage: str
    text: str
    by: str
    account: int | None
    role: str
    body: str
    at: datetime
    settled_at: datetime | None
    settled_by: str


@dataclass(frozen=True, slots=True)
class NotesFirst:
    """The notes that a page begins with, and how many there are on the letter."""

    shown: tuple[NoteFacts, ...]
    all: int
    open: int


def notes_first(draft_id: int, most: int) -> NotesFirst:
    """At most so many notes on a draft in one read, however many there are: those that are open, then those that are
    settled, and of each the newest first."""
    rows = Note.objects.filter(draft_id=draft_id).annotate(
        every=Window(Count("id")), still_open=Window(Count("id", filter=_OPEN))
    )
    ordered = rows.order_by(ExpressionWrapper(_OPEN, BooleanField()).desc(), "-id")
    found = list(ordered.values_list("every", "still_open", *NoteFacts.__slots__)[:most])
    every, still_open = found[0][:2] if found else (0, 0)
    return NotesFirst(tuple(NoteFacts(*row[2:]) for row in found), every, still_open)


def open_notes(draft_id: int) -> list[NoteFacts]:
    """The notes on a draft that nobody has settled, the newest first. Nobody may leave many (actions/reviewing.py)."""
    return _facts(draft_id, _OPEN)


def notes_before(draft_id: int, before: int | None, most: int) -> list[NoteFacts]:
    """At most so many notes on a draft, the newest first: all of them, or those before the note with this number."""
    return _facts(draft_id, Q(id__lt=before) if before is not None else Q(), most)


def note_on(draft_id: int, note_id: int) -> NoteFacts | None:
    """One note of this draft. None if it has no such note."""
    return next(iter(_facts(draft_id, Q(id=note_id))), None)


def _facts(draft_id: int, which: Q, most: int | None = None) -> list[NoteFacts]:
    rows = Note.objects.filter(which, draft_id=draft_id).order_by("-id")
    return [NoteFacts(*row) for row in rows.values_list(*NoteFacts.__slots__)[:most]]
