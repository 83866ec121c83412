"""Tables of schools and their people.

Every table below `School` belongs to one school: `school_id`, a unique (school_id, id), foreign keys that carry
the school with them, and FORCE row-level security from the first migration (people/sql/row_security.py). Nothing
personal is stored in the clear: names and contact values are ciphertexts under the school's own key.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from everyfamily.core.adults.eligibility import CONTACT_STATUSES
from everyfamily.core.rolls.model.roll_rows import FORMATS, RESTRICTION_REASONS, RESTRICTIONS, YES_NO_UNKNOWN
from everyfamily.people.decision_tables import Call as Call
from everyfamily.people.decision_tables import Ground as Ground
from everyfamily.people.file_tables import FileToTakeBack as FileToTakeBack
from everyfamily.people.file_tables import RollAnswers as RollAnswers
from everyfamily.people.file_tables import RollImport as RollImport
from everyfamily.people.file_tables import RollMapping as RollMapping
from everyfamily.people.file_tables import RollUpload as RollUpload
from everyfamily.people.file_tables import RollUploadPart as RollUploadPart
from everyfamily.people.file_tables import RowBefore as RowBefore
from everyfamily.people.school_tables import ON_ROLL_STATES as ON_ROLL_STATES
from everyfamily.people.school_tables import FormerUrn as FormerUrn
from everyfamily.people.school_tables import OfSchool as OfSchool
from everyfamily.people.school_tables import School as School
from everyfamily.people.table_parts import NEXT, both_or_neither, one_of
from everyfamily.work.rows import Work

ROLL_TASKS = (
    "restriction",
    "restrictions not said",
    "relationship",
    "leavers",
    "file held",
    "shared home",
    "order ended",
    "call",
)


class SchoolKey(OfSchool):
    """A school's data key, wrapped by the master key. Destroying it makes the school's data unreadable."""

    wrapped = models.BinaryField(null=True)
    master_version = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveSmallIntegerField(default=1)
    """Version of the data key itself: every ciphertext begins with it."""
    created_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)
    destroyed_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school"], name="one_key_per_school"),
            both_or_neither("destroyed_at", "destroyed_by", "key_destroyed_paired"),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped__isnull=True),
                name="key_is_there_until_destroyed",
            ),
        ]


class Pupil(OfSchool):
    """A child on roll: no name, only a keyed hash of the school's own id, and that id encrypted for the lead."""

    id_hash = models.BinaryField()
    id_encrypted = models.BinaryField(null=True)
    """Null once purged. The next upload fills it in again."""
    year_group = models.CharField(max_length=20, blank=True)
    class_name = models.CharField(max_length=40, blank=True)
    on_roll_from = models.DateField()
    on_roll_to = models.DateField(null=True)
    leaving_proposed_at = models.DateTimeField(null=True)
    """The newest file of the whole roll did not have the child. A person says whether the child has left."""
    died_known_at = models.DateTimeField(null=True)
    died_known_by = models.CharField(max_length=80, null=True)
    added_in = models.BigIntegerField(db_default=NEXT)  # sql/words_sql.py

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="pupil_school_id"),
            models.UniqueConstraint(fields=["id_hash", "school"], name="pupil_once_per_school"),
            both_or_neither("died_known_at", "died_known_by", "pupil_died_paired"),
        ]


def here(path: str = "") -> Q:
    """For a child, or what points to a child by `path`: on the roll and alive (core/adults/eligibility.py: is_here)."""
    return Q(**{f"{path}on_roll_to": None, f"{path}died_known_at": None})


