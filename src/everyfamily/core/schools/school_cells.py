"""Cells of the lists of schools: whole numbers, dates, phone numbers and names, as Excel and others leave them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from everyfamily.core.contacts.recipients import ValueNotGood, ValueProblem

_WHOLE = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.00?)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MIDNIGHT = re.compile(r"[ T]0?0:00(?::00)?$")


def whole_number(raw: str) -> int | None:
    """ "1,233", "02" and "54.0" are numbers. Everything else is None, also "1.000", because it may be a thousand."""
    found = _WHOLE.fullmatch(raw)
    return int(found[1].replace(",", "")) if found else None


def day(raw: str) -> date | None:
    """A day as DD-MM-YYYY, DD/MM/YYYY or YYYY-MM-DD, with or without midnight. Everything else is None."""
    text = _MIDNIGHT.sub("", raw)
    if found := _DAY_FIRST.fullmatch(text):
        parts = found[3], found[2], found[1]
    elif found := _YEAR_FIRST.fullmatch(text):
        parts = found[1], found[2], found[3]
    else:
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError:
        return None


def school_phone(raw: str) -> str:
    """A school's number as people write it: "0151 496 0100". A zero lost in Excel is put back. Raises ValueNotGood."""
    if re.search(r"[^\W\d]", raw):
        # The library would read letters as digits.
        raise ValueNotGood(ValueProblem.PHONE_WITH_WORDS)
    import phonenumbers  # only a file of schools needs it

    try:
        number = phonenumbers.parse(raw, "GB")
    except phonenumbers.NumberParseException as problem:
        raise ValueNotGood(ValueProblem.PHONE_NOT_VALID) from problem
    if not phonenumbers.is_valid_number(number) or number.extension:
        raise ValueNotGood(ValueProblem.PHONE_NOT_VALID)
    shape = phonenumbers.PhoneNumberFormat.NATIONAL
    if number.country_code != 44:
        shape = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def line_of_text(raw: str, longest: int) -> str | None:
    """One line with single spaces. None if it is longer than `longest` or contains a control character."""
    text = " ".join(raw.split())
    if len(text) > longest or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text):
        return None
    return text
