"""Tables of mailings.

`Delivery`, `Attempt`, `DeliveryEvent`, `PersonTask` and `SchoolReturn` belong to one school and are kept to it
(people/sql/row_security.py). `LedgerEntry` belongs to none: it is the message to one contact value in one mailing,
known only by a hash under a key that is destroyed at close, so that the same inbox is written to once across
schools and no lasting link between schools remains.
"""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Q

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.sending.fallback import AttemptStatus, Channel, DeliveryState
from everyfamily.core.sending.restored import Restored
from everyfamily.mailings.carrier_tables import CallTally as CallTally
from everyfamily.mailings.carrier_tables import CarrierPace as CarrierPace
from everyfamily.mailings.carrier_tables import CarrierSlot as CarrierSlot
from everyfamily.mailings.carrier_tables import SimulatedClock as SimulatedClock
from everyfamily.mailings.marker_table import SentMarker as SentMarker
from everyfamily.mailings.review_table import LetterReview as LetterReview
from everyfamily.work.mail_rows import Mail

_STOP_IS_TRUE_FOR = timedelta(days=100)
"""After a withdrawal. A term has fewer days."""


def _known(field: str, values: object, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [str(v) for v in values]}), name=name)  # type: ignore[attr-defined]


class Mailing(models.Model):
    """One sealed letter to all families in one term."""

    letter = models.ForeignKey("letters.Letter", on_delete=models.PROTECT)
    term = models.CharField(max_length=40)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    """When it was closed. The purge of contact values counts from here."""
    returns_due_on = models.DateField(null=True)
    returns_close_on = models.DateField(null=True)
    """Until the end of this day a school can correct its return with the same link."""
    state = models.CharField(max_length=10, default="open")
    reply_mailbox = models.CharField(max_length=200)
    reply_owner = models.CharField(max_length=120)
    ledger_key = models.BinaryField(null=True)
    """Wrapped by the master key. Null once the mailing is closed and the key is destroyed."""
    ledger_key_is_bound = models.BooleanField(default=False)
    """Whether it was wrapped for this row and opens nowhere else. This is never taken back (bound_keys_sql.py)."""
    started_by = models.CharField(max_length=80)
    started_account = models.BigIntegerField(null=True)
    paused_reason = models.CharField(max_length=120, blank=True)
    sending = models.JSONField(default=dict)
    """Days and hours on which letters are sent, as in the partnership's file at the opening (sending_days.py)."""
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    """The mailing with the wrong letter; for late joiners, the first mailing of the same letter."""
    follows_as = models.CharField(max_length=12, blank=True)
    """A correction goes to exactly those who had the wrong letter, and a replacement to everybody else. A mailing for
    late joiners ("joiners") goes to families of children who came on the roll after the first one was closed."""
    from_year = models.PositiveSmallIntegerField(default=0, db_default=0)  # 0 is every child (year_groups.py)
    secondary_from = models.PositiveSmallIntegerField(null=True)  # null: one version (letter_versions.py)
    restored_at = models.DateTimeField(null=True)
    """When a person said that the database had been restored. A lead's word from before that does not count."""
    restored_to = models.DateTimeField(null=True)
    """The moment it was restored to. What was sent between the two is not in the database."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=~Q(follows_as="joiners"), name="one_mailing_per_letter"
            ),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(follows_as="joiners") & ~Q(state="closed"),
                name="one_joiners_mailing_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True, follows_as="")
                | Q(follows__isnull=False, follows_as__in=["correction", "replacement", "joiners"]),
                name="mailing_follows_paired",
            ),
            models.UniqueConstraint(
                fields=["follows", "follows_as"],
                condition=~Q(follows_as="joiners"),
                name="one_follow_up_of_a_kind",
            ),
            _known("state", ["open", "paused", "withdrawn", "closed"], "mailing_state_known"),
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True, restored_to__isnull=True)
                | Q(restored_at__isnull=False, restored_to__isnull=False),
                name="mailing_restored_paired",
            ),
            models.CheckConstraint(condition=~Q(reply_owner=""), name="someone_reads_the_replies"),
            models.CheckConstraint(
                condition=Q(state="closed", ledger_key__isnull=True)
                | (~Q(state="closed") & Q(ledger_key__isnull=False)),
                name="ledger_key_goes_at_close",
            ),
        ]

    def __str__(self) -> str:
        return f"mailing of letter {self.letter_id}"


class MailingSchool(models.Model):
    """A school's part in a mailing: its wave and whether it is held. States of the school, never of people."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    school = models.ForeignKey("people.School", on_delete=models.PROTECT)
    wave = models.PositiveSmallIntegerField()
    wave_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="planned")
    planned_at = models.DateTimeField(null=True)
    """When the school's adults were last planned. A roll that comes in later is planned again."""
    planned_decisions = models.PositiveIntegerField(db_default=0)
    """`School.decisions` at that planning. After another decision it is planned again."""
    paused_at = models.DateTimeField(null=True)
    """A person has stopped this school's part. Only a person can resume it."""
    paused_by = models.CharField(max_length=80, null=True)
    paused_reason = models.CharField(max_length=120, blank=True)
    sending = models.JSONField(default=dict)
    """The part of the calendar that is this school's own (core/calendar/sending_days.py)."""
    uncertain = models.BooleanField(db_default=False)
    """The database was restored, and letters of this school may have been sent that it does not know about. Until a
    person has decided, each adult who is planned is uncertain too (restoring/uncertain.py)."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "school"], name="school_once_per_mailing"),
            _known("state", ["planned", "sending", "held", "sends itself"], "mailing_school_state_known"),
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, paused_by__isnull=True)
                | Q(paused_at__isnull=False, paused_by__isnull=False),
                name="mailing_school_paused_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"school {self.school_id} in mailing {self.mailing_id}: {self.state}"


class LedgerEntry(models.Model):
    """The message to one contact value in one mailing. Only the worker that moves it to *sending* may call."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    value_hash = models.BinaryField()
    channel = models.CharField(max_length=10)
    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    """The carrier knows the message by this."""
    status = models.CharField(max_length=20, default=AttemptStatus.CREATED.value)
    reason = models.CharField(max_length=60, blank=True)
    changed_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=60, blank=True)
    """The worker that claimed it. After a crash, what it left in *sending* is unknown."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailing", "value_hash"], name="one_message_per_contact_value"),
            _known("channel", Channel, "ledger_channel_known"),
            _known("status", AttemptStatus, "ledger_status_known"),
        ]
        indexes = [
            models.Index(fields=["mailing"], name="ledger_sending", condition=Q(status="sending")),
            models.Index(fields=["mailing"], name="ledger_unknown", condition=Q(status="unknown")),
        ]

    def __str__(self) -> str:
        return f"{self.channel} message {self.reference}: {self.status}"


class OfSchool(models.Model):
    """What belongs to one school within a mailing."""

    # There is no index on only the school, because each table has a unique index that begins with it.
    school = models.ForeignKey("people.School", on_delete=models.PROTECT, db_index=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk} of school {self.school_id}"


class Delivery(OfSchool):
    """One mailing to one adult at one school."""

    # The keys that include the school already check it, so this saves one check for each row.
    school = models.ForeignKey("people.School", on_delete=models.PROTECT, db_index=False, db_constraint=False)
    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    parent = models.ForeignKey("people.Parent", on_delete=models.CASCADE, db_constraint=False)
    state = models.CharField(max_length=14, default=DeliveryState.PLANNED.value)
    next_look_at = models.DateTimeField(null=True)
    """When somebody must look again. Null if only a receipt, or nothing, can change it."""
    planned_at = models.DateTimeField()
    restored = models.CharField(max_length=9, blank=True, db_default="")
    """After the database was restored: nothing more is sent while it is "uncertain", or once a person says "had it"."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="delivery_school_id"),
            models.UniqueConstraint(fields=["mailing", "school", "parent"], name="one_delivery_per_adult"),
            _known("state", DeliveryState, "delivery_state_known"),
            _known("restored", ["", *Restored], "delivery_restored_known"),
        ]
        indexes = [
            models.Index(
                fields=["mailing", "school", "next_look_at"],
                name="delivery_due",
                condition=Q(next_look_at__isnull=False),
            )
        ]


