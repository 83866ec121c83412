"""Drafts of letters and what people say about them, for the tables of models.py.

What an author changes is never overwritten: each save adds rows, and the newest row of a passage counts. So every
version can be read again, and two authors lose nothing.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """A letter that is being written: a pack as it was on the day, and the partnership's own words on it."""

    reference = models.CharField(max_length=40, unique=True)
    pack_id = models.CharField(max_length=80)
    pack_version = models.CharField(max_length=20)
    pack_digest = models.CharField(max_length=64)
    pack_zip = models.BinaryField()
    """The pack's files (core/packs/pack_zip.py). A file that changes on disk changes no draft."""
    term = models.CharField(max_length=40)
    """Such as "spring-2027"."""
    dated = models.DateField()
    follows_kind = models.CharField(max_length=12, blank=True, default="")
    """"correction" or "replacement"; empty if it follows no letter."""
    follows_reference = models.CharField(max_length=40, blank=True, default="")
    wrong_route = models.CharField(max_length=40, blank=True, default="")
    """Of a correction: the route of the letter before that was wrong."""
    correction_words = models.JSONField(default=dict)
    """Of a correction: file name -> text of what is said first, as it was on the day."""
    begun_by = models.CharField(max_length=80)
    begun_account = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(follows_kind__in=["", "correction", "replacement"]), name="draft_follows_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="draft_ends_with_a_name",
            ),
            models.UniqueConstraint(
                fields=["pack_id", "term", "follows_kind", "follows_reference"],
                condition=Q(ended_at__isnull=True),
                name="one_draft_of_a_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.reference}"


class DraftPassage(models.Model):
    """A passage in other words than the pack's, an addition to it, or the pack's own words again. Only ever added."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="passages")
    version = models.PositiveIntegerField()
    """Of the draft: all rows of one save have the same."""
    language = models.CharField(max_length=20)
    section = models.CharField(max_length=60)
    passage = models.CharField(max_length=80)
    """Its id in the letter: "now/4", and "now/4+1" for the first addition after it."""
    kind = models.CharField(max_length=10)
    was = models.TextField(blank=True)
    """The pack's words for which it was written; of an addition, those of the passage that it comes after."""
    words = models.TextField(blank=True)
    why = models.CharField(max_length=300)
    sources = models.JSONField(null=True)
    """None: those of the pack."""
    promises = models.JSONField(null=True)
    only = models.JSONField(default=list)
    own_sources = models.JSONField(default=dict)
    """The partnership's own among its sources: key -> the row of a file of sources."""
    by = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["draft", "language", "passage", "-id"], name="newest_of_a_passage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["change", "addition", "back"]), name="draft_passage_known"
            ),
            models.CheckConstraint(condition=Q(kind="back") | ~Q(words=""), name="draft_passage_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.language} {self.passage}"


class DraftTranslation(models.Model):
    """Somebody read a translation against the English of this draft. Only ever added; the newest counts."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="translations")
    part = models.CharField(max_length=12)
    """"translations" (the letter), "site" or "short": the table of the overrides that says so."""
    language = models.CharField(max_length=20)
    translator = models.CharField(max_length=120)
    checker = models.CharField(max_length=120, blank=True)
    english_digest = models.CharField(max_length=16)
    checked_digest = models.CharField(max_length=16, blank=True, default="")
    """Of the translation's own words as they were read. Empty for a letter's whole text."""
    by = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(part__in=["translations", "site", "short"]), name="draft_translation_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.language} of draft {self.draft_id}"


class DraftWaiver(models.Model):
    """A warning that the partnership would accept in this letter. Those who approve the letter agree to it."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="waivers")
    code = models.CharField(max_length=8)
    passage = models.CharField(max_length=80)
    language = models.CharField(max_length=20, blank=True, default="")
    """Empty: every language."""
    reason = models.CharField(max_length=400)
    ends_on = models.DateField()
    by = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "code", "passage", "language"],
                condition=Q(ended_at__isnull=True),
                name="draft_waiver_once",
            ),
        ]

    def __str__(self) -> str:
        return f"waiver of {self.code} in {self.passage}"


class Note(models.Model):
    """What somebody says about a passage, or about the whole letter, to the people who work on it."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="notes")
    language = models.CharField(max_length=20, default="en")
    passage = models.CharField(max_length=80, blank=True, default="")
    """Empty: the whole letter."""
    text = models.CharField(max_length=2000)
    by = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20, blank=True, default="")
    body = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_note_has_words")]

    def __str__(self) -> str:
        return f"note on {self.passage or 'the letter'}"


class LetterSeen(models.Model):
    """When an account last looked at the words of a draft: as they are frozen, or before that."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    frozen = models.ForeignKey("letters.Frozen", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "draft", "-at"], name="last_look_of_account")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "draft", "frozen"], nulls_distinct=False, name="looked_once_at_a_version"
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.account} saw draft {self.draft_id}"
