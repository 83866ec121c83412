"""What letters say about the year's work: what people marked as done, what is sealed, and what is being put right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import BigIntegerField, Value

from everyfamily.letters.models import Draft, Letter, YearMark


@dataclass(frozen=True, slots=True)
class YearFacts:
    """All of it, in one read."""

    marks: frozenset[tuple[str, str]]
    """Address and step of everything that somebody said is done for a planned letter."""
    sealed: Mapping[tuple[str, str], int]
    """(term, topic) -> the newest letter of it that is sealed and not withdrawn."""
    followed: frozenset[str]
    """References of letters that a letter follows which is being written."""


def year_facts() -> YearFacts:
    """What is known now."""
    none = Value(0, output_field=BigIntegerField())
    marks = YearMark.objects.values_list(Value("mark"), "address", "step", none)
    sealed = Letter.objects.filter(state="sealed").values_list(Value("sealed"), "term", "topic", "id")
    drafts = Draft.objects.filter(ended_at=None).exclude(follows_reference="")
    followed = drafts.values_list(Value("followed"), "follows_reference", "follows_kind", none)
    rows = sorted(marks.union(sealed, followed, all=True), key=lambda row: row[3])
    return YearFacts(
        frozenset((row[1], row[2]) for row in rows if row[0] == "mark"),
        {(row[1], row[2]): row[3] for row in rows if row[0] == "sealed"},
        frozenset(row[1] for row in rows if row[0] == "followed"),
    )
