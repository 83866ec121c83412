"""A contact value is normalised once and for all, or refused; no text crashes the reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from everyfamily.core.contacts.recipients import (
    ValueNotGood,
    _uk_mobile,
    email_address,
    mobile_number,
    postal_address,
)

ANY = st.text(max_size=40)
EMAIL_LIKE = st.lists(
    st.sampled_from([*"aZ0.@-_+'\"<>,; \u0130\u00df\u212aé\u200b", "example", ".com", ".org", "xn--", "@@"])
).map("".join)
DIGITS = ["07700900", "+44", "0044", "0", "7", "123", "٠٧", "+999", "(0)"]
PHONE_LIKE = st.lists(st.sampled_from([*DIGITS, *" -/#x\u200b"]), max_size=8).map("".join)
POSTCODE_LIKE = st.lists(st.sampled_from([*"LEMWQ0189ı \u00a0", "EM4", "7QX"]), max_size=6).map("".join)


def once_and_for_all(normalise: Callable[[str], str], raw: str) -> None:
    try:
        normal = normalise(raw)
    except ValueNotGood as problem:
        assert problem.problem.value == str(problem)
        return
    assert normalise(normal) == normal
    assert normal == normal.strip()
    assert normalise(f"  {raw}\t") == normal


@given(ANY | EMAIL_LIKE)
@example("\u0130@example.com")
@example("\ud800@example.com")
@settings(max_examples=120)
def test_an_email_address_is_normalised_once_and_for_all(raw: str) -> None:
    once_and_for_all(email_address, raw)


@pytest.mark.parametrize("demonstration", [False, True])
@given(raw=ANY | PHONE_LIKE)
@example(raw="07700900\u0661\u0662\u0663")
@example(raw="+99912345678\u0661")
@settings(max_examples=120)
def test_a_number_is_normalised_once_and_for_all(demonstration: bool, raw: str) -> None:
    normalise = partial(mobile_number, demonstration=demonstration)
    once_and_for_all(normalise, raw)
    try:
        normal = normalise(raw)
    except ValueNotGood:
        return
    assert normal[0] == "+"
    assert normal[1:].isascii()
    assert normal[1:].isdigit()


@given(st.lists(ANY, max_size=6), ANY | POSTCODE_LIKE)
@settings(max_examples=120)
def test_an_address_is_normalised_once_and_for_all(lines: list[str], postcode: str) -> None:
    try:
        address = postal_address(lines, postcode)
    except ValueNotGood:
        return
    assert postal_address(list(address.lines[:-1]), address.postcode) == address
    assert all(line and line == " ".join(line.split()) for line in address.lines)
    assert "".join(address.postcode.split()) == "".join(postcode.upper().split()), "never repaired"


@given(st.integers(0, 999_999_999).map("7{:09}".format))
@settings(max_examples=400)
def test_the_short_way_for_mobile_numbers_says_what_the_library_says(national: str) -> None:
    number = phonenumbers.parse(f"+44{national}")
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    assert bool(_uk_mobile().fullmatch(national)) <= (phonenumbers.is_valid_number(number) and mobile)
    try:
        kept = mobile_number(f"0{national}")
    except ValueNotGood:
        assert not mobile
    else:
        assert kept == f"+44{national}"
