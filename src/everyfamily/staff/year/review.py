"""The page on which a coordinator reviews a letter: calls, answers of parents, what to change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.accounting.letter_review import (
    CHANGES,
    FEWEST_PARENTS,
    MOST_PARENTS,
    QUESTIONS,
    AnswersNotTaken,
    CallsNotTaken,
    ChangeNotKnown,
    Review,
)
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.actions.accounting.reviewing import record_review
from everyfamily.mailings.queries.reviews import Reviewed, review_of, reviewed_by_id
from everyfamily.staff.access import Visit

_SAID = {
    "calls": "The calls are written down.",
    "parents": "The answers are written down: only how many chose what.",
    "changes": "It is written down what to change.",
}


def review_answer(visit: Visit, mailing_id: int) -> HttpResponseBase:
    """The page, or what was recorded by it. 404 for a mailing that has no review."""
    found = reviewed_by_id(mailing_id)
    if found is None:
        raise Http404
    part, wrong = visit.request.POST.get("part", ""), None
    if visit.request.method == "POST" and part in _SAID:
        try:
            record_review(mailing_id, by=visit.actor, now=visit.now, **_given(part, visit.request.POST))
        except (CallsNotTaken, AnswersNotTaken, ChangeNotKnown) as problem:
            wrong = problem
        else:
            visit.say(_SAID[part])
            return redirect("year-review", mailing_id)
    values = _values(found, review_of(mailing_id), visit.request.POST if wrong else {})
    values |= {"here": "year", "wrong": wrong, "part": part}
    return visit.render("staff/year/review.html", values, status=422 if wrong else 200)


def _given(part: str, form: Any) -> dict[str, Any]:
    """What a form says. Raises CallsNotTaken or AnswersNotTaken for what is no day or no number."""
    if part == "changes":
        return {"changes": form.getlist("change") or ["-"]}
    if part == "parents":
        answers = {
            name: {choice: _number(form.get(f"{name}-{choice}", ""), AnswersNotTaken) for choice in one.choices}
            for name, one in QUESTIONS.items()
        }
        return {"answers": (_number(form.get("parents", ""), AnswersNotTaken), answers)}
    try:
        day = date.fromisoformat(form.get("day", ""))
    except ValueError:
        raise CallsNotTaken(
            "The day is missing, or is no day.", "Give a day in the week that was counted."
        ) from None
    return {"calls": [(form.get("door", ""), day, _number(form.get("count", "") or "?", CallsNotTaken))]}


def _number(words: str, refused: type[CallsNotTaken | AnswersNotTaken]) -> int:
    words = words.strip() or "0"
    if not (words.isascii() and words.isdecimal() and len(words) <= 6):
        raise refused("Something that was typed is not a number.", "Give whole numbers.")
    return int(words)


def _values(found: Reviewed, review: Review, typed: Mapping[str, str]) -> dict[str, Any]:
    doors = {
        route.id: route.label if route.differs_by_school else f"{route.label}, {route.place}"
        for route in letter_by_id(found.letter_id).routes
    }
    calls = sorted(review.calls.items(), key=lambda one: (one[0][1], one[0][0]))
    return {
        "reference": found.reference,
        "complete": review.is_complete,
        "calls": [(day_in_words(week), doors.get(door, door), count) for (door, week), count in calls],
        "all_calls": review.all_calls,
        "doors": list(doors.items()),
        "parents": typed.get("parents", review.parents or ""),
        "fewest": FEWEST_PARENTS,
        "most": MOST_PARENTS,
        "questions": [
            (
                name,
                one.words,
                [
                    (
                        choice,
                        choice.replace("-", " ").capitalize(),
                        typed.get(f"{name}-{choice}", review.answers.get(name, {}).get(choice, "")),
                    )
                    for choice in one.choices
                ],
            )
            for name, one in QUESTIONS.items()
        ],
        "changes": [(key, words, key in review.changes) for key, words in CHANGES.items()],
    }
