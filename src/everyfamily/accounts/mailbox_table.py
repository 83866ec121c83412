"""Mailboxes that schools get, from the day somebody asked for them, for the tables of models.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class SchoolMailbox(models.Model):
    """Another mailbox for a school, or its first. It is asked for by one person and agreed to by a second. Rows stay,
    so that it is known what a school had."""

    school_id = models.BigIntegerField()
    mailbox = models.CharField(max_length=200)
    before = models.CharField(max_length=200, blank=True, default="")
    """What the school had when it was asked for, or blank."""
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    """None if it was asked on the machine itself."""
    asked_at = models.DateTimeField()
    agreed_by = models.CharField(max_length=80, blank=True, default="")
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    """It came in force, was taken back, or another one was asked for."""
    is_in_force = models.BooleanField(default=False)
    """It came in force then. A later row may have followed it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_id"], condition=Q(ended_at__isnull=True), name="school_mailbox_once_while_open"
            ),
            models.CheckConstraint(
                condition=Q(is_in_force=False) | Q(ended_at__isnull=False, agreed_at__isnull=False),
                name="school_mailbox_in_force_is_agreed",
            ),
        ]

    def __str__(self) -> str:
        return f"mailbox {self.pk} of school {self.school_id}"
