"""The review of a letter takes counts and choices, and refuses what cannot be."""

from __future__ import annotations

import json
from datetime import date

import pytest

from everyfamily.core.accounting.letter_review import (
    CHANGES,
    QUESTIONS,
    AnswersNotTaken,
    CallsNotTaken,
    ChangeNotKnown,
    Review,
    review_from,
    with_answers,
    with_calls,
    with_changes,
    with_counts,
)
from tests.factories.each import each

BEGUN, TODAY = date(2027, 3, 9), date(2027, 4, 6)
DOORS = ("local", "police", "school")
GOOD = "yes,all,yes,yes,not-yet,prepared"


def counted(*calls: tuple[str, date, int], before: Review | None = None) -> Review:
    return with_calls(before or Review(), calls, doors=DOORS, begun_on=BEGUN, today=TODAY)


def test_calls_are_kept_by_front_door_and_week_and_a_later_count_replaces_an_earlier_one() -> None:
    first = counted(("local", date(2027, 3, 10), 41), ("police", date(2027, 3, 8), 7))
    second = counted(("local", date(2027, 3, 12), 43), ("local", date(2027, 3, 16), 12), before=first)
    assert second.calls == {
        ("local", date(2027, 3, 8)): 43,
        ("police", date(2027, 3, 8)): 7,
        ("local", date(2027, 3, 15)): 12,
    }
    assert second.by_door() == {"local": 55, "police": 7}
    assert (Review().all_calls, second.all_calls) == (None, 62)


@each(
    "door, day, count",
    [
        ("careline", BEGUN, 1),
        ("local", date(2027, 3, 5), 1),
        ("local", date(2027, 4, 12), 1),
        ("local", BEGUN, -1),
        ("local", BEGUN, 100_001),
    ],
)
def test_a_count_that_cannot_be_is_refused(door: str, day: date, count: int) -> None:
    with pytest.raises(CallsNotTaken):
        counted((door, day, count))


def test_answers_are_kept_only_as_how_many_chose_what() -> None:
    found = with_answers(Review(), [GOOD] * 4 + ["yes,part,partly,no,-,worried"])
    assert found.parents == 5
    assert found.answers["talked"] == {"yes": 0, "not-yet": 4, "no": 0}
    assert found.answers["felt"] == {"prepared": 4, "worried": 1, "blamed": 0, "same": 0}
    assert all(sum(choices.values()) <= 5 for choices in found.answers.values())
    assert GOOD not in json.dumps(found.as_json())


@each(
    "parents",
    [
        [GOOD] * 4,
        [GOOD] * 9,
        [GOOD] * 4 + ["yes,all"],
        [GOOD] * 4 + [GOOD + ",she said that Tom is afraid"],
        [GOOD] * 4 + [GOOD.replace("prepared", "ring 0151 496 0160")],
    ],
)
def test_too_few_too_many_and_free_text_are_refused_and_not_repeated(parents: list[str]) -> None:
    with pytest.raises(AnswersNotTaken) as caught:
        with_answers(Review(), parents)
    assert "Tom" not in str(caught.value)
    assert "0160" not in str(caught.value)


def test_answers_that_were_counted_already_are_the_same_and_never_more_than_the_parents() -> None:
    found = with_answers(Review(), [GOOD] * 5)
    assert with_counts(Review(), 5, found.answers) == found
    for parents, answers in ((5, {"got": {"yes": 6}}), (4, {}), (5, {"got": {"yes": -1}})):
        with pytest.raises(AnswersNotTaken):
            with_counts(Review(), parents, answers)


def test_what_to_change_is_chosen_from_a_list() -> None:
    assert with_changes(Review(), ["week", "shorter", "week"]).changes == ("week", "shorter")
    for changes in (["ask Mrs Ferris"], ["nothing", "week"]):
        with pytest.raises(ChangeNotKnown):
            with_changes(Review(), changes)


def test_a_review_is_complete_with_all_three_and_comes_back_from_its_plain_values() -> None:
    calls = counted(("local", BEGUN, 0))
    answered = with_answers(calls, [GOOD] * 6)
    whole = with_changes(answered, ["nothing"])
    assert [one.is_complete for one in (calls, answered, whole)] == [False, False, True]
    assert review_from(json.loads(json.dumps(whole.as_json()))) == whole


def test_every_question_has_choices_that_can_be_typed() -> None:
    for question in QUESTIONS.values():
        assert question.words.endswith("?")
        assert all("," not in choice and choice != "-" for choice in question.choices)
    assert "nothing" in CHANGES
