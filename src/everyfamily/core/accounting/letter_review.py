"""The review of a letter: calls by week and front door, fixed answers of five to eight parents, what to change. Pure.

Nothing in it is about one parent: answers are kept only as counts for each choice, and there is no free text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

from everyfamily.core.errors import EveryfamilyError

FEWEST_PARENTS, MOST_PARENTS = 5, 8
MOST_CALLS = 100_000


class CallsNotTaken(EveryfamilyError):
    """A count of calls is of another front door than the letter's, or of a week that cannot be."""

    code: ClassVar[str] = "EF475"


class AnswersNotTaken(EveryfamilyError):
    """The answers of parents are too few or too many, or one of them is none of the choices."""

    code: ClassVar[str] = "EF476"


class ChangeNotKnown(EveryfamilyError):
    """What is to change is none of the choices."""

    code: ClassVar[str] = "EF477"


@dataclass(frozen=True, slots=True)
class Question:
    """What each parent is asked, and the choices: what is typed -> what it says of them as a group."""

    words: str
    choices: Mapping[str, str]


QUESTIONS: Mapping[str, Question] = {
    "got": Question(
        "Did you get the letter?", {"yes": "got it", "no": "did not get it", "not-sure": "were not sure"}
    ),
    "read": Question(
        "How much of it did you read?",
        {"all": "read all of it", "part": "read part of it", "none": "read none of it"},
    ),
    "clear": Question(
        "Was it clear what to look out for?",
        {"yes": "found it clear", "partly": "found it partly clear", "no": "did not find it clear"},
    ),
    "whom": Question(
        "Do you know whom to ring?", {"yes": "knew whom to ring", "no": "did not know whom to ring"}
    ),
    "talked": Question(
        "Have you talked with your child about it?",
        {"yes": "had talked with their child", "not-yet": "meant to", "no": "did not want to"},
    ),
    "felt": Question(
        "How did it leave you?",
        {
            "prepared": "felt better prepared",
            "worried": "felt worried",
            "blamed": "felt blamed",
            "same": "felt no different",
        },
    ),
}
"""The first choice of each question is what a letter hopes for."""
ALWAYS_TOLD = {"felt": ("blamed",)}
"""What a report says besides the first choices, if any parent chose it."""
NOT_SAID = "-"
"""Typed where a parent was not asked, or did not say."""
CHANGES: Mapping[str, str] = {
    "nothing": "nothing",
    "shorter": "a shorter letter",
    "clearer": "clearer words",
    "languages": "more languages",
    "week": "another week",
    "notice": "more notice to schools",
    "people": "more people on the line",
    "routes": "other numbers to ring",
    "talk": "better words for talking with a child",
    "email": "an email that more people open",
}


