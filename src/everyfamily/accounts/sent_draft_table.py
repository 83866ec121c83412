"""Drafts of letters that people sent to themselves. models.py includes the table in the app's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.work.rows import Work


class SentDraft(Work):
    """Somebody asked for a letter that is being written to be sent to the address of their own account. One at a time
    for each account. The address is never in it."""

    WHAT = "sending a draft to its author"

    draft_id = models.BigIntegerField()
    ways = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    """What could not be made: a way, a language and the reason each."""

    class Meta(Work.Meta):
        abstract = False
        constraints = (
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["asked_account"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_sent_draft_at_a_time",
            ),
        )
