"""What happened with one letter on its way to some adults of one school. Reads run inside `tenant(school_id)`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from everyfamily.mailings.models import Attempt, DeliveryEvent, PersonTask


@dataclass(frozen=True, slots=True)
class AttemptOf:
    """One try to reach an adult."""

    id: int
    mailing: int
    parent: int
    channel: str
    status: str
    created_at: datetime
    changed_at: datetime
    news: tuple[tuple[str, str, datetime], ...]
    """Status, the carrier's reason in harmless words, and when: the oldest first."""
    pupil: int | None
    """For paper with a child: which child."""


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
    rows = list(
        Attempt.objects.filter(
            school_id=school_id, delivery__mailing_id__in=mailings, delivery__parent_id__in=parents
        )
        .order_by("id")
        .values_list(
            "id",
            "delivery__mailing_id",
            "delivery__parent_id",
            "channel",
            "status",
            "created_at",
            "changed_at",
            "option_key",
        )
    )
    news: dict[int, list[tuple[str, str, datetime]]] = {}
    heard = DeliveryEvent.objects.filter(school_id=school_id, attempt_id__in=[row[0] for row in rows])
    for attempt, status, reason, at in heard.order_by("occurred_at", "id").values_list(
        "attempt_id", "status", "reason", "occurred_at"
    ):
        news.setdefault(attempt, []).append((status, reason, at))
    return [AttemptOf(*row[:-1], tuple(news.get(row[0], ())), _pupil(row[-1])) for row in rows]


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
