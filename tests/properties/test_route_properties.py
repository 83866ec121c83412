"""Whatever people find, in whatever order it is read: a dead number is never printed, and a good one is again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.partnership.routes import Route, RouteCheck, RouteState, route_state_now
from tests.factories.letters import make_route

TODAY = date(2027, 3, 2)
NOW = datetime(2027, 3, 2, 23, 59, tzinfo=LONDON)
PLACE = "0151 496 0120"
BEFORE = st.integers(0, 60).map(lambda days: TODAY - timedelta(days=days))

checks = st.lists(
    st.builds(
        lambda minutes, is_good: RouteCheck(PLACE, is_good, NOW - timedelta(minutes=minutes), "Pat Example"),
        st.integers(1, 60 * 24 * 60),
        st.booleans(),
    ),
    max_size=6,
)


@st.composite
def routes(draw: st.DrawFn) -> Route:
    """A row of the register: checked on a day or never, for some days, and dead since a day or not."""
    checked_on = draw(st.none() | BEFORE)
    expires_on = checked_on and checked_on + timedelta(days=draw(st.integers(0, 90)))
    return make_route(
        number=PLACE, checked_on=checked_on, expires_on=expires_on, dead_since=draw(st.none() | BEFORE)
    )


@given(routes(), checks)
def test_what_is_printed_was_found_good_after_it_was_last_found_dead(
    route: Route, found: list[RouteCheck]
) -> None:
    if route_state_now(route, found, TODAY) is not RouteState.GOOD:
        return
    good = [one.day for one in found if one.is_good] + ([route.checked_on] if route.checked_on else [])
    dead = [one.day for one in found if not one.is_good] + ([route.dead_since] if route.dead_since else [])
    assert max(good) >= max(dead, default=date.min)
    assert max(good) >= TODAY - timedelta(days=90)


@given(routes(), checks, st.randoms())
def test_the_order_in_which_checks_are_read_decides_nothing(
    route: Route, found: list[RouteCheck], chance: object
) -> None:
    other = [*found]
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert route_state_now(route, found, TODAY) is route_state_now(route, other, TODAY)


@given(routes(), checks)
def test_the_last_word_of_a_person_counts_at_once(route: Route, found: list[RouteCheck]) -> None:
    dead = [*found, RouteCheck(PLACE, False, NOW, "Bo Example")]
    assert route_state_now(route, dead, TODAY) is RouteState.DEAD
    good = [*found, RouteCheck(PLACE, True, NOW, "Bo Example")]
    # The register knows only days, and found dead and good on one day it is dead.
    expected = RouteState.DEAD if route.dead_since == TODAY else RouteState.GOOD
    assert route_state_now(route, good, TODAY) is expected
