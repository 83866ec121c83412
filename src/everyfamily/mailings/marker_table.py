"""The database's half of the marker of what was sent. models.py includes it in the app's tables."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SentMarker(models.Model):
    """The database's half of the marker. The other half is a file outside the database (sent_marker.py). One row."""

    epoch = models.UUIDField()
    """Changed every minute, in both. A database that was restored has an older epoch than the file."""
    moved_at = models.DateTimeField()
    """The newest sign of life of any worker, by the server's own clock, never by a simulated one."""
    restored_at = models.DateTimeField(null=True)
    """When a person last said that the database had been restored. A letter that was sealed by then may have been
    mailed in the time that was lost."""
    restored_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_sent_marker")]

    def __str__(self) -> str:
        return f"marker of {self.moved_at:%Y-%m-%d %H:%M}"