class Attempt(OfSchool):
    """One try on one contact point (for pupil post: with the child). It is recorded and committed before the call."""

    # The keys that include the school already check it, so this saves one check for each row.
    school = models.ForeignKey("people.School", on_delete=models.PROTECT, db_index=False, db_constraint=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    contact_point = models.ForeignKey(
        "people.ContactPoint", null=True, on_delete=models.SET_NULL, db_constraint=False
    )
    option_key = models.CharField(max_length=30)
    channel = models.CharField(max_length=10)
    ledger = models.ForeignKey(LedgerEntry, null=True, on_delete=models.CASCADE)
    """Cut when the mailing closes, because it is the last thing that links two schools' attempts to one contact
    value."""
    version = models.CharField(max_length=9, blank=True, db_default="")
    """The version of the letter that is sent, or was; blank for a letter in one version."""
    status = models.CharField(max_length=20, default=AttemptStatus.CREATED.value)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="attempt_school_id"),
            models.UniqueConstraint(
                fields=["delivery", "option_key", "school"], name="one_attempt_per_contact_point"
            ),
            models.UniqueConstraint(
                fields=["school", "delivery"],
                condition=Q(status__in=[AttemptStatus.CREATED.value, AttemptStatus.SENDING.value]),
                name="one_open_attempt_per_delivery",
            ),
            _known("channel", Channel, "attempt_channel_known"),
            _known("version", ["", *Version], "attempt_version_known"),
            _known("status", AttemptStatus, "attempt_status_known"),
        ]


