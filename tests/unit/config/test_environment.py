"""A variable that cannot be is refused by name, with the next step and without its value."""

from __future__ import annotations

import pytest

from everyfamily.config.environment import SettingNotRight, number, shares, word

NAME = "EVERYFAMILY_SMTP_PORT"


@pytest.mark.parametrize("environment", [{}, {NAME: ""}])
def test_what_is_not_set_is_the_default(environment: dict[str, str]) -> None:
    assert number(environment, NAME, 25, least=1, most=65535) == 25
    assert word(environment, NAME, ("recording", "smtp"), "recording") == "recording"
    assert shares(environment, NAME) == {}


def test_what_is_set_counts() -> None:
    assert number({NAME: "2525"}, NAME, 25, least=1, most=65535) == 2525
    assert word({NAME: "smtp"}, NAME, ("recording", "smtp"), "recording") == "smtp"
    assert shares({NAME: "silent=0.25,delay=2"}, NAME) == {"silent": 0.25, "delay": 2.0}


@pytest.mark.parametrize("value", ["marked-secret", "0", "65536", "nan", "inf", "-1", "25;"])
def test_another_number_is_refused_without_its_value(value: str) -> None:
    with pytest.raises(SettingNotRight) as raised:
        number({NAME: value}, NAME, 25, least=1, most=65535)
    assert NAME in raised.value.fact
    assert "marked" not in f"{raised.value.fact} {raised.value.fix}"


@pytest.mark.parametrize("value", ["SMTP", "smtp ", "pigeon"])
def test_a_slip_in_the_carriers_is_not_a_rehearsal(value: str) -> None:
    with pytest.raises(SettingNotRight):
        word({NAME: value}, NAME, ("recording", "smtp"), "recording")


@pytest.mark.parametrize("value", ["silent", "silent=x", "=", "a=1,b"])
def test_a_share_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(SettingNotRight):
        shares({NAME: value}, NAME)
