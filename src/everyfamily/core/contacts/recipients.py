"""Contact values: an email address, a mobile number, a postal address, in the one spelling that is compared.

Each error is a code and a sentence, and the sentences are next to the codes. None repeats the value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from everyfamily.core.files.data_tables import load_table


class ValueProblem(StrEnum):
    """What is wrong with a value, in one sentence; the member's name is its code."""

    EMAIL_NOT_VALID = "This is not an email address that mail can reach."
    EMAIL_LOOKS_MISTYPED = "The part after the @ looks mistyped: nobody has email there."
    EMAIL_SEVERAL = "There are several email addresses in one cell, and none of them is used."
    EMAIL_PLACEHOLDER = "This is in the place of an email address but is not one."
    PHONE_NOT_VALID = "This is not a phone number."
    PHONE_NOT_MOBILE = "This number cannot receive texts: it is not a UK mobile number."
    PHONE_WITH_WORDS = "There are words beside the number, so it was not kept."
    PHONE_NOT_FOR_TEXTS = "The words beside the number say that no text is to go there."
    PHONE_PLACEHOLDER = "This is in the place of a phone number but is not one."
    PHONE_SHORTENED = "A spreadsheet has shortened this number and its last digits are lost."
    POSTCODE_NOT_VALID = "This is not the shape of a UK postcode."
    POSTCODE_MISSING = "The address has no postcode."
    ADDRESS_TOO_SHORT = "There is a postcode and no line of an address before it."
    ADDRESS_WITH_WORDS = "There are words in the place of an address: no home is known."
    ADDRESS_TOO_LONG = "An address may have at most seven lines, none longer than 80 characters."


class ValueNotGood(ValueError):
    """A contact value that cannot be used. `problem` says why."""

    def __init__(self, problem: ValueProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


# Accepts the form of nearly every address without the library's 20 microseconds. All others go to the library.
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}"
)
_LIKE_AN_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BETWEEN_EMAILS = re.compile(r"[\s;,|/]+|\band\b|\bor\b")
_PLAIN_MOBILE = re.compile(r"(?:\+44|0044|0)7([0-9]{9})")
_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_BETWEEN_NUMBERS = re.compile(r"[;,#][^;,#]")
_DEMO_NUMBER = re.compile(r"\+999[0-9]{9}")
_POSTCODE = re.compile(
    r"GIR0AA|[A-PR-UWYZ]"
    r"(?:[0-9]{1,2}|[A-HK-Y][0-9]|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]|[0-9][A-HJKPS-UW])"
    r"[0-9][ABD-HJLNP-UW-Z]{2}"
)
# Ofcom keeps these for drama and tests, and the library calls them invalid.
_FICTIONAL_MOBILE = re.compile(r"\+447700900[0-9]{3}")
_FICTIONAL_LANDLINE = re.compile(r"\+441632960[0-9]{3}")
MAX_ADDRESS_LINES = 7
_MAX_LINE = 80
_NOT_DIALLED = str.maketrans("", "", " \t\n\r.()-\u00a0")
_MAX_EMAIL = 254
"""RFC 5321 with its erratum 1690."""


def email_address(raw: str) -> str:
    """Normalise an email address: trimmed and lower case. A typing mistake is never repaired. Raises ValueNotGood."""
    value = raw.strip().lower()
    usable = ".." not in value and not value.endswith((".test", ".invalid")) and len(value) <= _MAX_EMAIL
    if not (usable and _PLAIN_EMAIL.fullmatch(value)):
        value = _unusual_email(value)
    name, _, domain = value.rpartition("@")
    slips = _slips()
    if domain in slips.mistyped_domains or domain.endswith(slips.mistyped_endings):
        raise ValueNotGood(ValueProblem.EMAIL_LOOKS_MISTYPED)
    if name in slips.placeholder_names or domain in slips.placeholder_domains:
        raise ValueNotGood(ValueProblem.EMAIL_PLACEHOLDER)
    return value


def _unusual_email(value: str) -> str:
    if value in _slips().placeholder_words:
        raise ValueNotGood(ValueProblem.EMAIL_PLACEHOLDER)
    # Both libraries take a tenth of the time in which a command begins, and most commands are given no contact.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as problem:
        several = sum(map(bool, map(_LIKE_AN_EMAIL.fullmatch, _BETWEEN_EMAILS.split(value)))) > 1
        raise ValueNotGood(ValueProblem.EMAIL_SEVERAL if several else ValueProblem.EMAIL_NOT_VALID) from problem


