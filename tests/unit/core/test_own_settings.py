"""What a lead may set for their own school."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from everyfamily.core.schools.own_settings import (
    RUNG,
    OwnSettings,
    SettingNotGood,
    Typed,
    changed,
    what_changed,
)
from everyfamily.core.sending.channel_policy import PolicyNotGood

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
BEFORE = OwnSettings("Designated safeguarding lead", "0151 496 0100", NOW, "Una Marsh", 30, {"postage": "first"})
SAME = Typed("Designated safeguarding lead", "0151 496 0100", has_rung=False, keep_days="30", channels="all")


def _changed(**typed: object) -> OwnSettings:
    return changed(BEFORE, replace(SAME, **typed), by="Dev Marchetti", now=NOW)  # type: ignore[arg-type]


def test_the_same_form_changes_nothing() -> None:
    assert _changed() == BEFORE
    assert what_changed(BEFORE, _changed()) == []
    assert _changed().mark == BEFORE.mark


def test_a_new_number_that_nobody_rang_is_not_printed_and_one_that_was_rung_says_by_whom() -> None:
    assert _changed(phone="0151 496 0200").phone_checked_at is None
    rung = _changed(phone="0151 496 0200", has_rung=True)
    assert (rung.phone_checked_at, rung.phone_checked_by) == (NOW, "Dev Marchetti")
    assert what_changed(BEFORE, replace(BEFORE, phone_checked_at=NOW.replace(hour=10))) == [RUNG]


def test_the_trail_names_no_number_and_no_role() -> None:
    after = _changed(phone="0151 496 0200", lead_role="Head", keep_days="14", channels="paper")
    assert what_changed(BEFORE, after) == [
        "the lead’s role",
        "the telephone number",
        "how we send",
        "days kept, from 30 to 14",
    ]
    assert after.mark != BEFORE.mark


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("lead_role", {"lead_role": " "}),
        ("lead_role", {"lead_role": "x" * 121}),
        ("lead_role", {"lead_role": "a\x00b"}),
        ("phone", {"phone": "ring Mrs Marsh"}),
        ("phone", {"phone": "12"}),
        ("phone", {"phone": "", "has_rung": True}),
        ("keep_days", {"keep_days": "366"}),
        ("keep_days", {"keep_days": "-1"}),
        ("keep_days", {"keep_days": "soon"}),
        ("keep_days", {"keep_days": ""}),
    ],
)
def test_what_cannot_be_set_is_refused_at_its_field(field: str, typed: dict[str, object]) -> None:
    with pytest.raises(SettingNotGood) as problem:
        _changed(**typed)
    assert problem.value.field == field


def test_everything_that_cannot_be_set_is_said_at_once() -> None:
    with pytest.raises(SettingNotGood) as problem:
        _changed(lead_role=" ", phone="12", keep_days="soon")
    assert [one.field for one in problem.value.each] == ["lead_role", "phone", "keep_days"]


def test_a_way_of_sending_that_is_no_choice_is_refused() -> None:
    with pytest.raises(PolicyNotGood):
        _changed(channels="pigeon")
