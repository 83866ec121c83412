"""Contact values have one spelling, or a plain reason why they cannot be used."""

from __future__ import annotations

import phonenumbers
import pytest

from everyfamily.core.contacts.recipients import (
    MAX_ADDRESS_LINES,
    ValueNotGood,
    ValueProblem,
    email_address,
    mobile_number,
    postal_address,
)
from tests.factories.each import each

WORDS = ValueProblem.PHONE_WITH_WORDS
INVALID = ValueProblem.PHONE_NOT_VALID
LANDLINE = ValueProblem.PHONE_NOT_MOBILE
NO_EMAIL = ValueProblem.EMAIL_NOT_VALID
PARTS = "ab.cdefgh" * 7
LONG_DOMAIN = "a." * 130 + "com"


@each(
    "raw",
    [
        "07700900123",
        "07700 900123",
        " 07700 900 123 ",
        "07700-900-123",
        "(07700) 900123",
        "07700.900.123",
        "07700\u00a0900123",
        "+447700900123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "00447700900123",
        "447700900123",
        "7700900123",
        "07700\u2011900123",
        "07700\u200b900123",
        "\u202a+447700900123\u202c",
        "07700900\u0661\u0662\u0663",
        "٠٧٧٠٠٩٠٠١٢٣",
    ],
)
def test_a_number_is_the_same_however_it_is_written(raw: str) -> None:
    assert mobile_number(raw) == "+447700900123"


@each(
    "raw, problem",
    [
        ("07700900123 (Mum)", WORDS),
        ("Mum 07700900123", WORDS),
        ("07700900123 ext 5", WORDS),
        ("ask at desk", WORDS),
        ("", INVALID),
        ("+", INVALID),
        ("07123", INVALID),
        ("0770090012", INVALID),
        ("077009001234", INVALID),
        ("07700900123/07700900124", INVALID),
        ("07700900123, 07700900124", INVALID),
        ("0151 496 0120", LANDLINE),
        ("0800 1111", LANDLINE),
        ("+999123456789", INVALID),
    ],
)
def test_a_number_that_cannot_receive_texts_is_refused_with_its_reason(raw: str, problem: ValueProblem) -> None:
    with pytest.raises(ValueNotGood) as caught:
        mobile_number(raw)
    assert caught.value.problem is problem
    assert raw not in str(caught.value) or not raw


@pytest.mark.parametrize("region", ["GB", "IE", "PL", "PK"])
def test_a_real_mobile_number_of_any_country_passes(region: str) -> None:
    # The library's own example, so that there is no real number here.
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    normal = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    assert mobile_number(normal) == normal
    international = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    assert mobile_number(international) == normal
    if region == "GB":
        assert (
            mobile_number(phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)) == normal
        )
        assert mobile_number(f"{example.national_number}") == normal, "a spreadsheet takes the zero away"
        assert mobile_number(f"+44 (0){example.national_number}") == normal


def test_the_country_code_nobody_has_passes_only_with_demo_data() -> None:
    assert mobile_number("+999 123 456 789", demonstration=True) == "+999123456789"
    for raw in ("+999123456789", "+99912345678"):
        with pytest.raises(ValueNotGood):
            mobile_number(raw, demonstration=raw != "+999123456789")


@pytest.mark.parametrize("demonstration", [True, False])
def test_ofcoms_invented_mobile_numbers_pass(demonstration: bool) -> None:
    assert mobile_number("07700 900000", demonstration=demonstration) == "+447700900000"


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("a@example.com", "a@example.com"),
        ("a@example.com ", "a@example.com"),
        ("\tA.Person@Example.COM\n", "a.person@example.com"),
        ("a+school@example.org", "a+school@example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("josé@example.com", "josé@example.com"),
        ("jose\u0301@example.com", "josé@example.com"),
        ("a@gmial.example.com", "a@gmial.example.com"),
    ],
)
def test_an_email_address_is_trimmed_and_lower_case(raw: str, normal: str) -> None:
    assert email_address(raw) == normal


