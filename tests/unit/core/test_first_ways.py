"""By which way a school's children are written to first."""

from __future__ import annotations

from everyfamily.core.sending.fallback import Channel, Policy
from everyfamily.core.sending.first_ways import AdultOf, first_ways


def _adult(child: int, *ways: str, may: bool = True, undecided: bool = False, prefers: str = "") -> AdultOf:
    return AdultOf(child, may, undecided, prefers, ways)


def _counted(
    children: int, *adults: AdultOf, policy: Policy | None = None, used: tuple[Channel, ...] = tuple(Channel)
) -> dict[str, int]:
    found = first_ways(range(1, children + 1), adults, policy or Policy(), used)
    assert sum(found.values()) == children
    return {first.name: count for first, count in found.items() if count}


def test_a_child_counts_once_where_the_first_of_its_adults_is_written_to() -> None:
    assert _counted(1, _adult(1, "post"), _adult(1, "text", "post"), _adult(1, may=False)) == {"TEXT": 1}


def test_what_an_adult_asked_for_comes_first() -> None:
    assert _counted(1, _adult(1, "email", "post", prefers="paper")) == {"POST": 1}


def test_the_schools_order_counts_and_a_channel_without_a_carrier_does_not() -> None:
    paper = Policy(order=(Channel.POST, Channel.PUPIL_POST))
    assert _counted(1, _adult(1, "email", "pupil post"), policy=paper) == {"PUPIL_POST": 1}
    assert _counted(1, _adult(1, "text", "post"), used=(Channel.EMAIL, Channel.POST)) == {"POST": 1}


def test_who_waits_who_has_no_way_and_who_has_nobody_are_three_things() -> None:
    assert _counted(
        3, _adult(1, "email", may=False, undecided=True), _adult(2), _adult(3, "email", may=False)
    ) == {"UNDECIDED": 1, "NO_WAY": 1, "NOBODY": 1}
    assert _counted(1, _adult(1, may=False, undecided=True), _adult(1, "email")) == {"EMAIL": 1}
    assert _counted(1) == {"NOBODY": 1}
