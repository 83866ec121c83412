"""Tables of work that belongs to the whole installation."""

from __future__ import annotations

from django.db import models

from everyfamily.work.rows import Work


class Verification(Work):
    """Somebody asked whether the audit trail is as it was written. One at a time."""

    WHAT = "the check of the audit trail"

    chains = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    broken = models.JSONField(default=list)
    """A sentence for each chain that does not hold."""
    heads = models.TextField(blank=True)
    """Where each chain ended, so that the next check sees whether an end was cut off (core/audit_chain.py)."""

    class Meta(Work.Meta):
        abstract = False
        constraints = (
            *Work.Meta.constraints,
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(state__in=["waiting", "working"]),
                name="one_verification_at_a_time",
            ),
        )
