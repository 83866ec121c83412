"""A recording of a sealed letter comes in, in place of the one before, or is taken away.

Whether it may be on the site is not asked here: that needs the words as the site has them (parentsite/recordings.py).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.letters.actions.sealed_letters import LetterNotKnown
from everyfamily.letters.models import Letter, Recording


def keep_recording(
    reference: str,
    language: str,
    content: bytes,
    *,
    read_by: str,
    heard_by: str,
    words_digest: str,
    by: Actor,
    now: datetime,
) -> None:
    """Keep the letter read aloud, as MP3. `words_digest` is of the words that were read. Raises LetterNotKnown."""
    with transaction.atomic():
        letter = _letter(reference)
        Recording.objects.update_or_create(
            letter=letter,
            language=language,
            defaults={
                "content": content,
                "read_by": read_by,
                "heard_by": heard_by,
                "words_digest": words_digest,
                "by": by.text,
                "by_account": by.account,
                "at": now,
            },
        )
        _note("keep recording", letter, language, by, now)


def take_recording_away(reference: str, language: str, *, by: Actor, now: datetime) -> bool:
    """Delete it. False if there is none any more. Raises LetterNotKnown."""
    with transaction.atomic():
        letter = _letter(reference)
        gone, _ = Recording.objects.filter(letter=letter, language=language).delete()
        if gone:
            _note("take recording away", letter, language, by, now)
    return bool(gone)


def _letter(reference: str) -> Letter:
    letter = Letter.objects.filter(reference=reference, state="sealed").first()
    if letter is None:
        raise LetterNotKnown("No letter with this reference is sealed here.", "Choose a letter of the list.")
    return letter


def _note(action: str, letter: Letter, language: str, by: Actor, now: datetime) -> None:
    record_event(
        action=action,
        by=by,
        now=now,
        subject_type="letter",
        subject_id=letter.pk,
        detail={"reference": letter.reference, "language": language},
    )
