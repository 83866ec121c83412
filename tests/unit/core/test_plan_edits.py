"""Edits of the year plan in the text of the partnership's file: what changes, what stays, and what is refused."""

from __future__ import annotations

import difflib
from dataclasses import replace
from datetime import date, timedelta

import pytest

from everyfamily.core.calendar.year_plan import MOST_IN_A_TERM, PlannedLetter, YearPlan
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.plan_edits import (
    AddressInUse,
    PlanNotEditable,
    Wanted,
    digest_of,
    faults_of,
    is_open,
    with_added,
    with_changed,
    with_taken_out,
)
from everyfamily.core.partnership.versions import files_at, files_given
from tests.factories.demonstration import PARTNERSHIP

TEXT = PARTNERSHIP.read_text(encoding="utf-8").replace(
    "send_week = 2027-03-02", "send_week = 2027-03-02  # after the half-term"
)
TODAY = date(2027, 1, 11)
ADDED = Wanted("spring-2027", "nude-images-and-ai", "nude pictures", date(2027, 1, 19))


def read(text: str) -> Partnership:
    kept = dict(files_at(PARTNERSHIP)[0].drawings)
    return files_given(text.encode(), "partnership.toml", {}, kept)[1]


def planned(text: str, address: str) -> PlannedLetter:
    return next(one for one in plan(text).letters if one.address == address)


def plan(text: str) -> YearPlan:
    return read(text).year_plan


def letters(text: str) -> dict[str, Wanted]:
    return {one.address: Wanted.of(one) for one in plan(text).letters}


def changed_lines(before: str, after: str) -> list[str]:
    return [
        line
        for line in difflib.ndiff(before.split("\n"), after.split("\n"))
        if line[:1] in "+-" and line[2:].strip()
    ]


def test_a_letter_is_added_after_the_others_of_its_term_and_nothing_else_changes() -> None:
    after = with_added(TEXT, ADDED)
    assert letters(after) == letters(TEXT) | {"spring-2027-2": ADDED}
    assert changed_lines(TEXT, after) == [
        "+ [[terms.letters]]",
        '+ topic = "nude-images-and-ai"',
        '+ about = "nude pictures"',
        "+ send_week = 2027-01-19",
    ]
    third = replace(
        ADDED, topic="criminal-exploitation", send_week=date(2027, 1, 26), beside="nude-images-and-ai"
    )
    assert letters(with_added(after, third)) == letters(after) | {"spring-2027-3": third}


def test_a_moved_letter_keeps_its_address_and_its_comment() -> None:
    before = planned(TEXT, "spring-2027")
    wanted = replace(Wanted.of(before), send_week=date(2027, 3, 9))
    after = with_changed(TEXT, plan(TEXT), before, wanted, {"spring-2027"})
    assert changed_lines(TEXT, after) == [
        "- send_week = 2027-03-02  # after the half-term",
        "+ send_week = 2027-03-09  # after the half-term",
    ]
    assert with_changed(TEXT, plan(TEXT), before, Wanted.of(before), ()) == TEXT, (
        "nothing changed, nothing written"
    )


def test_a_letter_that_moves_to_another_term_is_the_last_one_there() -> None:
    before = planned(TEXT, "spring-2027")
    wanted = replace(Wanted.of(before), term="summer-2027", send_week=date(2027, 6, 15))
    after = with_changed(TEXT, plan(TEXT), before, wanted, ())
    assert letters(after)["summer-2027-2"] == wanted
    assert is_open(planned(after, "spring-2027"))
    again = with_added(after, ADDED)
    assert letters(again)["spring-2027"] == ADDED, "a term without a letter has room for its first"


def test_a_letter_is_taken_out_and_later_ones_of_its_term_move_up() -> None:
    two = with_added(TEXT, ADDED)
    first, second = planned(two, "spring-2027"), planned(two, "spring-2027-2")
    assert letters(with_taken_out(two, plan(two), second, {"spring-2027"})) == letters(TEXT)
    assert letters(with_taken_out(two, plan(two), first, ()))["spring-2027"] == ADDED
    for in_use in ({"spring-2027"}, {"spring-2027-2"}):
        with pytest.raises(AddressInUse):
            with_taken_out(two, plan(two), first, in_use)
        with pytest.raises(AddressInUse):
            wanted = replace(Wanted.of(first), term="summer-2027", send_week=date(2027, 6, 15))
            with_changed(two, plan(two), first, wanted, in_use)
    short = with_added(two, Wanted("spring-2027", "third", "a third", date(2027, 1, 20), "nude-images-and-ai"))
    with pytest.raises(AddressInUse, match="beside"):
        with_taken_out(short, plan(short), second, ())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"term": "spring-2031"}, "term"),
        ({"send_week": None}, "week"),
        ({"send_week": date(2027, 4, 20)}, "week"),
        ({"send_week": date(2027, 1, 8)}, "week"),
        ({"topic": "child-sexual-exploitation"}, "topic"),
        ({"topic": None}, "topic"),
        ({"about": None}, "about"),
        ({"about": "nude\npictures"}, "about"),
        ({"about": "n" * 121}, "about"),
        ({"beside": "child-sexual-exploitation"}, "beside"),
        ({"beside": "harmful-groups-online"}, "beside"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(change: dict[str, object], field: str) -> None:
    assert faults_of(plan(TEXT), ADDED, TODAY) == {}
    assert list(faults_of(plan(TEXT), replace(ADDED, **change), TODAY)) == [field]  # type: ignore[arg-type]


def test_a_term_has_room_for_so_many_letters_and_no_more() -> None:
    text = TEXT
    for number in range(1, MOST_IN_A_TERM):
        wanted = replace(ADDED, topic=f"topic-{number}", send_week=ADDED.send_week + number * timedelta(days=7))
        assert faults_of(plan(text), wanted, TODAY) == {}, number
        text = with_added(text, wanted)
    last = planned(text, f"spring-2027-{MOST_IN_A_TERM}")
    assert faults_of(plan(text), ADDED, TODAY) == {"term": f"A term has room for {MOST_IN_A_TERM} letters."}
    assert faults_of(plan(text), Wanted.of(last), TODAY, last) == {}, "it takes its own place"


def test_a_full_letter_stays_while_a_short_one_goes_beside_it() -> None:
    short = with_added(
        TEXT, Wanted("spring-2027", "third", "a third", date(2027, 3, 2), "child-sexual-exploitation")
    )
    full = planned(short, "spring-2027")
    same = Wanted.of(full)
    assert faults_of(plan(short), replace(same, send_week=date(2027, 3, 9)), TODAY, full) == {}
    for change in ({"topic": "other"}, {"send_week": date(2027, 1, 19)}):
        assert list(faults_of(plan(short), replace(same, **change), TODAY, full)) == ["topic"]  # type: ignore[arg-type]


def test_a_file_that_a_program_cannot_change_is_left_to_a_person() -> None:
    with pytest.raises(PlanNotEditable):
        with_added('name = "Eastmere"\n', ADDED)
    with pytest.raises(PlanNotEditable):
        with_added(TEXT, replace(ADDED, term="spring-2031"))


def test_the_plan_has_the_same_digest_until_the_plan_itself_changes() -> None:
    other = TEXT.replace("9am to 5pm", "9am to 6pm")
    assert digest_of(plan("# A first line.\n" + other)) == digest_of(plan(TEXT))
    assert digest_of(plan(with_added(TEXT, ADDED))) != digest_of(plan(TEXT))
