"""What happened with one letter on its way to some adults of one school. Reads run inside `tenant(school_id)`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from everyfamily.mailings.models import Attempt, PersonTask


@dataclass(frozen=True, slots=True)
class AttemptOf:
    """One try to reach an adult."""

    id: int
    pupil: int | None
    """For paper with a child: which child."""
    news: list[tuple[str, str, datetime]]
    """Status, the carrier's reason in harmless words, and when: the oldest first."""
    letter: int
    parent: int
    channel: str
    version: str
    """Of the letter; blank if it has one."""
    status: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class TaskOf:
    """Something about an adult that a person had to decide or do."""

    id: int
    parent: int
    kind: str
    owner: str
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str


def attempts_of(school_id: int, mailings: Sequence[int], parents: Collection[int]) -> list[AttemptOf]:
    """Every try to reach these adults, the oldest first."""
    rows = Attempt.objects.filter(
        school_id=school_id, delivery__mailing_id__in=mailings, delivery__parent_id__in=parents
    ).order_by("id", "deliveryevent__occurred_at", "deliveryevent__id")
    found: dict[int, AttemptOf] = {}
    for attempt, option_key, status, reason, at, *row in rows.values_list(
        *("id", "option_key", "deliveryevent__status", "deliveryevent__reason", "deliveryevent__occurred_at"),
        *("delivery__mailing__letter_id", "delivery__parent_id", "channel", "version", "status", "changed_at"),
    ):
        one = found.setdefault(attempt, AttemptOf(attempt, _pupil(option_key), [], *row))
        if status is not None:
            one.news.append((status, reason, at))
    return list(found.values())


def _pupil(option_key: str) -> int | None:
    kind, _, number = option_key.partition(":")
    return int(number) if kind == "pupil" else None


def tasks_of(school_id: int, mailings: Sequence[int], parents: Collection[int]) -> list[TaskOf]:
    """What a person had to decide or do about these adults, the oldest first."""
    rows = PersonTask.objects.filter(school_id=school_id, mailing_id__in=mailings, parent_id__in=parents)
    found = rows.order_by("opened_at", "id").values_list(
        "id", "parent_id", "kind", "owner", "opened_at", "closed_at", "closed_by"
    )
    return [TaskOf(*row[:-1], row[-1] or "") for row in found]
