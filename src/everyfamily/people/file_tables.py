"""Tables of a school's files: what was uploaded, what its columns mean, what went in, and how the roll was before.
models.py includes them in the app's tables."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.core.rolls.uploads import OPEN, OVER, UploadState
from everyfamily.people.school_tables import OfSchool, School
from everyfamily.people.table_parts import one_of

TAKEN_BACK = UploadState.TAKEN_BACK.value


class RollImport(OfSchool):
    """One file that was read: its digest and counts, and which rows were set aside and why (no values).

    A file that is held changed nothing: it may be the wrong one, and a person must look first.
    """

    state = models.CharField(max_length=10, default="committed")

    file_digest = models.CharField(max_length=64)
    format = models.CharField(max_length=30)
    rows = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    set_aside = models.JSONField(default=list)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=80)
    doubts = models.JSONField(default=list)
    """Why it was held (core/adults/right_file.py)."""
    printed_on = models.DateField(null=True)
    academic_year = models.PositiveSmallIntegerField(null=True)
    """What the file says of itself: the year in which it begins."""

    class Meta:
        constraints = [one_of("state", ["committed", "held", TAKEN_BACK], "roll_import_state_known")]
        indexes = [models.Index(fields=["school", "imported_at"], name="roll_import_of_school")]


class RollUpload(OfSchool):
    """A roll's file that somebody uploaded on a screen, until it has gone in or is given up (core/rolls/uploads.py).

    Jobs know only its id. Every change of state is one statement that says which state, and which begin of a worker, it
    expects (ADR 42). A school has one open file at a time.
    """

    state = models.CharField(max_length=10, default=UploadState.WAITING.value)
    file_digest = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    note = models.BinaryField(null=True)
    """Encrypted: what the file is called, and what was found in it (actions/rolls/upload_notes.py)."""
    asked_by = models.CharField(max_length=80)
    asked_account = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    """When a worker was last asked for something."""
    keep_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a worker began what the state asks for. The newest begin is the only one that may write."""
    reviews = models.PositiveSmallIntegerField(default=0)
    seen_decisions = models.PositiveIntegerField(null=True)
    """The school's decisions at that review."""
    whole = models.BooleanField(default=True)
    """It has every child of the school. If not, nobody who is missing from it is taken to have left."""
    is_ours = models.BooleanField(default=False)
    """A held file: the lead said that it is the school's."""
    put_by = models.CharField(max_length=80, blank=True)
    put_account = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    failed_code = models.CharField(max_length=8, blank=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "id"], name="roll_upload_school_id"),
            models.UniqueConstraint(
                fields=["school"],
                condition=Q(state__in=sorted(state.value for state in OPEN)),
                name="roll_upload_one_at_a_time",
            ),
            one_of("state", [state.value for state in UploadState], "roll_upload_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in OVER)) ^ Q(ended_at__isnull=True),
                name="roll_upload_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(state=UploadState.FAILED.value) ^ Q(failed_code=""),
                name="roll_upload_fails_with_a_code",
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(note__isnull=True), name="roll_upload_cleared"
            ),
        ]


class RollUploadPart(OfSchool):
    """A piece of an uploaded file, encrypted under the school's key."""

    upload = models.ForeignKey(RollUpload, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["upload", "number", "school"], name="roll_upload_part_once")
        ]


class RollMapping(OfSchool):
    """What each heading of a school's own export means. Each school has one, and the newest counts."""

    columns = models.JSONField()
    """[heading, which of its occurrences (from 1), column of our template]"""
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school"], name="one_mapping_per_school")]


class RollAnswers(OfSchool):
    """What people said about the columns of one layout of a school's exports. The newest counts."""

    layout = models.CharField(max_length=32)
    """The digest of its headings (core/rolls/layout/questions.py)."""
    answers = models.JSONField()
    """[heading, which of its occurrences (from 1), column of ours or "-"]"""
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "layout"], name="roll_answers_once_a_layout")]


class FileToTakeBack(OfSchool):
    """The school's newest file, as long as it can be taken back (actions/rolls/taking_back.py)."""

    file = models.ForeignKey(RollImport, on_delete=models.CASCADE, db_constraint=False, db_index=False)
    until = models.DateTimeField()
    decisions = models.PositiveIntegerField()
    """The school's count of decisions once the file was in. With another count, somebody has decided since."""
    pupil = models.BigIntegerField()
    """The highest id of a child before the file; and below of an adult, a link and a contact point."""
    parent = models.BigIntegerField()
    care = models.BigIntegerField()
    contact = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school"], name="one_file_to_take_back")]


class RowBefore(OfSchool):
    """What the newest file changed of one row, as it was before (sql/before_file_sql.py). Values are ciphertexts under
    the school's key, as in the row itself."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    of_table = models.CharField(max_length=30)
    row = models.BigIntegerField()
    before = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "of_table", "row"], name="row_before_once")]
