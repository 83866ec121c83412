"""What is kept of decisions about adults. models.py includes it in the app's tables."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.core.adults.grounds import COURT_ORDER, GROUNDS
from everyfamily.people.school_tables import OfSchool
from everyfamily.people.table_parts import one_of


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