@dataclass(frozen=True, slots=True)
class _Slips:
    mistyped_domains: frozenset[str]
    mistyped_endings: tuple[str, ...]
    placeholder_domains: frozenset[str]
    placeholder_names: frozenset[str]
    placeholder_words: frozenset[str]
    phone_placeholder_words: frozenset[str]


@cache
def _slips() -> _Slips:
    held = load_table(__file__, "email_slips.toml")
    return _Slips(
        frozenset(held["mistyped_domains"]),
        tuple(held["mistyped_endings"]),
        frozenset(held["placeholder_domains"]),
        frozenset(held["placeholder_names"]),
        frozenset(held["placeholder_words"]),
        frozenset((*held["placeholder_words"], *held["phone_placeholder_words"])),
    )


@cache
def _uk_mobile() -> re.Pattern[str]:
    """The library's own pattern, because asking the library about one number takes thirty times as long."""
    import phonenumbers

    known = phonenumbers.PhoneMetadata.metadata_for_region("GB")
    pattern = known and known.mobile and known.mobile.national_number_pattern
    return re.compile(pattern or "(?!)")  # without it every number would take the slow way


def mobile_number(raw: str, *, demonstration: bool = False) -> str:
    """Normalise a mobile number to E.164. Raises ValueNotGood.

    `demonstration` allows +999, a country code that nobody has. It is accepted only with demo data.
    """
    if plain := _PLAIN_MOBILE.fullmatch(raw.translate(_NOT_DIALLED)):
        value = f"+447{plain[1]}"
        if _uk_mobile().fullmatch(value, 3) or _FICTIONAL_MOBILE.fullmatch(value):
            return value
    value = re.sub(r"[\s().\-\u00a0]", "", raw)
    if demonstration and _DEMO_NUMBER.fullmatch(value):
        return value
    if _SHORTENED.fullmatch(raw.strip()):
        raise ValueNotGood(ValueProblem.PHONE_SHORTENED)
    if " ".join(raw.lower().split()) in _slips().phone_placeholder_words:
        raise ValueNotGood(ValueProblem.PHONE_PLACEHOLDER)
    if re.search(r"[^\W\d]", value):
        # "07700900123 (Mum)": the library would read the letters as digits.
        raise ValueNotGood(ValueProblem.PHONE_WITH_WORDS)
    if _BETWEEN_NUMBERS.search(value):
        # "07700900123;07700900124": the library would take the second for an extension and drop it.
        raise ValueNotGood(ValueProblem.PHONE_NOT_VALID)
    return _unusual_mobile(value)


def _unusual_mobile(value: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException as problem:
        raise ValueNotGood(ValueProblem.PHONE_NOT_VALID) from problem
    normal = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _FICTIONAL_MOBILE.fullmatch(normal):
        return normal
    if _FICTIONAL_LANDLINE.fullmatch(normal):
        raise ValueNotGood(ValueProblem.PHONE_NOT_MOBILE)
    if not phonenumbers.is_valid_number(number):
        raise ValueNotGood(ValueProblem.PHONE_NOT_VALID)
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if phonenumbers.number_type(number) not in kinds:
        raise ValueNotGood(ValueProblem.PHONE_NOT_MOBILE)
    return normal


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The lines of an address as in the envelope's window, without the name. The last is the postcode."""

    lines: tuple[str, ...]

    @property
    def postcode(self) -> str:
        """The postcode, upper case with one space."""
        return self.lines[-1]


def postal_address(lines: list[str], postcode: str) -> PostalAddress:
    """Normalise an address. It never repairs a postcode: "LI 8JQ" is refused, not read as "L1 8JQ"."""
    kept = [plain for line in lines if (plain := " ".join(line.split()))]
    code = "".join(postcode.upper().split())
    if not code:
        raise ValueNotGood(ValueProblem.POSTCODE_MISSING)
    if not kept:
        raise ValueNotGood(ValueProblem.ADDRESS_TOO_SHORT)
    if not _POSTCODE.fullmatch(code):
        raise ValueNotGood(ValueProblem.POSTCODE_NOT_VALID)
    if len(kept) + 2 > MAX_ADDRESS_LINES or max(map(len, kept)) > _MAX_LINE:
        raise ValueNotGood(ValueProblem.ADDRESS_TOO_LONG)
    return PostalAddress((*kept, f"{code[:-3]} {code[-3:]}"))
