"""Tables of the partnership's settings. The database refuses to change a version, or what was proposed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Version(models.Model):
    """The settings as a whole, as they were put in force. The newest is what counts."""

    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    """The version before. None in the first."""
    file = models.CharField(max_length=80)
    text = models.TextField()
    drawings = models.JSONField()
    """Pairs of file name and SVG text."""
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=80, blank=True, default="")
    """Whoever asked for it, if that was somebody else."""
    asked_account = models.BigIntegerField(null=True)

    class Meta:
        db_table = "partnership_version"
        constraints = [
            models.UniqueConstraint(fields=["previous"], nulls_distinct=False, name="version_follows_once"),
        ]

    def __str__(self) -> str:
        return f"version {self.pk}"


class Proposal(models.Model):
    """Settings that somebody asked for, until they are put in force or given up."""

    base = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    """What was in force when it was asked for."""
    file = models.CharField(max_length=80)
    text = models.TextField()
    drawings = models.JSONField()
    digest = models.CharField(max_length=64)
    needs_second = models.BooleanField()
    """It changes who signs, so somebody else puts it in force."""
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_account = models.BigIntegerField(null=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.PROTECT, related_name="+")
    """What it became, or None if it waits or was given up."""

    class Meta:
        db_table = "partnership_proposal"
        constraints = [
            models.UniqueConstraint(
                fields=["base"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="proposal_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"
