"""A draft's words as they were frozen for approval, what people said of exactly these words, and their sealing, for the
tables of models.py."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from everyfamily.work.rows import Work

_OPEN = Q(state__in=["waiting", "working"])


class Frozen(Work):
    """One version of a draft, rendered and checked once, so that everybody approves the same bytes.

    A worker fills it. From then on the database refuses to change what it holds. Only `overtaken_at` is written later,
    once: the draft has other words now, and approvals of this version count for nothing.
    """

    WHAT = "freezing a letter for approval"

    draft = models.ForeignKey("letters.Draft", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    newest_passage = models.BigIntegerField()
    """The newest row of the draft's passages that it has. 0: none."""
    overrides = models.TextField()
    """The file of overrides (TOML) that it is made of."""
    waivers = models.TextField(blank=True)
    """The file of waivers (TOML) that it is made with. Empty: none."""
    dated = models.DateField()
    settings_version = models.BigIntegerField(null=True)
    """The version of the settings that it was composed with. None: the file that EVERYFAMILY_PARTNERSHIP names."""
    record = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    required = models.JSONField(default=list)
    """Who must approve: a row with id and organisation for each, from the record."""
    report = models.JSONField(default=list)
    """What the checks found, as rows; none of it stops approval."""
    seconds = models.JSONField(default=dict)
    """How long each language took to render."""
    overtaken_at = models.DateTimeField(null=True)
    overtaken_by = models.CharField(max_length=80, blank=True, default="")
    overtaken_why = models.CharField(max_length=20, blank=True, default="")
    """"words", "waivers", "date", "pack", "settings", "translation", "asked again" or "ended"."""

    class Meta(Work.Meta):
        abstract = False
        constraints = (
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["draft", "number"], name="frozen_numbered_once"),
            models.UniqueConstraint(fields=["draft"], condition=_OPEN, name="one_freezing_at_a_time"),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(record__isnull=False) & ~Q(digest="")),
                name="frozen_has_its_record",
            ),
            models.CheckConstraint(
                condition=Q(overtaken_at__isnull=True, overtaken_why="")
                | (Q(overtaken_at__isnull=False) & ~Q(overtaken_why="")),
                name="overtaken_says_why",
            ),
        )


class FrozenFile(models.Model):
    """A rendered file of a frozen version, such as "en/email.html". Its digest is in the record."""

    frozen = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=60)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["frozen", "name"], name="frozen_file_once")]

    def __str__(self) -> str:
        return f"{self.name} of frozen {self.frozen_id}"


class ReceivedApproval(models.Model):
    """An approval as it came in, from a page or as a file. Only ever added. The seal proves each again."""

    frozen = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="approvals")
    signatory = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    """"ed25519" (a key file) or "passkey"."""
    json = models.JSONField()
    """The approval as in its file."""
    by = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["frozen", "signatory", "-id"], name="newest_approval_of_body")]

    def __str__(self) -> str:
        return f"{self.signatory} approved frozen {self.frozen_id}"


class Review(models.Model):
    """A reviewer said that these words were reviewed, or asked for a change. Only ever added; the newest counts."""

    frozen = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="reviews")
    account = models.BigIntegerField(null=True)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=14)
    words = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["reviewed", "change asked"]), name="review_known"),
            models.CheckConstraint(
                condition=Q(kind="reviewed") | ~Q(words=""), name="a_change_is_asked_in_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.kind}"


class Sealing(Work):
    """Somebody asked for a frozen version to be sealed. A worker that has the sealing key does it."""

    WHAT = "sealing a letter"

    frozen = models.ForeignKey(Frozen, on_delete=models.PROTECT, related_name="sealings")
    needs_review = models.BooleanField(default=False)
    """There was somebody whose role is reviewer when it was asked for."""
    endorsements = models.JSONField(default=list)
    """Endorsements of further keys, each the text of its file. The worker proves them."""

    class Meta(Work.Meta):
        abstract = False
        constraints = (
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["frozen"], condition=_OPEN, name="one_sealing_at_a_time"),
        )