@each(
    "raw",
    [
        "",
        "a",
        "@",
        "a@example",
        "a@@example.com",
        "a b@example.com",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a@example.com.",
        "a@example..com",
        "a@-a.example.com",
        "a@mail.test",
        "a@example.invalid",
        "A Person <a@example.com>",
        "mailto:a@example.com",
        "a@[127.0.0.1]",
        '"a b"@example.com',
        "a@example.org\u200b",
        "a\x00@example.org",
        "a@" + LONG_DOMAIN,
        PARTS * 6 + "@example.com",
    ],
)
def test_what_mail_cannot_reach_is_refused(raw: str) -> None:
    with pytest.raises(ValueNotGood) as caught:
        email_address(raw)
    assert caught.value.problem is NO_EMAIL


@pytest.mark.parametrize(
    "raw", ["a@example.com; b@example.com", "a@example.com, b@example.com", "a@example.com / b@example.org"]
)
def test_several_addresses_in_a_cell_are_called_that(raw: str) -> None:
    with pytest.raises(ValueNotGood) as caught:
        email_address(raw)
    assert caught.value.problem is ValueProblem.EMAIL_SEVERAL


@pytest.mark.parametrize("raw", ["N/A", "n/a", "x", "none", "No mobile", "no  phone", "TBC", "-", "Refused"])
def test_what_stands_in_the_place_of_a_number_is_no_words_beside_one(raw: str) -> None:
    with pytest.raises(ValueNotGood) as caught:
        mobile_number(raw)
    assert caught.value.problem is ValueProblem.PHONE_PLACEHOLDER


def test_an_address_is_as_long_as_mail_allows() -> None:
    domain = ".".join(["a" * 60] * 4)
    local = "b" * (254 - len(domain) - 5)
    assert len(email_address(f"{local}@{domain}.org")) == 254
    with pytest.raises(ValueNotGood):
        email_address(f"{local}b@{domain}.org")


@pytest.mark.parametrize("raw", ["em4 7qx", " EM47QX ", "Em4  7qX", "EM4\u00a07QX"])
def test_a_postcode_has_one_spelling(raw: str) -> None:
    address = postal_address(["27  Lantern Row ", "", " Eastmere"], raw)
    assert address.lines == ("27 Lantern Row", "Eastmere", "EM4 7QX")
    assert address.postcode == "EM4 7QX"


@pytest.mark.parametrize("code", ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "GIR 0AA"])
def test_every_shape_of_postcode_passes(code: str) -> None:
    assert postal_address(["1 Lantern Row"], code).postcode == code


@pytest.mark.parametrize("code", ["LI 8JQ", "L1 8J0", "L1 8CJ", "QA1 1AA", "L1", "8JQ", "L1 8JQQ", "١1 8JQ"])
def test_a_postcode_is_never_repaired(code: str) -> None:
    with pytest.raises(ValueNotGood) as caught:
        postal_address(["1 Lantern Row"], code)
    assert caught.value.problem is ValueProblem.POSTCODE_NOT_VALID


@pytest.mark.parametrize(
    ("lines", "code", "missing"),
    [
        ([], "L1 8JQ", ValueProblem.ADDRESS_TOO_SHORT),
        (["", " "], "L1 8JQ", ValueProblem.ADDRESS_TOO_SHORT),
        (["1 Lantern Row"], " ", ValueProblem.POSTCODE_MISSING),
        ([" "], "", ValueProblem.POSTCODE_MISSING),
    ],
)
def test_an_address_needs_a_line_and_a_postcode(lines: list[str], code: str, missing: ValueProblem) -> None:
    with pytest.raises(ValueNotGood) as caught:
        postal_address(lines, code)
    assert caught.value.problem is missing


def test_an_address_with_its_name_fits_the_window() -> None:
    five = [f"Line {number}" for number in range(MAX_ADDRESS_LINES - 2)]
    assert len(postal_address(five, "L1 8JQ").lines) == MAX_ADDRESS_LINES - 1
    with pytest.raises(ValueNotGood) as caught:
        postal_address([*five, "one more"], "L1 8JQ")
    assert caught.value.problem is ValueProblem.ADDRESS_TOO_LONG
