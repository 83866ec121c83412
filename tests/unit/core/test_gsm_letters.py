"""What is written plainly in a text message costs no more than what it stands for."""

from __future__ import annotations

from everyfamily.core.text.gsm_characters import EXTENDED, GSM, PLAIN


def test_what_is_written_for_a_costly_sign_costs_nothing() -> None:
    assert all(set(plain) <= GSM for plain in PLAIN.values())


def test_a_sign_of_the_alphabet_is_left_as_it_is() -> None:
    assert not PLAIN.keys() - {"\t"} & (GSM | EXTENDED)


def test_a_sign_stands_in_one_table_alone() -> None:
    assert not GSM & EXTENDED
