"""Schools, and what every table of a school's own begins with. models.py includes them in the app's tables."""

from __future__ import annotations

from django.db import models

from everyfamily.people.table_parts import both_or_neither, one_of

SENDS = [("us", "we send for the school"), ("school", "the school sends")]
SCHOOL_STATES = ("open", "proposed to close", "closed", "proposed to open")
ON_ROLL_STATES = ("open", "proposed to close")
"""A school in one of these has children today."""


class School(models.Model):
    """A school as in Get Information about Schools, or a council's list of children without one."""

    urn = models.PositiveIntegerField(unique=True)
    dfe_number = models.CharField(max_length=8, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    phase = models.CharField(max_length=40)
    status = models.CharField(max_length=20, default="open")
    type_code = models.PositiveSmallIntegerField(null=True)
    """Type of establishment in Get Information about Schools, or null for a list that the council holds."""
    la_code = models.PositiveSmallIntegerField(null=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    sends = models.CharField(max_length=6, choices=SENDS)
    roll_expected = models.PositiveIntegerField(null=True)
    """Children on roll by the newest official list. Null means that their number is not known, and is never zero."""
    roll_expected_on = models.DateField(null=True)
    """The day on which that list counted them, or null if it does not say."""
    roll_source = models.CharField(max_length=80, blank=True, db_default="")
    """Which list that was."""
    lead_role = models.CharField(max_length=120, blank=True)
    mailbox = models.CharField(max_length=200, blank=True)
    """A role's address at the school, to which its return link and reminders go."""
    keep_days = models.PositiveSmallIntegerField(default=30)
    """Contact values are purged this many days after a mailing closes, as the school has agreed."""
    phone = models.CharField(max_length=20, blank=True)
    phone_checked_at = models.DateTimeField(null=True)
    phone_checked_by = models.CharField(max_length=80, null=True)
    channel_policy = models.JSONField(default=dict)
    decisions = models.PositiveIntegerField(db_default=0)
    """How often somebody decided about its people. A mailing planned for a lower number is planned again. It is a
    count, because a clock or a slow commit could hide a time."""
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    demonstration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            one_of("sends", [value for value, _ in SENDS], "school_sends_known"),
            one_of("status", SCHOOL_STATES, "school_status_known"),
            both_or_neither("phone_checked_at", "phone_checked_by", "school_phone_checked_paired"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.urn})"


class FormerUrn(models.Model):
    """A URN that a school had before, so that its roll, restrictions and mailings continue under the new one."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="former_urns")
    urn = models.PositiveIntegerField(unique=True)
    until = models.DateField(null=True)

    def __str__(self) -> str:
        return f"school {self.school_id} was {self.urn}"


class OfSchool(models.Model):
    """What belongs to one school. Each table has one unique index that begins with it: with a second, the planner reads
    the whole school for each foreign key that it checks in a new table."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, db_index=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk} of school {self.school_id}"
