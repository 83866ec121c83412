"""Whether a number may be printed now follows its table, by the register and by what people found since."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.partnership.routes import RouteCheck, RouteState, as_checked, route_state_now
from tests.factories.each import each
from tests.factories.letters import make_route
from tests.spec.tables import table

TODAY = date(2027, 3, 2)
PLACE = "0151 496 0120"
ROWS = table("route_checks")["row"]
_NOTHING = {"checked_on": None, "expires_on": None, "dead_since": None}


def checks_of(row: dict[str, Any]) -> list[RouteCheck]:
    return [
        RouteCheck(
            place[0] if place else PLACE,
            what == "good",
            datetime.fromisoformat(at).replace(tzinfo=LONDON),
            "Pat Example",
        )
        for at, what, *place in row["found"]
    ]


@each("row", ROWS)
def test_a_number_is_good_or_not_as_the_table_says(row: dict[str, Any]) -> None:
    route = make_route(number=PLACE, url=None, **(_NOTHING | row["register"]))
    for checks in (checks_of(row), checks_of(row)[::-1]):
        assert route_state_now(route, checks, TODAY) == row["state"]
        if "until" in row:
            assert as_checked(route, checks, TODAY).expires_on == row["until"]


def test_the_table_speaks_of_every_state_but_one() -> None:
    assert {row["state"] for row in ROWS} == {str(state) for state in RouteState} - {"unverified"}


def test_without_a_check_by_anybody_a_route_stays_as_it_is() -> None:
    route = make_route(number=PLACE, **_NOTHING)
    assert as_checked(route, [], TODAY) is route
    assert route_state_now(route, [], TODAY) is RouteState.UNVERIFIED


def test_a_check_late_in_the_evening_is_of_londons_day() -> None:
    half_past_midnight_in_london = datetime(2027, 7, 1, 23, 30, tzinfo=UTC)
    assert RouteCheck(PLACE, True, half_past_midnight_in_london, "Pat Example").day == date(2027, 7, 2)


def test_an_address_is_the_same_with_and_without_a_last_stroke() -> None:
    route = make_route(number=None, url="ceop.police.uk/Safety-Centre")
    at = datetime(2027, 3, 1, 9, tzinfo=LONDON)
    same = RouteCheck("CEOP.police.uk/safety-centre/", False, at, "Pat Example")
    other = RouteCheck("ceop.police.uk", False, at, "Pat Example")
    assert as_checked(route, [same], TODAY).state_on(TODAY) is RouteState.DEAD
    assert as_checked(route, [other], TODAY) is route


def test_each_schools_own_number_is_one_row_and_not_one_number() -> None:
    route = make_route(number="((school number))", url=None)
    at = datetime(2027, 3, 1, 9, tzinfo=LONDON)
    assert as_checked(route, [RouteCheck("((address))", False, at, "Pat Example")], TODAY) is route
    checked = as_checked(route, [RouteCheck("((school number))", True, at, "Pat Example")], TODAY)
    assert (route.differs_by_school, checked.checked_on) == (True, date(2027, 3, 1))
