"""The audit trail. The database refuses to change or remove a row, and links each to the one before."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what to which, when. `detail` holds codes, counts and digests, never a personal value."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    school_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject_type} {self.subject_id}"


class AuditLink(models.Model):
    """What ties one event to the one before it in its chain; the database itself makes it (link_sql.py)."""

    event_id = models.BigIntegerField(primary_key=True)
    chain = models.BigIntegerField()
    """The school's id; 0 is the partnership's."""
    position = models.BigIntegerField()
    """From 1, in the order in which events became true."""
    version = models.SmallIntegerField()
    previous = models.BinaryField()
    """The digest of the link before; empty at the beginning of a chain."""
    digest = models.BinaryField()
    """SHA-256 over this event, its place, `previous` and `linked_at`."""
    linked_at = models.DateTimeField(null=True)
    """By the database's own clock; None in links of version 1, which had none."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="audit_link_place_once")]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"