@dataclass(frozen=True, slots=True)
class Review:
    """What is recorded so far."""

    calls: Mapping[tuple[str, date], int] = field(default_factory=dict)
    """(front door: a route's id, the week's Monday) -> calls because of the letter."""
    parents: int = 0
    answers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """Question -> choice -> parents."""
    changes: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Calls were counted, parents asked, and somebody said what to change."""
        return bool(self.calls and self.parents and self.changes)

    @property
    def all_calls(self) -> int | None:
        """The sum of the calls, or None if nobody counted any."""
        return sum(self.calls.values()) if self.calls else None

    def by_door(self) -> dict[str, int]:
        """Calls of each front door over all weeks."""
        doors: dict[str, int] = {}
        for (door, _), count in self.calls.items():
            doors[door] = doors.get(door, 0) + count
        return doors

    def as_json(self) -> dict[str, Any]:
        """Plain values; `review_from` restores it."""
        calls = [[door, week.isoformat(), count] for (door, week), count in sorted(self.calls.items())]
        return {"calls": calls, "parents": self.parents, "answers": self.answers, "changes": list(self.changes)}


def review_from(kept: Mapping[str, Any]) -> Review:
    """A review from its plain values."""
    calls = {(door, date.fromisoformat(week)): count for door, week, count in kept["calls"]}
    return Review(calls, kept["parents"], kept["answers"], tuple(kept["changes"]))


def with_calls(
    review: Review,
    calls: Sequence[tuple[str, date, int]],
    *,
    doors: Collection[str],
    begun_on: date,
    today: date,
) -> Review:
    """The review with counts of calls; a count for the same door and week replaces the earlier one.

    `doors` are the ids of the routes that the letter prints. Raises CallsNotTaken.
    """
    found = dict(review.calls)
    for door, day, count in calls:
        week = day - timedelta(days=day.weekday())
        if door not in doors:
            raise CallsNotTaken(
                f'The letter prints no route "{door}".', f"Use one of: {', '.join(sorted(doors))}."
            )
        if not begun_on - timedelta(days=begun_on.weekday()) <= week <= today:
            raise CallsNotTaken(
                f"The week of {week} is before the letter went, or has not begun.",
                "Give a day in a week from the first wave until today.",
            )
        if not 0 <= count <= MOST_CALLS:
            raise CallsNotTaken(f"{count:,} calls in a week cannot be.", "Give the number that was counted.")
        found[door, week] = count
    return Review(found, review.parents, review.answers, review.changes)


def with_answers(review: Review, parents: Sequence[str]) -> Review:
    """The review with the answers of parents, in place of any earlier ones. Each is one choice for each question in
    their order, with commas: "yes,all,yes,yes,not-yet,prepared". Raises AnswersNotTaken."""
    _check_number(len(parents))
    counted: dict[str, dict[str, int]] = {name: dict.fromkeys(one.choices, 0) for name, one in QUESTIONS.items()}
    for number, answers in enumerate(parents, start=1):
        given = [one.strip() for one in answers.split(",")]
        if len(given) != len(QUESTIONS):
            raise AnswersNotTaken(
                f"Parent {number} has {len(given)} answers, not {len(QUESTIONS)}.",
                f"Give one for each question, with commas, and {NOT_SAID} where there is none.",
            )
        for (name, question), choice in zip(QUESTIONS.items(), given, strict=True):
            if choice == NOT_SAID:
                continue
            if choice not in question.choices:
                raise AnswersNotTaken(
                    f'An answer of parent {number} to "{question.words}" is none of the choices.',
                    f"Use one of: {', '.join(question.choices)}, or {NOT_SAID}.",
                )
            counted[name][choice] += 1
    return Review(review.calls, len(parents), counted, review.changes)


def with_counts(review: Review, parents: int, answers: Mapping[str, Mapping[str, int]]) -> Review:
    """The review with the answers of so many parents, counted already: question -> choice -> parents. Raises
    AnswersNotTaken."""
    _check_number(parents)
    counted: dict[str, dict[str, int]] = {}
    for name, question in QUESTIONS.items():
        counted[name] = {choice: answers.get(name, {}).get(choice, 0) for choice in question.choices}
        if min(counted[name].values()) < 0 or sum(counted[name].values()) > parents:
            raise AnswersNotTaken(
                f'"{question.words}" has more answers than the {parents} parents who were asked.',
                "Count each parent once, or not at all if they did not say.",
            )
    return Review(review.calls, parents, counted, review.changes)


def _check_number(parents: int) -> None:
    if not FEWEST_PARENTS <= parents <= MOST_PARENTS:
        raise AnswersNotTaken(
            f"There are the answers of {parents} parents.",
            f"Ask {FEWEST_PARENTS} to {MOST_PARENTS}, and give all of them together.",
        )


def with_changes(review: Review, changes: Sequence[str]) -> Review:
    """The review with what to change, in place of what was said before. Raises ChangeNotKnown."""
    wanted = tuple(dict.fromkeys(changes))
    for one in wanted:
        if one not in CHANGES:
            raise ChangeNotKnown(f'"{one}" is none of the choices.', f"Use some of: {', '.join(CHANGES)}.")
    if "nothing" in wanted and len(wanted) > 1:
        raise ChangeNotKnown("Nothing is to change, and something is.", "Say either.")
    return Review(review.calls, review.parents, review.answers, wanted)
