"""The audit trail. The database refuses to change or remove a row, and links each row to the one before."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """Who did what, to what, and when. `detail` holds codes, counts and digests, never a personal value."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=10, db_default="")
    """A person, command, worker or link (core/actors.py); "" in events from before it was kept."""
    actor_account = models.BigIntegerField(null=True)
    """The account of a person who signed in."""
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    school_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"]),
            models.Index(fields=["school_id", "at", "id"], name="audit_page"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject_type} {self.subject_id}"


class AuditLink(models.Model):
    """What ties one event to the one before it in its chain. Only the database makes it (link_sql.py)."""

    event_id = models.BigIntegerField(primary_key=True)
    chain = models.BigIntegerField()
    """The school's id, or 0 for the partnership."""
    position = models.BigIntegerField()
    """Counted from 1, in the order in which events were committed."""
    version = models.SmallIntegerField()
    previous = models.BinaryField()
    """The digest of the link before, or empty at the beginning of a chain."""
    digest = models.BinaryField()
    """SHA-256 over this event, its position, `previous` and `linked_at`."""
    linked_at = models.DateTimeField(null=True)
    """From the database's own clock. None in links of version 1, which had no time."""
    txid = models.BigIntegerField(null=True)
    """The transaction that wrote the event, as the database numbers it. None before version 4."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="audit_link_place_once")]
        indexes = [models.Index(fields=["txid"], name="audit_link_transaction")]

    def __str__(self) -> str:
        return f"{self.chain} {self.position}"


class AccessChange(models.Model):
    """A row changed that decides who may come in. Only the database writes it, and no value is in it
    (access_changes_sql.py)."""

    at = models.DateTimeField()
    """From the database's own clock."""
    txid = models.BigIntegerField()
    """The transaction, whose link has the same number if an act explains the change."""
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    account = models.BigIntegerField(null=True)
    what = models.CharField(max_length=30)
    """A word of core/access_changes.py."""
    how = models.CharField(max_length=6)
    """insert, update or delete."""

    def __str__(self) -> str:
        return f"change {self.pk} of {self.what}"