class Parent(OfSchool):
    """An adult with parental responsibility or care (Education Act 1996 s.576)."""

    identity_hash = models.BinaryField()
    """Keyed hash of name and first contact value, so that a new import recognises the adult."""
    name = models.BinaryField(null=True)
    """Ciphertext, or null once purged."""
    name_hash = models.BinaryField(db_default=b"")
    """Keyed hash of the plain name. With the next two, it recognises the adult after a purge."""
    first_name_hash = models.BinaryField(db_default=b"")
    initial_hash = models.BinaryField(db_default=b"")
    """Keyed hash of the first name's initial and the surname."""
    initial_only = models.BooleanField(db_default=False)
    """The name gives only the initial: "A Ferris"."""
    alike_keys = models.BinaryField(db_default=b"")
    """Keyed hashes of first and last word in one order (same_name.py), for whom may be somebody who is closed."""
    language = models.CharField(max_length=20, default="und")
    format = models.CharField(max_length=20, default="standard")
    prefers = models.CharField(max_length=12, blank=True)
    objects_at = models.DateTimeField(null=True)
    objects_by = models.CharField(max_length=80, null=True)
    died_known_at = models.DateTimeField(null=True)
    """Somebody was told that they have died. It closes them as an objection does: if they had not objected before,
    `objects_at` is the same moment."""
    died_known_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="parent_school_id"),
            models.UniqueConstraint(fields=["identity_hash", "school"], name="parent_once_per_school"),
            both_or_neither("objects_at", "objects_by", "parent_objects_paired"),
            both_or_neither("died_known_at", "died_known_by", "parent_died_paired"),
            models.CheckConstraint(
                condition=Q(died_known_at=None) | Q(objects_at__isnull=False), name="parent_died_is_closed"
            ),
            one_of("format", FORMATS, "parent_format_known"),
        ]


class Care(OfSchool):
    """The link between an adult and a child, and whether the adult may be written to about the child's school."""

    # The keys that include the school already check it, so this saves one check for each row.
    school = models.ForeignKey(School, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, db_constraint=False)
    relationship = models.CharField(max_length=30)
    parental_responsibility = models.CharField(max_length=7)
    has_care = models.CharField(max_length=7)
    priority = models.PositiveSmallIntegerField(null=True)
    restriction = models.CharField(max_length=12, default="unknown")
    restriction_reason = models.CharField(max_length=20, blank=True, db_default="")
    """Why it is held if neither a file nor a person said so (core/rolls/model/roll_rows.py, RESTRICTION_REASONS)."""
    restriction_reviewed_at = models.DateTimeField(null=True)
    restriction_reviewed_by = models.CharField(max_length=80, null=True)
    parent_or_carer = models.CharField(max_length=3, blank=True, db_default="")
    """What a person said if the file leaves responsibility or care unknown. Blank if nobody has."""
    parent_or_carer_at = models.DateTimeField(null=True)
    parent_or_carer_by = models.CharField(max_length=80, null=True)
    added_in = models.BigIntegerField(db_default=NEXT)  # this and the next two: sql/words_sql.py
    reopened_in = models.BigIntegerField(db_default=0)
    vouched_in = models.BigIntegerField(db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="care_school_id"),
            models.UniqueConstraint(fields=["parent", "pupil", "school"], name="care_once"),
            one_of("restriction", RESTRICTIONS, "care_restriction_known"),
            one_of("restriction_reason", RESTRICTION_REASONS, "care_restriction_reason_known"),
            one_of("parental_responsibility", YES_NO_UNKNOWN, "care_pr_known"),
            one_of("has_care", YES_NO_UNKNOWN, "care_has_care_known"),
            both_or_neither("restriction_reviewed_at", "restriction_reviewed_by", "care_reviewed_paired"),
            one_of("parent_or_carer", ["", "yes", "no"], "care_parent_or_carer_known"),
            both_or_neither("parent_or_carer_at", "parent_or_carer_by", "care_parent_or_carer_paired"),
        ]


class ContactPoint(OfSchool):
    """One email address, mobile number or postal address of an adult."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    channel = models.CharField(max_length=10)
    value = models.BinaryField(null=True)
    """Ciphertext, or null once purged."""
    value_hash = models.BinaryField()
    """Blind index: HMAC of the normalised value under the school's key."""
    closing_keys = models.BinaryField(db_default=b"")
    """Keyed hashes of the mailbox or home behind the value, however it is spelt (people/keys/closing_keys.py)."""
    doubt_keys = models.BinaryField(db_default=b"")
    """For a home: keys by which it may also be another's. The last bit of each hash is its side."""
    near_key = models.BinaryField(null=True)
    """Key of the postcode or the mailbox. Null until the keys are made, and blank if no postcode can be read."""
    status = models.CharField(max_length=20, default="usable")
    status_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="contact_school_id"),
            models.UniqueConstraint(fields=["parent", "channel", "value_hash", "school"], name="contact_once"),
            one_of("channel", ["email", "text", "post"], "contact_channel_known"),
            one_of("status", CONTACT_STATUSES, "contact_status_known"),
        ]


