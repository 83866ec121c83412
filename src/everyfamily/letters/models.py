"""Tables of letters. A sealed letter cannot change: the database refuses it (immutable_sql.py). draft_tables.py and
frozen_tables.py have those of letters that are not sealed yet, asking_tables.py has what waits for a second person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.core.agreement.approvals import LetterState
from everyfamily.core.agreement.passkey_approvals import LONGEST_SIGNATURE
from everyfamily.letters.asking_tables import Asking as Asking
from everyfamily.letters.draft_tables import Draft as Draft
from everyfamily.letters.draft_tables import DraftPassage as DraftPassage
from everyfamily.letters.draft_tables import DraftTranslation as DraftTranslation
from everyfamily.letters.draft_tables import DraftWaiver as DraftWaiver
from everyfamily.letters.draft_tables import LetterSeen as LetterSeen
from everyfamily.letters.draft_tables import Note as Note
from everyfamily.letters.frozen_tables import Frozen as Frozen
from everyfamily.letters.frozen_tables import FrozenFile as FrozenFile
from everyfamily.letters.frozen_tables import ReceivedApproval as ReceivedApproval
from everyfamily.letters.frozen_tables import Review as Review
from everyfamily.letters.frozen_tables import Sealing as Sealing


class Letter(models.Model):
    """One letter of one topic and term. `record` is what its digest covers."""

    reference = models.CharField(max_length=40, unique=True)
    topic = models.CharField(max_length=80)
    term = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default=LetterState.DRAFT.value)
    digest = models.CharField(max_length=64)
    record = models.JSONField()
    composed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in LetterState]), name="letter_state_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, state="withdrawn"),
                name="letter_withdrawn_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.state})"


class LetterText(models.Model):
    """The letter in one language: who made it, and from which version of the English."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    language = models.CharField(max_length=20)
    source_digest = models.CharField(max_length=64)
    """Digest of the English that it was made from. It is out of date when the English changes."""
    translator = models.CharField(max_length=120, blank=True)
    checked_by = models.CharField(max_length=120, blank=True)
    passages = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "language"], name="text_once_per_language")]

    def __str__(self) -> str:
        return f"letter {self.letter_id} in {self.language}"


class LetterArtefact(models.Model):
    """A rendered file with its gaps open, such as "en/email.html". Its digest is in the sealed record."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "name"], name="artefact_once")]

    def __str__(self) -> str:
        return f"{self.name} of letter {self.letter_id}"


class Approval(models.Model):
    """One signatory's signature over one digest."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    signatory = models.CharField(max_length=40)
    organisation = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    signature = models.CharField(max_length=LONGEST_SIGNATURE)
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "signatory", "digest"], name="approval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.signatory} approved {self.digest[:12]}"


class Seal(models.Model):
    """The published seal of a letter, as in its JSON file."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64)
    published = models.TextField()
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"seal of letter {self.letter_id}"


class Route(models.Model):
    """A route as a letter printed it: a row of the partnership's register, copied when the letter was sealed."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    register_id = models.CharField(max_length=40)
    label = models.CharField(max_length=120)
    number = models.CharField(max_length=40, blank=True)
    url = models.CharField(max_length=200, blank=True)
    hours = models.CharField(max_length=120, blank=True)
    owner = models.CharField(max_length=120)
    checked_at = models.DateField(null=True)
    checked_by = models.CharField(max_length=80, null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "register_id"], name="route_once_per_letter")]

    def __str__(self) -> str:
        return f"{self.register_id} of letter {self.letter_id}"


class RouteCheck(models.Model):
    """What a person found when they rang a number or opened an address. Rows are only ever added."""

    register_id = models.CharField(max_length=40)
    """The row of the register that they looked at. The number decides what the check counts for."""
    place = models.CharField(max_length=200)
    """The number or address as it was printed."""
    is_good = models.BooleanField()
    note = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=80)
    by_account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place", "-at"], name="newest_check_of_place")]
        constraints = [models.CheckConstraint(condition=~Q(place=""), name="a_check_is_of_a_place")]

    def __str__(self) -> str:
        return f"{self.register_id}: {'good' if self.is_good else 'dead'}"


class Recording(models.Model):
    """A sealed letter read aloud by a person, in one language: the newest counts, and there is no other."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE)
    language = models.CharField(max_length=20)
    content = models.BinaryField()
    """MP3."""
    read_by = models.CharField(max_length=80)
    heard_by = models.CharField(max_length=80)
    """A second person, who listened to all of it."""
    words_digest = models.CharField(max_length=16)
    """Of the words that were read (parentsite/recordings.py)."""
    by = models.CharField(max_length=80)
    by_account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "language"], name="one_recording_of_a_language")]

    def __str__(self) -> str:
        return f"{self.language}, read by {self.read_by}"


class YearMark(models.Model):
    """Somebody said that a step of a planned letter is done (core/calendar/year_work.py). The plan itself is in the
    settings."""

    address = models.CharField(max_length=40)
    """Of the planned letter: "spring-2027-2"."""
    step = models.CharField(max_length=12)
    by = models.CharField(max_length=80)
    by_account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "step"], name="year_mark_once")]

    def __str__(self) -> str:
        return f"{self.address}: {self.step}"
