"""Drafts, without their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Followed
from everyfamily.letters.models import Draft, Letter


class DraftNotKnown(EveryfamilyError):
    """No letter that is being written has this reference."""

    code = "EF330"


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft, without its words."""

    id: int
    reference: str
    pack_id: str
    pack_version: str
    pack_digest: str
    term: str
    dated: date
    follows: Followed | None
    wrong_route: str
    begun_by: str
    begun_account: int | None
    begun_at: datetime
    ended_at: datetime | None
    ended_by: str
    is_sealed: bool
    """When it was read: whether a letter with its reference is sealed."""


_FACTS = (
    "id",
    "reference",
    "pack_id",
    "pack_version",
    "pack_digest",
    "term",
    "dated",
    "follows_kind",
    "follows_reference",
    "wrong_route",
    "begun_by",
    "begun_account",
    "begun_at",
    "ended_at",
    "ended_by",
)


def drafts() -> list[DraftFacts]:
    """Every draft, newest first."""
    return [_facts(row) for row in _read(Draft.objects.order_by("-id"))]


def draft(draft_id: int) -> DraftFacts | None:
    """One draft."""
    row = _read(Draft.objects.filter(pk=draft_id)).first()
    return None if row is None else _facts(row)


def draft_by_reference(reference: str) -> DraftFacts | None:
    """One draft, by the reference of its letter."""
    row = _read(Draft.objects.filter(reference=reference)).first()
    return None if row is None else _facts(row)


def known_draft(reference: str) -> DraftFacts:
    """The same. Raises DraftNotKnown."""
    found = draft_by_reference(reference)
    if found is None:
        raise DraftNotKnown("No letter is being written under this reference.", "Look at the list of letters.")
    return found


def facts_of(row: Draft) -> DraftFacts:
    """What is known of a row that somebody has read already. The letter is not sealed."""
    return _facts((*(getattr(row, name) for name in _FACTS), False))


def _read(rows: QuerySet[Draft]) -> QuerySet[Draft, tuple[object, ...]]:
    sealed = Letter.objects.filter(reference=OuterRef("reference"))
    return rows.annotate(sealed=Exists(sealed)).values_list(*_FACTS, "sealed")


def _facts(row: tuple[object, ...]) -> DraftFacts:
    values = dict(zip((*_FACTS, "is_sealed"), row, strict=True))
    kind, reference = str(values.pop("follows_kind")), str(values.pop("follows_reference"))
    follows = Followed(reference, kind) if kind in ("correction", "replacement") else None  # type: ignore[arg-type]
    return DraftFacts(follows=follows, **values)  # type: ignore[arg-type]
