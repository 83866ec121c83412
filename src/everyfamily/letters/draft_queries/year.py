"""What letters say about the year's work: what people marked as done, what is sealed, and what is being put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import Concat

from everyfamily.core.work import WorkState
from everyfamily.letters.models import Draft, Frozen, Letter, YearMark


@dataclass(frozen=True, slots=True)
class PlannedDraft:
    """The draft of a letter of the year's plan."""

    reference: str
    is_frozen: bool
    """Its words were frozen for approval, and nothing has changed them since."""


@dataclass(frozen=True, slots=True)
class YearFacts:
    """All of it, in one read."""

    marks: frozenset[tuple[str, str]]
    """Address and step of everything that somebody said is done for a planned letter."""
    sealed: Mapping[tuple[str, str], int]
    """(term, topic) -> the newest letter of it that is sealed and not withdrawn."""
    followed: frozenset[str]
    """References of letters that a letter follows which is being written."""
    drafts: Mapping[tuple[str, str], PlannedDraft]
    """(term, pack) -> the letter that somebody is writing of it, which follows no other."""


def year_facts() -> YearFacts:
    """What is known now."""
    none = Value(0, output_field=BigIntegerField())
    marks = YearMark.objects.values_list(Value("mark"), "address", "step", none)
    sealed = Letter.objects.filter(state="sealed").values_list(Value("sealed"), "term", "topic", "id")
    drafts = Draft.objects.filter(ended_at=None).exclude(follows_reference="")
    followed = drafts.values_list(Value("followed"), "follows_reference", "follows_kind", none)
    rows = sorted(marks.union(sealed, followed, _of_plan(none), all=True), key=lambda row: row[3])
    return YearFacts(
        frozenset((row[1], row[2]) for row in rows if row[0] == "mark"),
        {(row[1], row[2]): row[3] for row in rows if row[0] == "sealed"},
        frozenset(row[1] for row in rows if row[0] == "followed"),
        {
            (row[1].partition(" ")[0], row[1].partition(" ")[2]): PlannedDraft(row[2], row[0] == "frozen")
            for row in rows
            if row[0] in ("frozen", "written")
        },
    )


def _of_plan(none: Value) -> QuerySet[Draft, Any]:
    """ "frozen" or "written", term and pack as one, and the reference."""
    frozen = Frozen.objects.filter(draft_id=OuterRef("pk"), state=WorkState.DONE.value, overtaken_at=None)
    kind = Case(When(Exists(frozen), then=Value("frozen")), default=Value("written"))
    rows = Draft.objects.filter(ended_at=None, follows_reference="")
    return rows.values_list(kind, Concat("term", Value(" "), "pack_id"), "reference", none)
