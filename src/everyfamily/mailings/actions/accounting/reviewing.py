"""Somebody records what a letter did: calls, answers of parents, what to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.accounting.letter_review import Review, with_answers, with_calls, with_changes, with_counts
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.models import LetterReview, Mailing
from everyfamily.mailings.queries.reviews import review_of


def record_review(
    mailing_id: int,
    *,
    calls: Sequence[tuple[str, date, int]] = (),
    parents: Sequence[str] = (),
    answers: tuple[int, Mapping[str, Mapping[str, int]]] | None = None,
    changes: Sequence[str] = (),
    by: Actor,
    now: datetime,
) -> Review:
    """Add to the review of a mailing, and return it. What is not given stays as it was. Answers are given one parent at
    a time (`parents`), or counted (`answers`: how many parents, and question -> choice -> parents).

    Raises CallsNotTaken, AnswersNotTaken or ChangeNotKnown, and then nothing is recorded.
    """
    with transaction.atomic():
        # One at a time, so that nobody's count is lost.
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        review = review_of(mailing_id)
        if calls:
            review = with_calls(
                review,
                calls,
                doors={route.id for route in letter_by_id(mailing.letter_id).routes},
                begun_on=mailing.opens_at.astimezone(LONDON).date(),
                today=now.astimezone(LONDON).date(),
            )
        review = with_answers(review, parents) if parents else review
        review = with_counts(review, *answers) if answers is not None else review
        review = with_changes(review, changes) if changes else review
        LetterReview.objects.create(
            mailing_id=mailing_id,
            found=review.as_json(),
            is_complete=review.is_complete,
            by=by.text,
            by_account=by.account,
            at=now,
        )
        record_event(
            action="record review",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail={"calls": len(calls), "parents": len(parents), "changes": len(changes)},
        )
    return review
