"""Tables of work that belongs to the whole installation."""

from __future__ import annotations

from django.db import models

from everyfamily.work.mail_rows import Mail
from everyfamily.work.rows import Work

LONGEST_ADDRESS, LONGEST_SUBJECT = 254, 200


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


class SiteBuild(Work):
    """The parent site is made of the letters in the database: to be looked at, or for families. One at a time."""

    WHAT = "the making of the parent site"

    is_for_families = models.BooleanField(default=False)
    languages = models.JSONField(default=list)
    letters = models.JSONField(default=list)
    """References of the letters that are on it."""
    made_of = models.CharField(max_length=64, blank=True)
    """A digest of what changes without a new letter (staff/site/inputs.py)."""
    hindrances = models.JSONField(default=list)
    """What kept it from families: a code, two sentences, a place and a language each."""
    pages = models.PositiveIntegerField(default=0)
    good_until = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta(Work.Meta):
        abstract = False
        constraints = (
            *Work.Meta.constraints,
            models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(state__in=["waiting", "working"]),
                name="one_site_at_a_time",
            ),
        )


class ToldMail(Mail):
    """One email about an act, to somebody whom it concerns. It says what happened then, so its words are kept, until
    some weeks after it has ended."""

    about = models.CharField(max_length=40)
    """Which kind of act ("numbers.asked")."""
    account_id = models.BigIntegerField(null=True)
    """To whose account. Its address is looked up when it is sent."""
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    """To whom, if they have no account."""
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    lines = models.JSONField()
    """Its paragraphs."""

    class Meta:
        constraints = (
            *Mail.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(account_id__isnull=True) ^ models.Q(address=""),
                name="toldmail_has_one_address",
            ),
        )
        indexes = (models.Index(fields=["status", "changed_at"], name="told_mail_waits"),)
