"""Five numbers as people type them, what does not add up, and what is asked about once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.accounting.coverage import Return
from everyfamily.core.accounting.returns import (
    LINES,
    MOST,
    REASONS,
    WAYS,
    CountNotGood,
    Doubt,
    questions,
    read_count,
    read_return,
)
from tests.factories.each import each


def typed(roll: str, email: str, paper: str, text: str, none: str) -> dict[str, str]:
    return dict(zip(LINES, (roll, email, paper, text, none), strict=True))


def counts(roll: int, email: int, paper: int, text: int, none: int, confirmed: bool = True) -> Return:
    return Return(roll, email, text, paper, none, confirmed)


@each(
    "text, number",
    [
        ("412", 412),
        ("0", 0),
        ("007", 7),
        (" 412 ", 412),
        ("1,233", 1233),
        ("1 233", 1233),
        ("1\u00a0233", 1233),
        ("1\u202f233", 1233),
        ("1’233", 1233),
        ("４１２", 412),
        ("12,345", 12345),
        (str(MOST), MOST),
    ],
)
def test_a_number_is_read_as_people_type_it(text: str, number: int) -> None:
    assert read_count(text) == number


@each(
    "text, words",
    [
        ("", "Write 0 if there are none"),
        ("   ", "Write 0 if there are none"),
        ("-3", "less than 0"),
        ("−3", "less than 0"),
        ("1.5", "whole number"),
        ("1,5", "whole number"),
        ("412.0", "whole number"),
        ("abc", "digits"),
        ("12 or 13", "digits"),
        ("1,23,4", "digits"),
        ("1e3", "digits"),
        ("0x1f", "digits"),
        ("=2+2", "digits"),
        ("١٢", "digits"),
        ("½", "digits"),
        ("<script>alert(1)</script>", "digits"),
        ("4\x0012", "digits"),
        (str(MOST + 1), "more children"),
        ("9" * 30, "more children"),
        ("9" * 5000, "digits"),
    ],
)
def test_what_is_no_number_of_children_says_what_to_write(text: str, words: str) -> None:
    with pytest.raises(CountNotGood, match=words):
        read_count(text)


@given(st.text())
def test_any_text_is_a_number_in_range_or_a_sentence(text: str) -> None:
    try:
        assert 0 <= read_count(text) <= MOST
    except CountNotGood as problem:
        assert problem.sentence.endswith(".")


@given(st.integers(0, MOST))
def test_a_number_with_commas_is_the_same_number(number: int) -> None:
    assert read_count(f"{number:,}") == read_count(f"{number:,}".replace(",", " ")) == number


def test_numbers_that_add_up_are_a_filing() -> None:
    reading = read_return(typed("412", "291", "89", "18", "14"), emails="yes", reasons=["away", "handing-out"])
    assert reading.problems == ()
    assert reading.filing is not None
    assert reading.filing.counts == counts(412, 291, 89, 18, 14)
    assert reading.filing.reasons == ("handing-out", "away")


def test_unknown_reasons_are_let_go_and_none_is_kept_where_every_child_is_reached() -> None:
    some = read_return(typed("3", "0", "2", "0", "1"), emails="", reasons=["' OR 1=1", "other"])
    assert some.filing is not None
    assert some.filing.reasons == ("other",)
    none = read_return(typed("3", "0", "3", "0", "0"), emails="", reasons=list(REASONS))
    assert none.filing is not None
    assert none.filing.reasons == ()


@pytest.mark.parametrize(
    ("lines", "line", "sentence", "summary", "together"),
    [
        (
            typed("412", "291", "89", "18", "6"),
            "not_reached",
            "Should be 14, or check the other lines.",
            "They make 404; you have 412 on roll. 8 children are missing.",
            404,
        ),
        (
            typed("412", "291", "89", "18", "15"),
            "not_reached",
            "Should be 14, or check the other lines.",
            "They make 413; you have 412 on roll. 1 child is too many.",
            413,
        ),
        (
            typed("41", "291", "89", "18", "14"),
            "on_roll",
            "Should be 412, or check the other lines.",
            "They make 412; you have 41 on roll. 371 children are too many.",
            412,
        ),
        (
            typed("1233", "1000", "100", "100", "0"),
            "not_reached",
            "Should be 33, or check the other lines.",
            "They make 1,200; you have 1,233 on roll. 33 children are missing.",
            1200,
        ),
    ],
)
def test_lines_that_do_not_add_up_say_by_how_many_and_offer_the_likely_number(
    lines: dict[str, str], line: str, sentence: str, summary: str, together: int
) -> None:
    reading = read_return(lines, emails="yes")
    assert reading.filing is None
    assert [(p.line, p.sentence, p.summary) for p in reading.problems] == [(line, sentence, summary)]
    assert reading.together == together


def test_every_line_that_cannot_be_read_is_named() -> None:
    reading = read_return(typed("many", "-1", "", "2.5", "1"), emails="yes")
    assert [problem.line for problem in reading.problems] == ["on_roll", "by_email", "on_paper", "by_text"]
    assert reading.problems[1].summary == "Whole letter by email: this cannot be less than 0."
    assert reading.together is None


def test_a_blank_way_is_none_where_the_others_make_the_roll() -> None:
    reading = read_return(typed("412", "", "412", "", ""), emails="")
    assert reading.filing is not None
    assert reading.filing.counts == counts(412, 0, 412, 0, 0, False)


def test_one_blank_way_is_offered_the_number_that_is_left() -> None:
    reading = read_return(typed("412", "291", "89", "18", ""), emails="yes")
    assert [(p.line, p.sentence) for p in reading.problems] == [
        ("not_reached", "Is this 14? Write the number, or 0 if there are none.")
    ]


def test_blank_ways_that_leave_children_over_are_asked_for() -> None:
    reading = read_return(typed("412", "291", "", "", ""), emails="yes")
    assert {problem.line for problem in reading.problems} == {"on_paper", "by_text", "not_reached"}


def test_a_blank_roll_is_asked_for() -> None:
    assert [p.line for p in read_return(typed("", "0", "0", "0", "0"), emails="").problems] == ["on_roll"]


def test_every_fault_is_told_at_once() -> None:
    not_adding_up = read_return(typed("412", "291", "89", "18", "13"), emails="")
    assert {problem.line for problem in not_adding_up.problems} >= {"emails", "not_reached"}
    not_read = read_return(typed("many", "291", "89", "18", "13"), emails="")
    assert [problem.line for problem in not_read.problems] == ["on_roll", "emails"]


@pytest.mark.parametrize("answer", ["", "maybe", "YES"])
def test_the_one_question_is_asked_where_somebody_was_emailed(answer: str) -> None:
    reading = read_return(typed("3", "3", "0", "0", "0"), emails=answer)
    assert [problem.line for problem in reading.problems] == ["emails"]
    assert reading.together is None


@pytest.mark.parametrize("answer", ["", "yes", "no"])
def test_nobody_emailed_is_nothing_confirmed(answer: str) -> None:
    reading = read_return(typed("3", "0", "3", "0", "0"), emails=answer)
    assert reading.filing is not None
    assert reading.filing.counts.emails_confirmed is False


def test_a_system_that_does_not_show_what_arrived_confirms_nothing() -> None:
    reading = read_return(typed("3", "3", "0", "0", "0"), emails="no")
    assert reading.filing is not None
    assert reading.filing.counts.emails_confirmed is False


@given(st.lists(st.integers(0, 3000), min_size=4, max_size=4), st.booleans())
def test_whatever_adds_up_is_read_as_it_was_meant(ways: list[int], confirmed: bool) -> None:
    roll = sum(ways)
    lines = {name: f"{number:,}" for name, number in zip(LINES, (roll, *ways), strict=True)}
    reading = read_return(lines, emails="yes" if confirmed else "no")
    assert reading.filing is not None
    assert reading.filing.counts.adds_up()
    assert [getattr(reading.filing.counts, name) for name in WAYS] == ways


@given(st.dictionaries(st.sampled_from([*LINES, "else"]), st.text()), st.text(), st.lists(st.text()))
def test_anything_at_all_is_a_filing_that_adds_up_or_problems(
    lines: dict[str, str], emails: str, reasons: list[str]
) -> None:
    reading = read_return(lines, emails=emails, reasons=reasons)
    assert (reading.filing is None) == bool(reading.problems)
    assert reading.filing is None or reading.filing.counts.adds_up()


GOOD = counts(412, 291, 89, 18, 14)


@each(
    "given, expected, before, corrects, doubts",
    [
        # Nothing strange.
        (GOOD, 400, None, False, []),
        (GOOD, None, None, False, []),
        (GOOD, 400, GOOD, True, []),
        # The roll, by more than a fifth and by more than ten children.
        (GOOD, 344, None, False, []),
        (GOOD, 343, None, False, [Doubt.ROLL_NOT_AS_PUBLISHED]),
        (GOOD, 515, None, False, []),
        (GOOD, 516, None, False, [Doubt.ROLL_NOT_AS_PUBLISHED]),
        (counts(20, 0, 18, 0, 2), 10, None, False, []),
        (counts(21, 0, 18, 0, 3), 10, None, False, [Doubt.ROLL_NOT_AS_PUBLISHED]),
        (GOOD, 0, None, False, [Doubt.ROLL_NOT_AS_PUBLISHED]),
        (GOOD, None, counts(300, 200, 50, 25, 25), False, [Doubt.ROLL_NOT_AS_BEFORE]),
        (
            GOOD,
            200,
            counts(300, 200, 50, 25, 25),
            False,
            [Doubt.ROLL_NOT_AS_PUBLISHED, Doubt.ROLL_NOT_AS_BEFORE],
        ),
        # Nobody on roll is one question, whatever else it differs from.
        (counts(0, 0, 0, 0, 0), 400, GOOD, True, [Doubt.NOBODY_ON_ROLL]),
        (counts(0, 0, 0, 0, 0), None, None, False, [Doubt.NOBODY_ON_ROLL]),
        # Everything in one line; of ten children or fewer that happens.
        (counts(412, 412, 0, 0, 0), 412, None, False, [Doubt.EVERY_EMAIL_ARRIVED]),
        (counts(412, 412, 0, 0, 0, False), 412, None, False, [Doubt.ALL_IN_ONE_LINE]),
        (counts(412, 0, 412, 0, 0), 412, None, False, [Doubt.ALL_IN_ONE_LINE]),
        (counts(412, 0, 0, 0, 412), 412, None, False, [Doubt.ALL_IN_ONE_LINE]),
        (counts(10, 10, 0, 0, 0), 10, None, False, []),
        (counts(11, 0, 11, 0, 0), 11, None, False, [Doubt.ALL_IN_ONE_LINE]),
        # A correction that takes the letter away from more than ten children; last term's return says nothing.
        (counts(412, 280, 89, 18, 25), 412, GOOD, True, [Doubt.FEWER_THAN_BEFORE]),
        (counts(412, 281, 89, 18, 24), 412, GOOD, True, []),
        (counts(412, 280, 89, 18, 25), 412, GOOD, False, []),
    ],
)
def test_what_is_strange_is_asked_about(
    given: Return, expected: int | None, before: Return | None, corrects: bool, doubts: list[Doubt]
) -> None:
    asked = questions(given, roll_expected=expected, before=before, corrects=corrects)
    assert [question.doubt for question in asked] == doubts
    assert all(question.line in LINES for question in asked)


def test_a_tick_answers_these_numbers_and_no_others() -> None:
    first = questions(counts(600, 500, 50, 25, 25), roll_expected=400, before=None, corrects=False)
    other = questions(counts(601, 501, 50, 25, 25), roll_expected=400, before=None, corrects=False)
    assert {question.key for question in first}.isdisjoint(question.key for question in other)
    assert all("|" not in question.key for question in first)
