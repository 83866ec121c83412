"""Who counts as one caller, and how often a link may be tried or used."""

from __future__ import annotations

import pytest

from everyfamily.core.tries import Tries
from everyfamily.staff import limits
from everyfamily.staff.limits import TooManyTries, count_page_of_link, count_wrong_link, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("", "unknown"),
        ("a name", "unknown"),
    ],
)
def test_a_caller_is_an_address_or_one_customers_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(limits, "WRONG_LINKS", Tries(3, seconds=600))
    monkeypatch.setattr(limits, "OF_ONE_LINK", Tries(3, seconds=600))
    monkeypatch.setattr(limits, "refused", lambda what, **said: found.append(what))
    return found


def test_a_few_wrong_links_are_logged_each_and_then_once_more(logged: list[str]) -> None:
    for _ in range(3):
        count_wrong_link("192.0.2.7")
    for _ in range(3):
        with pytest.raises(TooManyTries):
            count_wrong_link("192.0.2.7")
    count_wrong_link("192.0.2.8")
    assert logged == ["return-link-refused"] * 3 + ["return-link-tries"] + ["return-link-refused"]


def test_a_good_link_is_logged_only_when_it_is_used_too_often(logged: list[str]) -> None:
    for _ in range(3):
        count_page_of_link("a link")
    for _ in range(3):
        with pytest.raises(TooManyTries):
            count_page_of_link("a link")
    count_page_of_link("another")
    assert logged == ["return-link-busy"]
