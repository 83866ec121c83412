"""A year's report: what it has adds up, each family's letter counts once, and what nobody said is not made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.published import Figure
from everyfamily.core.accounting.year_report import LetterOfYear, YearReport, letter_of_year
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.partnership.prices import Prices
from everyfamily.core.sending.fallback import Channel
from everyfamily.reports import year_words
from everyfamily.reports.year_page import year_page
from tests.factories.coverage import city, coverage, school

DAY = date(2026, 9, 22)
YEAR = AcademicYear(2026)
PRICES = Prices(email=Decimal("0.001"), text=Decimal("0.05"), post=Decimal("0.8"))


def letter(reference: str, *counts: int, exact: bool = True, **fields: object) -> LetterOfYear:
    """A letter with these five outcomes; 610 emails and 40 texts went out."""
    return LetterOfYear(
        **{  # type: ignore[arg-type]
            "reference": reference,
            "title": f"Title of {reference}",
            "term": "autumn term 2026",
            "begun_on": DAY,
            "state": "closed",
            "as_of": DAY,
            "children": Figure(sum(counts), exact),
            "outcomes": dict(zip(Outcome, (Figure(one, exact) for one in counts), strict=True)),
            "messages": {Channel.EMAIL: 610, Channel.TEXT: 40},
            **fields,
        }
    )


FIRST = letter("A-1", 500, 50, 30, 20, 100)
WRONG = letter("B-1", 400, 50, 30, 20, 200, state="withdrawn", is_replaced=True, why_stopped="a number is dead")
CORRECTION = letter("B-2", 380, 10, 5, 5, 0, follows="B-1", follows_as="correction")
RIGHT = letter("B-3", 520, 50, 20, 10, 100, follows="B-1", follows_as="replacement")
REPORT = YearReport(YEAR, (FIRST, WRONG, CORRECTION, RIGHT), PRICES)


def test_the_outcomes_of_all_letters_add_up_to_their_rolls() -> None:
    assert [one.reference for one in REPORT.counted] == ["A-1", "B-3"]
    assert REPORT.children == Figure(1400)
    assert {outcome: figure.number for outcome, figure in REPORT.outcomes.items()} == {
        Outcome.REACHED: 1020,
        Outcome.ACCEPTED: 100,
        Outcome.TOLD_BY_TEXT: 50,
        Outcome.ON_ITS_WAY: 30,
        Outcome.NOT_REACHED: 200,
    }
    assert sum(figure.number for figure in REPORT.outcomes.values()) == REPORT.children.number


def test_a_letter_that_was_wrong_and_its_correction_are_told_but_not_counted_twice() -> None:
    assert [one.reference for one in REPORT.others] == ["B-1", "B-2"]
    assert year_words.also(WRONG) == "Withdrawn: a number is dead. Another letter took its place."
    assert year_words.also(CORRECTION) == "Correction of B-1, to those who had it."


def test_a_withdrawn_letter_without_another_in_its_place_stays_in_the_sum() -> None:
    alone = YearReport(YEAR, (FIRST, replace(WRONG, is_replaced=False)))
    assert alone.children == Figure(1400)
    assert "Nothing took its place" in year_words.also(alone.counted[1])


def test_late_joiners_are_told_beside_the_sum_and_among_no_corrections() -> None:
    joined = [letter("A-1", 20, 0, 0, 0, 5, follows="A-1", follows_as="joiners") for _ in range(2)]
    report = YearReport(YEAR, (FIRST, *joined))
    assert report.children == FIRST.children
    assert report.others == ()
    assert year_words.joiners(report).startswith(
        "Families of children who joined later got a letter in 2 mailings: 40 of 50 times"
    )
    assert year_words.joiners(REPORT) == ""
    page = year_page(report, area="Eastmere", as_of=DAY, demonstration=False)
    assert "40 of 50" in page
    assert "No letter had to be corrected" in page


def test_a_sum_with_a_figure_to_the_nearest_ten_is_no_exact_one() -> None:
    report = YearReport(YEAR, (FIRST, letter("C-1", 500, 50, 30, 20, 100, exact=False)))
    assert str(report.children) == "about 1,400"


def test_the_cost_is_of_all_that_went_out_also_of_corrections() -> None:
    assert [(line.channel, line.messages) for line in REPORT.costs] == [
        (Channel.EMAIL, 2440),
        (Channel.TEXT, 160),
    ]
    assert REPORT.cost == Decimal("10.440")
    assert sum((REPORT.cost_of(one) or Decimal(0)) for one in REPORT.letters) == REPORT.cost
    assert year_words.cost(REPORT).startswith("Messages cost about £10.")


def test_a_price_that_nobody_said_leaves_the_cost_unknown() -> None:
    report = replace(REPORT, prices=Prices(email=Decimal(0)))
    assert report.cost is None
    assert year_words.cost(report) == ("What it cost is not known: the partnership’s file has no price for text.")
    assert year_words.cost_line(report.costs[1]) == "about 160 text messages"


def test_messages_are_to_the_nearest_ten_and_only_those_that_left() -> None:
    from everyfamily.core.accounting.disclosure import disclose

    shown = disclose(city(school("One", coverage(reached=40))))
    messages = {"email": {"delivered": 31, "refused": 20, "created": 5, "sending": 3}, "text": {"accepted": 4}}
    made = letter_of_year(
        shown,
        messages,
        reference="A-1",
        title="",
        term="",
        begun_on=DAY,
        state="open",
        as_of=DAY,
    )
    assert made.messages == {Channel.EMAIL: 30, Channel.TEXT: 0}


def test_only_returns_that_are_not_in_are_named() -> None:
    full = replace(FIRST, schools_that_send=3, returns_in=3)
    assert year_words.returns(YearReport(YEAR, (full,))) == [
        "Every school that sends the letters itself has filed its returns."
    ]
    (words,) = year_words.returns(YearReport(YEAR, (full, replace(RIGHT, schools_that_send=3, returns_in=1))))
    assert words.startswith("B-3: 1 of 3 schools")
    withdrawn = replace(WRONG, schools_that_send=3)
    correction = replace(CORRECTION, schools_that_send=3)
    assert year_words.returns(YearReport(YEAR, (full, withdrawn, correction))) == year_words.returns(
        YearReport(YEAR, (full,))
    )
    assert year_words.returns(REPORT) == []


def test_the_page_has_each_letter_and_the_sum() -> None:
    page = year_page(REPORT, area="Eastmere", as_of=DAY, demonstration=True)
    for words in ("2 letters in 2026-27", "Title of A-1", "1,400", "1,020", "B-2", "Demonstration"):
        assert words in page
    assert "<script" not in page


def test_a_year_without_a_letter_says_so() -> None:
    page = year_page(YearReport(YEAR, ()), area="Eastmere", as_of=DAY, demonstration=False)
    assert "No letter in 2026-27" in page
    assert "No letter to every family has gone out" in page


def test_a_letter_that_is_not_for_every_year_says_for_whom_it_is() -> None:
    assert year_words.also(letter("ES-2703-K7R4", 9, 0, 0, 0, 1)) == ""
    assert (
        year_words.also(letter("ES-2703-K7R4", 9, 0, 0, 0, 1, from_year=6))
        == "Only for children in Year 6 or above."
    )
