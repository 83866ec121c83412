"""A reviewer says that the words were reviewed, or asks for a change. People leave notes, and settle them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.unseen_marks import says_something
from everyfamily.letters.actions.approving import open_version
from everyfamily.letters.actions.open_drafts import locked, note
from everyfamily.letters.draft_queries.agreeing import ReviewKind
from everyfamily.letters.models import Note, Review

LONGEST = 1_000
"""Characters of a note, and of what a reviewer asks for. It is half a page."""
MOST_OPEN = 20
"""Notes of one person on one letter that are not settled."""


class NothingSaid(EveryfamilyError):
    """A note, or a change that is asked for, has no words, or more than anybody reads."""

    code = "EF511"


class TooManyNotes(EveryfamilyError):
    """One person has many notes on a letter that nobody has settled."""

    code = "EF637"


def say_reviewed(frozen_id: int, *, by: Actor, now: datetime) -> None:
    """A reviewer has read exactly these words. Raises VersionOvertaken and DraftOver."""
    _say(frozen_id, "reviewed", "", by=by, now=now)


def ask_for_change(frozen_id: int, words: str, *, by: Actor, now: datetime) -> None:
    """A reviewer asks for a change, which keeps these words from being sealed until the same reviewer says that they
    were reviewed. Raises NothingSaid, VersionOvertaken and DraftOver."""
    _say(frozen_id, "change asked", _said(words), by=by, now=now)


def leave_note(
    draft_id: int, text: str, *, passage: str = "", language: str = "en", by: Actor, now: datetime
) -> int:
    """Leave a note on a passage, or on the whole letter; its id. Raises NothingSaid, TooManyNotes and DraftOver."""
    said = _said(text)
    with transaction.atomic():
        facts = locked(draft_id)
        _require_few_open(draft_id, by)
        row = Note.objects.create(
            draft_id=draft_id,
            language=language,
            passage=passage,
            text=said,
            by=by.text,
            account=by.account,
            role=by.role,
            body=by.body,
            at=now,
        )
        note("leave note", facts, by=by, now=now, note=row.pk)
    return int(row.pk)


def settle_note(note_id: int, *, by: Actor, now: datetime) -> bool:
    """A note needs no more work. False if it was settled before, or there is none. Raises DraftOver."""
    with transaction.atomic():
        row = Note.objects.filter(pk=note_id).first()
        if row is None:
            return False
        facts = locked(row.draft_id)
        settled = Note.objects.filter(pk=note_id, settled_at=None).update(settled_at=now, settled_by=by.text)
        if settled:
            note("settle note", facts, by=by, now=now, note=note_id)
    return bool(settled)


def _say(frozen_id: int, kind: ReviewKind, words: str, *, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        facts, version = open_version(frozen_id)
        newest = (
            Review.objects.filter(frozen_id=frozen_id, account=by.account, by=by.text).order_by("-id").first()
        )
        if newest is not None and (newest.kind, newest.words) == (kind, words):
            return
        Review.objects.create(
            frozen_id=frozen_id, account=by.account, by=by.text, role=by.role, kind=kind, words=words, at=now
        )
        action = "review letter" if kind == "reviewed" else "ask for change"
        note(action, facts, by=by, now=now, version=version.number)


def _require_few_open(draft_id: int, by: Actor) -> None:
    """The draft is locked, so that nobody leaves two at once."""
    of_them = Note.objects.filter(draft_id=draft_id, settled_at=None, account=by.account, by=by.text)
    if of_them.count() >= MOST_OPEN:
        raise TooManyNotes(
            f"You have {MOST_OPEN} notes on this letter that are not settled.",
            "Settle those that need no more work, or ask the author to. Then leave this one.",
        )


def _said(words: str) -> str:
    said = words.strip()
    if not says_something(said):
        raise NothingSaid("There are no words.", "Write in a few sentences what you mean.")
    # A browser sends two characters for each end of a line.
    said = "\n".join(said.splitlines())
    if len(said) > LONGEST:
        raise NothingSaid(
            f"There are {len(said):,} characters. At most {LONGEST:,} are kept.",
            "Say it in fewer words, or in two notes about two sections.",
        )
    return said
