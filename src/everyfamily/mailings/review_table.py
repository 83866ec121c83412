"""What was recorded when a letter was reviewed. models.py includes it in the app's tables."""

from __future__ import annotations

from django.db import models


class LetterReview(models.Model):
    """The review of a mailing as it was after somebody added to it. Rows are only ever added, and the newest counts. It
    has counts and choices, and nothing about one parent (core/accounting/letter_review.py)."""

    mailing = models.ForeignKey("mailings.Mailing", on_delete=models.CASCADE)
    found = models.JSONField()
    is_complete = models.BooleanField()
    by = models.CharField(max_length=80)
    by_account = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["mailing", "-id"], name="newest_review_of_mailing")]

    def __str__(self) -> str:
        return f"review of mailing {self.mailing_id}"