class HomeToldApart(OfSchool):
    """A named person says that a home does not belong to somebody who may not have the letter, although it looks so."""

    way = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    shut = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="home_told_apart_school_id"),
            models.UniqueConstraint(fields=["way", "shut", "school"], name="home_told_apart_once"),
        ]


class HomeSaidOne(OfSchool):
    """A named person says that two addresses that may be one home are one. It stays closed."""

    way = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, db_constraint=False, related_name="+")
    shut = models.ForeignKey(
        ContactPoint, on_delete=models.CASCADE, db_constraint=False, db_index=False, related_name="+"
    )
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="home_said_one_school_id"),
            models.UniqueConstraint(fields=["way", "shut", "school"], name="home_said_one_once"),
        ]


class RollNote(OfSchool):
    """Words next to a child that close an adult, or that the lead has not read yet (actions/decided/notes.py)."""

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    note_hash = models.BinaryField()
    content = models.BinaryField(null=True)
    """Encrypted: where the words are, and the words. Null once the lead has read them."""
    is_closing = models.BooleanField()
    came_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "pupil", "note_hash"], name="roll_note_once"),
            both_or_neither("read_at", "read_by", "roll_note_read_paired"),
            models.CheckConstraint(condition=Q(read_at=None) ^ Q(content=None), name="roll_note_until_read"),
        ]


class RollTask(OfSchool):
    """Something about a roll that a named person must decide. For each kind and family, only one task is open at a
    time.

    "restriction" asks about what a file left open, with or without a mailing (ADR 36).
    """

    kind = models.CharField(max_length=30)
    parent = models.ForeignKey(Parent, null=True, on_delete=models.CASCADE, db_constraint=False)
    owner = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="roll_task_school_id"),
            models.UniqueConstraint(
                fields=["school", "kind", "parent"],
                condition=Q(closed_at__isnull=True),
                name="roll_task_open_once",
                nulls_distinct=False,
            ),
            one_of("kind", ROLL_TASKS, "roll_task_kind_known"),
            both_or_neither("closed_at", "closed_by", "roll_task_closed_paired"),
        ]


class Attestation(OfSchool):
    """The school's lead says that restrictions, leavers and deaths are right as of now."""

    attested_at = models.DateTimeField()
    attested_by = models.CharField(max_length=120)
    word = models.BigIntegerField(db_default=NEXT)  # sql/words_sql.py
    """Below 0 if a file was taken back since: it covers nobody any more."""

    class Meta:
        indexes = [models.Index(fields=["school", "attested_at"], name="attestation_of_school")]


class DataExport(OfSchool, Work):
    """All about one adult, as ciphertext once it is ready, for whoever asked for it. Deleted within a day."""

    WHAT = "a file about one adult"
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    content = models.BinaryField(null=True)
    downloads = models.PositiveSmallIntegerField(default=0)

    class Meta(Work.Meta):
        abstract = False
        constraints = (
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["school", "id"], name="data_export_school_id"),
            models.UniqueConstraint(
                fields=["parent", "asked_account", "school"],
                condition=Q(state__in=["waiting", "working"]),
                name="one_export_of_an_adult_at_a_time",
                nulls_distinct=False,
            ),
        )


class KeyDestruction(OfSchool):
    """Somebody asks for the school's key to be destroyed. Nothing happens before another account agrees to it."""

    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    ended_account = models.BigIntegerField(null=True)
    became = models.CharField(max_length=10, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=Q(ended_at=None), name="one_key_destruction_asked"
            ),
            one_of("became", ("", "destroyed", "taken back", "ran out"), "key_destruction_became_known"),
            models.CheckConstraint(condition=Q(ended_at=None) ^ ~Q(became=""), name="key_destruction_ends"),
            models.CheckConstraint(
                condition=~Q(became="destroyed") | ~Q(ended_account=F("asked_account")),
                name="key_destruction_by_two_accounts",
            ),
        ]
