"""What is kept of decisions about adults. models.py includes it in the app's tables."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.core.adults.calls import WAIT
from everyfamily.core.adults.grounds import COURT_ORDER, GROUNDS
from everyfamily.people.school_tables import OfSchool
from everyfamily.people.table_parts import both_or_neither, one_of


class Ground(OfSchool):
    """What keeps an adult away from a child (core/adults/grounds.py). It counts as long as the link's decision is the
    one of `decided_at`."""

    care = models.ForeignKey("people.Care", on_delete=models.CASCADE, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=20)
    ends_on = models.DateField(null=True)
    is_order_seen = models.BooleanField(default=False)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "care"], name="ground_once"),
            one_of("kind", GROUNDS, "ground_kind_known"),
            models.CheckConstraint(
                condition=Q(is_order_seen=False) | Q(kind=COURT_ORDER), name="ground_order_seen"
            ),
        ]


class Call(OfSchool):
    """What somebody asked for about an adult on the telephone, until the lead has decided (core/adults/calls.py)."""

    parent = models.ForeignKey("people.Parent", on_delete=models.CASCADE, db_constraint=False, db_index=False)
    kind = models.CharField(max_length=20)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "parent", "kind"], condition=Q(settled_at=None), name="call_open_once"
            ),
            one_of("kind", WAIT, "call_kind_known"),
            both_or_neither("settled_at", "settled_by", "call_settled_paired"),
        ]
