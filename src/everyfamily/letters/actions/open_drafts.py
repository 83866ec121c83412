"""What every change of a draft does first: one writer at a time, and none once the letter is sealed or given up."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.work import WorkState
from everyfamily.letters.draft_queries.drafts import DraftFacts, DraftNotKnown, facts_of
from everyfamily.letters.models import Draft, Frozen, Letter

type Why = Literal["words", "waivers", "date", "pack", "settings", "translation", "asked again", "ended"]
"""Why approvals of a frozen version count for nothing any more."""
_GONE = (WorkState.FAILED.value, WorkState.CANCELLED.value)


class DraftOver(EveryfamilyError):
    """The letter is sealed, or was given up, so its draft changes no more."""

    code = "EF333"


def locked(draft_id: int) -> DraftFacts:
    """The draft, kept from every other writer until the transaction ends. Raises DraftNotKnown and DraftOver."""
    row = Draft.objects.select_for_update(no_key=True).filter(pk=draft_id).defer("pack_zip").first()
    if row is None:
        raise DraftNotKnown("This letter is not being written here.", "Look at the list of letters.")
    if row.ended_at is not None:
        raise DraftOver("Somebody gave this letter up.", "Begin a new one.")
    if is_sealed(row.reference):
        raise DraftOver(
            "This letter is sealed, and a sealed letter never changes.", "Begin a correction or a replacement."
        )
    return facts_of(row)


def is_sealed(reference: str) -> bool:
    """Whether a letter was sealed under this reference."""
    return Letter.objects.filter(reference=reference).exists()


def overtake(draft: DraftFacts, why: Why, *, by: Actor, now: datetime) -> None:
    """Whatever is frozen of the draft counts for nothing from now on. In the transaction of what changed."""
    standing = Frozen.objects.filter(draft_id=draft.id, overtaken_at=None).exclude(state__in=_GONE)
    numbers = list(standing.order_by("number").values_list("number", flat=True))
    if not numbers:
        return
    standing.update(overtaken_at=now, overtaken_by=by.text, overtaken_why=why)
    note("overtake letter", draft, by=by, now=now, why=why, versions=numbers)


def note(action: str, draft: DraftFacts, *, by: Actor, now: datetime, **detail: object) -> None:
    """An event about a draft. It has ids and counts, and never the letter's words."""
    record_event(action=action, by=by, subject_type="letter", subject_id=draft.reference, now=now, detail=detail)
