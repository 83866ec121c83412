"""How fast carriers are called, how often that failed, and the clock of a rehearsal, for the tables of models.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.core.sending.fallback import Channel


class CarrierPace(models.Model):
    """How fast a provider may be called, by all workers together. No row means as fast as it answers."""

    provider = models.CharField(max_length=20, unique=True)
    per_minute = models.PositiveIntegerField(null=True)
    at_once = models.PositiveSmallIntegerField(null=True)
    """Workers that may call it at the same time."""
    next_free_at = models.DateTimeField(null=True)
    """All calls until then are taken. By the server's own clock, never by a simulated one."""

    def __str__(self) -> str:
        return f"pace of {self.provider}"


class CarrierSlot(models.Model):
    """One of the `at_once` slots at a provider, and the worker that holds it."""

    provider = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "number"], name="one_slot_a_number")]

    def __str__(self) -> str:
        return f"place {self.number} at {self.provider}"


class CallTally(models.Model):
    """How many of the messages given to a carrier in one hour failed, so that a provider's fault is noticed."""

    mailing = models.ForeignKey("mailings.Mailing", on_delete=models.CASCADE)
    channel = models.CharField(max_length=10)
    hour = models.DateTimeField()
    called = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    seen = models.PositiveIntegerField(default=0)
    """Failures that a person had looked at when the mailing was resumed."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "channel", "hour"], name="one_tally_an_hour"),
            models.CheckConstraint(
                condition=Q(channel__in=[str(channel) for channel in Channel]), name="tally_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of mailing {self.mailing_id}, {self.hour:%Y-%m-%d %H}: {self.failed} of {self.called}"


class SimulatedClock(models.Model):
    """The clock of the demo and the tests: one row that every worker reads. Absent in production."""

    now = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_clock")]

    def __str__(self) -> str:
        return f"simulated {self.now:%Y-%m-%d %H:%M}"