class DeliveryEvent(OfSchool):
    """What a carrier said about an attempt, in our words, once. `raw` only after personal values are removed."""

    # The keys that include the school already check it, so this saves one check for each row.
    school = models.ForeignKey("people.School", on_delete=models.PROTECT, db_index=False, db_constraint=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=60, blank=True)
    occurred_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    """When we were told. If it was later than a day's account, it changes what that account said."""
    raw = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="event_school_id"),
            models.UniqueConstraint(
                fields=["attempt", "status", "occurred_at", "school"], name="event_heard_once"
            ),
            _known("status", AttemptStatus, "event_status_known"),
        ]


_OF_A_SCHOOL = ("unknown attempt", "paused", "hand-out", "bin copies", "take out", "keep back")


class PersonTask(OfSchool):
    """Something that a named person must decide or do. Nothing is skipped silently.

    "restriction": the adult does not get this letter until somebody decides, for whatever reason (ADR 36). "to tell":
    the adult had the wrong letter and may not be written to. "new word": the adult came or was opened after the word.
    """

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    kind = models.CharField(max_length=30)
    parent = models.ForeignKey("people.Parent", null=True, on_delete=models.CASCADE, db_constraint=False)
    owner = models.CharField(max_length=120)
    owner_role = models.CharField(max_length=12, db_default="lead")
    """Whose it is at this school; `owner` says it in the school's words."""
    owner_account = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="task_school_id"),
            models.UniqueConstraint(
                fields=["mailing", "school", "kind", "parent"], name="task_once", nulls_distinct=False
            ),
            _known(
                "kind",
                [*("restriction", "new word", "to tell", "attestation"), *_OF_A_SCHOOL],
                "task_kind_known",
            ),
            _known("owner_role", ["lead", "coordinator"], "task_owner_role_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="task_closed_paired",
            ),
        ]


class SchoolReturn(OfSchool):
    """What a school that sends the letter itself filed. A correction is a new row, and the latest counts."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    on_roll = models.PositiveIntegerField()
    by_email = models.PositiveIntegerField()
    by_text = models.PositiveIntegerField()
    on_paper = models.PositiveIntegerField()
    not_reached = models.PositiveIntegerField()
    emails_confirmed = models.BooleanField()
    reasons = models.JSONField(default=list)
    """Why some have not been reached yet, as ticked (core/accounting/returns.py)."""
    doubts = models.JSONField(default=list)
    """Codes of what is implausible but was filed anyway (core/accounting/returns.py)."""
    filed_at = models.DateTimeField()
    filed_by = models.CharField(max_length=120)
    link = models.BigIntegerField(null=True)
    """The number of the link that it came by."""
    by_school = models.BooleanField(db_default=False)
    """Somebody filed it who was signed in with a role of the school."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="return_school_id"),
            models.CheckConstraint(
                condition=Q(
                    on_roll=models.F("by_email")
                    + models.F("by_text")
                    + models.F("on_paper")
                    + models.F("not_reached")
                ),
                name="return_adds_up",
            ),
        ]


