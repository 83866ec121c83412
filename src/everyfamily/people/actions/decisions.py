"""What every decision about a school's people leaves for its mailings."""

from __future__ import annotations

from django.db.models import F

from everyfamily.people.models import School


def count_decision(school_id: int) -> None:
    """Record, inside the transaction of a decision, that there was one. Mailings that planned before plan again."""
    School.objects.filter(pk=school_id).update(decisions=F("decisions") + 1)
