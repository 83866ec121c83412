"""Reads of the reviews of letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from everyfamily.core.accounting.letter_review import Review, review_from
from everyfamily.core.calendar.sending_window import LONDON, REHEARSAL
from everyfamily.mailings.models import LetterReview, Mailing

_COUNTED = ("", "replacement")


@dataclass(frozen=True, slots=True)
class ToReview:
    """A mailing whose review is not complete."""

    reference: str
    begun_on: date


def review_of(mailing_id: int) -> Review:
    """What is recorded of a mailing so far."""
    row = LetterReview.objects.filter(mailing_id=mailing_id).order_by("-id").first()
    return review_from(row.found) if row is not None else Review()


def reviewed_letters(letter_ids: Iterable[int]) -> set[int]:
    """Which of these letters have a complete review."""
    rows = LetterReview.objects.filter(is_complete=True, mailing__letter_id__in=set(letter_ids))
    return set(rows.values_list("mailing__letter_id", flat=True))


@dataclass(frozen=True, slots=True)
class Mailed:
    """What was mailed so far, and what of it waits for its review."""

    letters: frozenset[int]
    """Every letter that has a mailing."""
    to_review: tuple[ToReview, ...]


def mailed(first: date, last: date) -> Mailed:
    """In one read, with the mailings that began from `first` to `last` and have no complete review, oldest first. A
    withdrawn letter, a correction and a rehearsal need none."""
    start, end = (datetime.combine(day, datetime.min.time(), LONDON) for day in (first, last + timedelta(days=1)))
    counts = Q(opens_at__gte=start, opens_at__lt=end, follows_as__in=_COUNTED) & ~Q(state="withdrawn")
    complete = LetterReview.objects.filter(mailing=OuterRef("pk"), is_complete=True)
    rows = Mailing.objects.annotate(waits=ExpressionWrapper(counts & ~Exists(complete), BooleanField()))
    columns = ("letter_id", "letter__reference", "opens_at", "waits", "sending")
    found = list(rows.order_by("opens_at", "id").values_list(*columns))
    return Mailed(
        frozenset(row[0] for row in found),
        tuple(
            ToReview(reference, opens_at.astimezone(LONDON).date())
            for _, reference, opens_at, waits, sending in found
            if waits and sending != REHEARSAL
        ),
    )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A mailing that has a review, or should have one."""

    mailing_id: int
    letter_id: int
    reference: str
    is_complete: bool


def reviewed_by_id(mailing_id: int) -> Reviewed | None:
    """The mailing, if it is one that is reviewed."""
    return next(iter(_reviewed(Q(pk=mailing_id))), None)


def reviewed_of(first: date, last: date, now: datetime) -> list[Reviewed]:
    """Mailings that began from `first` to `last` and before `now`, oldest first."""
    start, end = (datetime.combine(day, datetime.min.time(), LONDON) for day in (first, last + timedelta(days=1)))
    return _reviewed(Q(opens_at__gte=start, opens_at__lt=min(end, now)))


def _reviewed(which: Q) -> list[Reviewed]:
    complete = LetterReview.objects.filter(mailing=OuterRef("pk"), is_complete=True)
    rows = Mailing.objects.filter(which, follows_as__in=_COUNTED).annotate(complete=Exists(complete))
    found = rows.order_by("opens_at", "id").values_list(
        "id", "letter_id", "letter__reference", "complete", "sending"
    )
    return [Reviewed(*row[:4]) for row in found if row[4] != REHEARSAL]
