"""A letter that is dated ahead is not approved on the strength of calls that nobody has made yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.cli.letters import approving
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.proof import RecordNotProven, later_than, require_still_good
from everyfamily.rendering.print_data import RouteNotPrintable, check_routes
from tests.factories.demonstration import DATED, demo_letter

EARLIER = date(2026, 11, 26)


def real() -> Letter:
    return replace(demo_letter(), demonstration=False)


def test_a_real_letter_waits_until_the_calls_are_made() -> None:
    with pytest.raises(RecordNotProven, match=r"checked_on 2027-\S+ is in the future"):
        require_still_good(real(), {}, (), EARLIER)
    require_still_good(real(), {}, (), DATED)


def test_a_real_letter_waits_until_its_promises_are_agreed() -> None:
    letter = replace(real(), routes=())
    assert letter.promises
    with pytest.raises(RecordNotProven, match=r"agreed_on 2027-\S+ is in the future"):
        require_still_good(letter, {}, (), EARLIER)


def test_a_demonstration_may_be_dated_ahead_and_what_is_not_yet_true_is_counted() -> None:
    require_still_good(demo_letter(), {}, (), EARLIER)
    assert len(later_than(demo_letter(), EARLIER)) > 1
    assert later_than(demo_letter(), DATED) == []


def test_who_approves_is_shown_what_is_not_yet_true(monkeypatch: pytest.MonkeyPatch) -> None:
    record = {"letter": None, "findings": [], "waivers": []}
    monkeypatch.setattr(approving, "letter_of", lambda _: demo_letter())
    for day, said in ((EARLIER, True), (DATED, False)):
        monkeypatch.setattr(approving, "today", lambda day=day: day)
        lines = "\n".join(approving._findings(record))
        assert ("Not yet true" in lines, "checked_on 2027-02-22 is in the future" in lines) == (said, said), lines


def test_a_letter_that_cannot_be_printed_says_which_day_is_in_the_future() -> None:
    with pytest.raises(RouteNotPrintable, match="checked_on 2027-02-22 is in the future"):
        check_routes(demo_letter(), EARLIER)
