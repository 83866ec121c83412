"""The check and the counting of text messages know the same alphabet."""

from __future__ import annotations

from everyfamily.checks.gsm_letters import GSM, PLAIN
from everyfamily.rendering import sms


def test_the_alphabet_is_the_one_that_messages_are_counted_by() -> None:
    assert GSM == sms.GSM | sms.EXTENDED


def test_what_is_written_for_a_costly_sign_costs_nothing() -> None:
    assert all(set(plain) <= GSM for plain in PLAIN.values())


def test_every_sign_that_rendering_writes_plainly_is_known_here() -> None:
    for sign, plain in PLAIN.items():
        if sign != "\u2011":
            assert sms.plain(sign) == plain