class ReturnLink(OfSchool):
    """A signed link by which a school files its return without an account. The signature is not stored."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    code = models.UUIDField(default=uuid.uuid4, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=80)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="return_link_school_id"),
            models.UniqueConstraint(
                fields=["mailing", "school"],
                condition=Q(revoked_at__isnull=True),
                name="one_return_link_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="return_link_revoked_paired",
            ),
        ]


class ReturnReminder(OfSchool, Mail):
    """One letter to a school's mailbox about its return."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    kind = models.CharField(max_length=12)

    class Meta:
        constraints = [
            *Mail.Meta.constraints,
            models.UniqueConstraint(fields=["school", "id"], name="return_reminder_school_id"),
            models.UniqueConstraint(fields=["mailing", "school", "kind"], name="return_reminder_once"),
            _known("kind", ["link", "before", "due", "late"], "return_reminder_kind_known"),
        ]

    def ends_at(self) -> datetime | None:
        # A link that is renewed in a holiday waits for the office's next hours.
        closes = self.mailing.returns_close_on
        return datetime.combine(closes + timedelta(days=1), time(), LONDON) if closes is not None else None


class SchoolNotice(OfSchool, Mail):
    """One email to a school's mailbox about a letter to families."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    kind = models.CharField(max_length=12)
    """About a withdrawn letter: "stop" to a school that sends it itself, and "bin" to one that has copies of it. Before
    a letter goes: its "briefing" for staff."""
    not_sent_at = models.DateTimeField(null=True)
    """When the school said that it had not sent the letter, and has stopped."""

    def ends_at(self) -> datetime | None:
        """That a school must stop stays true for as long as a mailing may be open; a briefing is old after a week."""
        return None if self.kind == "briefing" else self.written_at + _STOP_IS_TRUE_FOR

    class Meta:
        constraints = [
            *Mail.Meta.constraints,
            models.UniqueConstraint(fields=["school", "id"], name="school_notice_school_id"),
            models.UniqueConstraint(fields=["mailing", "school", "kind"], name="school_notice_once"),
            _known("kind", ["stop", "bin", "briefing"], "school_notice_kind_known"),
        ]


class MailingTask(models.Model):
    """What stopped a whole mailing, for a named person. It belongs to no school, and nothing in it is personal."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    kind = models.CharField(max_length=20)
    fact = models.CharField(max_length=120)
    owner = models.CharField(max_length=120)
    owner_role = models.CharField(max_length=12, db_default="coordinator")
    """Whose it is at the partnership, if not the account's."""
    owner_account = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mailing", "kind"], condition=Q(closed_at__isnull=True), name="mailing_task_open_once"
            ),
            _known(
                "kind",
                ["carrier", "failures", "letter", "paused", "restored", "route"],
                "mailing_task_kind_known",
            ),
            _known("owner_role", ["coordinator"], "mailing_task_owner_role_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="mailing_task_closed_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"task {self.kind} of mailing {self.mailing_id}"


class ReplyAnswer(Mail):
    """One automatic answer to a reply. Only keyed hashes of a reply are kept."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    message_hash = models.BinaryField()
    sender_hash = models.BinaryField()
    """Under the mailing's ledger key: one answer a week for each sender. Nothing is left of either hash when the
    mailing closes."""
    language = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            *Mail.Meta.constraints,
            models.UniqueConstraint(fields=["mailing", "message_hash"], name="one_answer_a_reply"),
        ]
        indexes = [models.Index(fields=["mailing", "sender_hash"], name="answers_of_sender")]


class DailyAccount(models.Model):
    """A mailing's figures as the partnership was shown them on one day. A day's row is written once."""

    mailing = models.ForeignKey(Mailing, on_delete=models.CASCADE)
    day = models.DateField()
    at = models.DateTimeField()
    figures = models.JSONField()
    """Exact counts for the whole area, and each school's as the partnership may see them."""
    changes = models.JSONField(default=dict)
    """What late news changed in the account before."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailing", "day"], name="one_account_a_day")]

    def __str__(self) -> str:
        return f"account of mailing {self.mailing_id} on {self.day}"
