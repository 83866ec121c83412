"""What every decision about a school's people leaves for its mailings."""

from __future__ import annotations

from django.db.models import F

from everyfamily.people.models import School


def count_decision(school_id: int) -> None:
    """Record, inside the transaction of a decision, that there was one. Mailings that planned before plan again."""
    School.objects.filter(pk=school_id).update(decisions=F("decisions") + 1)


def decisions_at_last(school_id: int) -> int:
    """How many there were, once those that are being made now are. Until the transaction ends, nobody else makes one.

    Call it after the rows of people are written, as `count_decision`: in another order two would wait for each other.
    """
    schools = School.objects.select_for_update(no_key=True)
    return schools.values_list("decisions", flat=True).get(pk=school_id)
