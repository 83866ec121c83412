"""What one person asked for about a sealed letter and a second must agree to, for the tables of models.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Asking(models.Model):
    """To withdraw a letter for good, or to let it go on after another's pause. At most one waits for a letter."""

    letter = models.ForeignKey("letters.Letter", on_delete=models.PROTECT)
    act = models.CharField(max_length=12)
    """One of core/agreement/two_people.py."""
    why = models.CharField(max_length=120, blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    """None if it was asked on the machine itself."""
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_account = models.BigIntegerField(null=True)
    is_agreed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(ended_at__isnull=True), name="asking_once_while_open"
            ),
            models.CheckConstraint(condition=Q(act__in=["withdraw", "go on"]), name="asking_act_known"),
        ]

    def __str__(self) -> str:
        return f"asking to {self.act} letter {self.letter_id}"
