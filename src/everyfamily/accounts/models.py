"""Accounts, what each is for, and invitations. No school's people are here: these are the people who write to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import Q

from everyfamily.accounts.mailbox_table import SchoolMailbox as SchoolMailbox
from everyfamily.accounts.sent_draft_table import SentDraft as SentDraft
from everyfamily.accounts.signatory_key_table import SignatoryKey as SignatoryKey
from everyfamily.core.permissions import SCOPES, Role, Scope
from everyfamily.core.sending.staff_mail import UNSETTLED
from everyfamily.work.mail_rows import Mail

LONGEST_NAME = 80
LONGEST_KEY = 120
_ROLES = [(str(role), str(role)) for role in Role]


def _of(scope: Scope) -> list[str]:
    return [str(role) for role, its in SCOPES.items() if its is scope]


def _fits_its_scope() -> Q:
    """A school's role has a school, a body's role has a body, and a role of the partnership has neither."""
    return (
        Q(role__in=_of(Scope.SCHOOL), school_id__isnull=False, body="")
        | (Q(role__in=_of(Scope.BODY), school_id__isnull=True) & ~Q(body=""))
        | Q(role__in=_of(Scope.PARTNERSHIP), school_id__isnull=True, body="")
    )


class Account(AbstractBaseUser):
    """One person. The address is the one that they sign in with, in small letters."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    last_seen_on = models.DateField(null=True)
    """A day, and no more: nobody is watched at work."""
    was_here_on = models.DateField(null=True)
    """The day of the visit before that one, so that the desk can say what has changed since."""
    digest = models.BooleanField(db_default=True)
    """Whether they want one email each school day that something waits. What is urgent is sent in any case."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = BaseUserManager()

    def __str__(self) -> str:
        return f"account {self.pk}"

    def check_password(self, raw_password: str | None) -> bool:
        """Django would write a newer hash here, of which no event would say anything (actions/factors.py)."""
        return check_password(raw_password, self.password)


class Membership(models.Model):
    """What an account is for. It is never deleted: it ends."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    role = models.CharField(max_length=20, choices=_ROLES)
    school_id = models.BigIntegerField(null=True)
    body = models.CharField(max_length=60, blank=True, default="")
    """The signatory's id in the partnership's file."""
    given_by = models.CharField(max_length=80)
    given_at = models.DateTimeField()
    full_from = models.DateTimeField(null=True)
    """Of a lead who came in by the mailbox beside another: the end of the day on which they open nobody."""
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_fits_its_scope(), name="membership_fits_its_scope"),
            models.UniqueConstraint(
                fields=["account", "role", "school_id", "body"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="membership_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of account {self.account_id}"


class Invitation(models.Model):
    """An offer of one role to one person, or a way in again for one account. Its link is mailed to the address here,
    and is in no table: it is made of `code` and the installation's secret key."""

    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT)
    """The account that is let in again. Then there is no role to offer."""
    email = models.EmailField()
    name = models.CharField(max_length=LONGEST_NAME)
    role = models.CharField(max_length=20, choices=_ROLES, blank=True)
    school_id = models.BigIntegerField(null=True)
    body = models.CharField(max_length=60, blank=True, default="")
    code = models.UUIDField(default=uuid.uuid4, unique=True)
    """Of the link, which is signed."""
    is_beside = models.BooleanField(db_default=False)
    """For somebody who comes in by the school's mailbox beside a lead."""
    invited_by = models.CharField(max_length=80)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(account__isnull=True) & _fits_its_scope())
                | Q(account__isnull=False, role="", school_id__isnull=True, body=""),
                name="invitation_fits_its_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class InvitationMail(Mail):
    """The email that brings the link of an invitation. Its words are made when it is sent."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT)

    class Meta:
        constraints = [*Mail.Meta.constraints]
        indexes = [
            models.Index(fields=["changed_at"], name="invitation_mail_waits", condition=Q(status__in=UNSETTLED)),
        ]

    def ends_at(self) -> datetime | None:
        return self.invitation.expires_at


class Suspension(models.Model):
    """An account that somebody stopped at once. It signs nobody in and has no right until somebody lifts it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    by_account = models.BigIntegerField(null=True)
    """None if it was done on the machine itself."""
    why = models.CharField(max_length=200)
    looked_by = models.CharField(max_length=80, blank=True, default="")
    """A second person who has looked at it, and let it be."""
    looked_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True, default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(lifted_at__isnull=True), name="suspension_once_while_open"
            ),
        ]

    def __str__(self) -> str:
        return f"suspension of account {self.account_id}"


