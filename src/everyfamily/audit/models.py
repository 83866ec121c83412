"""The audit trail. The database refuses to change or remove a row (migration 0002)."""

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
