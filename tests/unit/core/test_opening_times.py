"""When a mailing may open, and until when the numbers in its letter must be checked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from everyfamily.core.sending.opening_times import (
    OpensInThePast,
    RouteNotGoodInAWave,
    require_not_past,
    require_routes_good,
)
from tests.factories.letters import make_letter

CHECKED = {"school": {"checked_on": date(2027, 2, 23), "checked_by": "Duty manager"}}
NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


def test_a_mailing_opens_now_or_later() -> None:
    require_not_past(NOW, NOW)
    with pytest.raises(OpensInThePast, match="Tuesday 2 March 2027, 08:59 is in the past"):
        require_not_past(NOW - timedelta(minutes=1), NOW)


def test_every_route_is_good_on_the_day_of_the_last_wave() -> None:
    letter = make_letter(routes=CHECKED)
    require_routes_good(letter, [])
    require_routes_good(letter, [NOW, datetime(2027, 3, 25, 23, 59, tzinfo=UTC)])
    with pytest.raises(RouteNotGoodInAWave) as problem:
        require_routes_good(letter, [NOW, datetime(2027, 3, 26, 9, 0, tzinfo=UTC)])
    said = str(problem.value)
    assert "On Friday 26 March 2027" in said
    assert '"local" (checked until 25 March 2027)' in said


def test_a_route_that_is_dead_or_that_nobody_checked_is_named_as_what_it_is() -> None:
    changed = {"local": {"dead_since": date(2027, 3, 1)}, "children": {"checked_on": "", "checked_by": ""}}
    letter = make_letter(routes=CHECKED | changed)
    with pytest.raises(RouteNotGoodInAWave) as problem:
        require_routes_good(letter, [NOW])
    assert '"local" (dead)' in str(problem.value)
    assert "until" not in str(problem.value)
