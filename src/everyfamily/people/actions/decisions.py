"""What every decision about a school's people leaves behind for its mailings."""

from __future__ import annotations

from django.db.models import F

from everyfamily.people.models import School


def count_decision(school_id: int) -> None:
    """Say, inside the transaction of a decision, that there was one: mailings that planned before plan again."""
    School.objects.filter(pk=school_id).update(decisions=F("decisions") + 1)
