"""A school's channel policy: what may be stored, and what a choice makes."""

from __future__ import annotations

import pytest

from everyfamily.core.sending.channel_policy import (
    CHOICE_WORDS,
    CHOICES,
    PolicyNotGood,
    choice_of,
    chosen,
    in_words,
    policy_of,
)
from everyfamily.core.sending.fallback import Channel, Policy


def test_what_is_not_said_is_as_usual() -> None:
    assert policy_of({}) == Policy()
    assert policy_of({"postage": "first"}) == Policy()


def test_every_choice_has_words_and_can_be_sent_by_and_is_found_again() -> None:
    assert CHOICES.keys() == CHOICE_WORDS.keys()
    for name in CHOICES:
        made = chosen(name, {"postage": "first"})
        assert policy_of(made).order
        assert made["postage"] == "first"
        assert choice_of(made) == name


@pytest.mark.parametrize(
    "data",
    [
        {"order": []},
        {"order": "email"},
        {"order": ["email", "pigeon"]},
        {"order": ["email", "email"]},
        {"order": [["email"]]},
        {"paper_after_text": "no"},
        {"paper_after_text": None},
        {"wings": True},
    ],
)
def test_a_policy_that_nobody_could_send_by_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(PolicyNotGood):
        policy_of(data)


def test_what_is_no_choice_is_refused_and_still_has_words() -> None:
    with pytest.raises(PolicyNotGood):
        chosen("pigeon", {})
    own: dict[str, object] = {"order": ["email", "pupil post"], "paper_after_text": False}
    assert choice_of(own) == ""
    assert policy_of(own).order == (Channel.EMAIL, Channel.PUPIL_POST)
    assert in_words(own) == "Email, then paper that the child takes home. No paper after a text"