class NoticeSeen(models.Model):
    """An account has said that it has seen a notice, which is not shown to it again."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    key = models.CharField(max_length=LONGEST_KEY)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notice_seen_once")]

    def __str__(self) -> str:
        return f"notice {self.key} of account {self.account_id}"


class DeskMail(Mail):
    """One email to an account about its desk. What it says is not kept: it is what waits at the moment of sending."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    key = models.CharField(max_length=LONGEST_KEY)
    """The day of a digest, or what is urgent."""
    is_urgent = models.BooleanField()
    give_up_at = models.DateTimeField(null=True)
    """The end of a digest's day."""

    class Meta:
        constraints = [
            *Mail.Meta.constraints,
            models.UniqueConstraint(fields=["account", "key"], name="desk_mail_once"),
        ]

    def ends_at(self) -> datetime | None:
        return self.give_up_at


class SchoolInvitation(models.Model):
    """An invitation of a school's first lead, or of one beside a lead. Its link goes to the school's mailbox, and so
    does the code for whoever opens it. The code is made of `asked` and the installation's secret key, and is in no
    table."""

    school_id = models.BigIntegerField()
    mailbox = models.CharField(max_length=200)
    """As the list of schools had it. What comes later goes to the same."""
    code = models.UUIDField(default=uuid.uuid4, unique=True)
    """Of the link, which is signed."""
    is_beside = models.BooleanField(db_default=False)
    """Of one beside a lead, which waits for a day once it is known who comes in."""
    invited_by = models.CharField(max_length=80)
    invited_account = models.BigIntegerField(null=True)
    """Who invited, if they were signed in. They are not told instead of somebody else."""
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    """Of one beside a lead: when the code was typed, and everybody was told who it is."""
    used_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    """Of whoever asks to be the lead, until the invitation is used."""
    email = models.EmailField(blank=True, default="")
    asked = models.UUIDField(null=True)
    asked_at = models.DateTimeField(null=True)
    codes = models.PositiveSmallIntegerField(default=0)
    """How many were mailed."""
    tries = models.PositiveSmallIntegerField(default=0)
    """How many wrong codes were typed for the newest one."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_id"],
                condition=Q(used_at__isnull=True, cancelled_at__isnull=True),
                name="school_invited_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} of school {self.school_id}"


class Reset(models.Model):
    """A way in again for an account of schools, an administrator or a signatory. It waits for a day, so that others can
    stop it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    cancelled_by = models.CharField(max_length=80, blank=True, default="")
    cancelled_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at__isnull=True, cancelled_at__isnull=True),
                name="reset_once_while_open",
            ),
        ]

    def __str__(self) -> str:
        return f"reset {self.pk} of account {self.account_id}"


class SchoolMail(Mail):
    """An email about accounts to a school's mailbox, or to somebody with an account there. Its words are made when it
    is sent."""

    kind = models.CharField(max_length=12)
    school_id = models.BigIntegerField()
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT)
    """To whom it goes. None: the school's mailbox."""
    invitation = models.ForeignKey(SchoolInvitation, null=True, on_delete=models.PROTECT)
    asked = models.UUIDField(null=True)
    """Which code it brings. If another was asked for meanwhile, it is not sent."""
    reset = models.ForeignKey(Reset, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            *Mail.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="invitation", invitation__isnull=False, asked__isnull=True, reset__isnull=True)
                | Q(kind="code", invitation__isnull=False, asked__isnull=False, reset__isnull=True)
                | Q(kind="reset", invitation__isnull=True, asked__isnull=True, reset__isnull=False),
                name="school_mail_is_about_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["changed_at"], name="school_mail_waits", condition=Q(status__in=UNSETTLED)),
        ]


class Refusal(models.Model):
    """How often an account asked on one day for pages that one right refuses, or for those of schools that are not
    theirs. Which school it was is not kept: the partnership reads this."""

    day = models.DateField()
    account = models.BigIntegerField()
    what = models.CharField(max_length=40)
    times = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "account", "what"], name="refusals_one_row_a_day"),
        ]

    def __str__(self) -> str:
        return f"refusals of account {self.account}"
