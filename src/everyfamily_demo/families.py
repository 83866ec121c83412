"""The demo's families. Each is made only from the seed and its number, so two schools meet the same adults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any, Literal

from everyfamily_demo.chance import chance
from everyfamily_demo.households import (
    HOUSEHOLDS,
    LANGUAGES,
    QUIRKS,
    Member,
    Quirk,
    Relationship,
    Restriction,
    YesNo,
)
from everyfamily_demo.people_names import NAMES, address_of, mailbox_name

# Adults and homes of a family are numbered in steps of this size, so that every value has one owner.
_MOST_ADULTS = 4
_MOST_HOMES = 2
# Ofcom's fictional mobiles end in three digits: room for 250 families of four.
READABLE_FAMILIES = 250
_OFFICIAL: dict[Relationship, tuple[str, int]] = {"social worker": ("sw", 25), "registered manager": ("rm", 6)}
_OFFICIAL_MOBILES = {"sw": 998_000_000, "rm": 999_000_000}
_BAD_EMAILS = ("{0}.example.com", "{0}@@example.org", "{0}@example,com", "none", "{0}@", "ask at the office")
_BAD_POSTCODES = ("EMI 2AB", "EM1", "E1M 22B", "not known", "EM1 2A")


@dataclass(frozen=True, slots=True)
class Adult:
    """One adult of one family, with contact values as a school's office would type them."""

    name: str
    relationship: Relationship
    responsibility: YesNo
    has_care: YesNo
    priority: int
    restriction: Restriction
    objects: bool
    email: str
    mobile: str
    address: tuple[str, ...]
    postcode: str
    language: str
    format: str
    channel: Literal["", "email", "text", "paper"]


def family(number: int, seed: int, readable: int | None = None) -> tuple[Adult, ...]:
    """Return the adults of a family, most important first. They are the same whichever child leads to them.

    Mobile numbers are under +999, an unassigned country code. A family with a `readable` number (0 to 249, each given
    once) has numbers from Ofcom's fictional range 07700 900xxx instead, for sample rows that people read.
    """
    household = _dealt(_HOUSEHOLDS, "household", number, seed)
    quirk = _dealt(_QUIRKS, "quirk", number, seed) if readable is None else ""
    language = _dealt(_LANGUAGES, "language", number, seed)
    dice = chance(seed, "family", number)
    surname = dice.choice(NAMES[language or "en"].families)
    adults: list[Adult] = []
    for index, member in enumerate(household.members):
        if member.relationship in _OFFICIAL:
            adults.append(_official(member, index, dice, seed))
            continue
        adult = _adult(number, index, member, surname, language, dice, seed, readable)
        if household.one_inbox:
            adult = replace(adult, email=adults[0].email if adults else _inbox(number, surname))
        if not household.contacts:
            adult = replace(adult, email="", mobile="", address=(), postcode="")
        elif index == 0 and quirk:
            adult = _quirky(adult, quirk, number)
        adults.append(adult)
    return tuple(adults)


def _cards[Card](shares: Sequence[tuple[Card, int]]) -> tuple[Card, ...]:
    return tuple(card for card, of_thousand in shares for _ in range(of_thousand))


_HOUSEHOLDS = _cards([(household, household.of_thousand) for household in HOUSEHOLDS])
_QUIRKS = _cards(QUIRKS)
_LANGUAGES = _cards(LANGUAGES)


def _dealt[Card](cards: Sequence[Card], name: str, number: int, seed: int) -> Card:
    """Deal from a shuffled thousand instead of rolling dice, so that every rare case occurs in every city."""
    thousand, place = divmod(number, 1_000)
    return cards[_order(name, thousand, seed)[place]]


@lru_cache(maxsize=512)
def _order(name: str, thousand: int, seed: int) -> list[int]:
    return chance(seed, name, thousand).sample(range(1_000), 1_000)


def _adult(
    number: int,
    index: int,
    member: Member,
    surname: str,
    language: str,
    dice: Random,
    seed: int,
    readable: int | None,
) -> Adult:
    spoken = "en" if member.relationship == "foster carer" else language
    names = NAMES[spoken or "en"]
    women = member.relationship == "mother" or (member.relationship != "father" and dice.random() < 0.6)
    first = dice.choice(names.mothers if women else names.fathers)
    last = surname if member.home == 0 and spoken == language else dice.choice(names.families)
    serial = number * _MOST_ADULTS + index
    domain = "example.com" if dice.random() < 0.6 else "example.org"
    has_email, has_mobile = dice.random() < 0.91, dice.random() < 0.93
    home = number * _MOST_HOMES + member.home
    # The office has a home's address for everybody who lives there, or for nobody.
    has_address = chance(seed, "home", home).random() < 0.95
    address, postcode = address_of(home)
    some_address = has_address or not (has_email or has_mobile)
    return Adult(
        name=f"{first} {last}",
        relationship=member.relationship,
        responsibility=member.responsibility,
        has_care=member.has_care,
        priority=index + 1,
        restriction=member.restriction,
        objects=member.objects,
        email=f"{mailbox_name(first)}.{mailbox_name(last)}{serial}@{domain}" if has_email else "",
        mobile=_mobile(serial, index, readable) if has_mobile or readable is not None else "",
        address=address if some_address else (),
        postcode=postcode if some_address else "",
        language=spoken,
        format="standard",
        channel="",
    )


def _official(member: Member, index: int, dice: Random, seed: int) -> Adult:
    """A social worker or a home's manager: one person, in several families with the same values."""
    short, how_many = _OFFICIAL[member.relationship]
    number = dice.randrange(how_many)
    own = chance(seed, short, number)
    first, last = own.choice(NAMES["en"].mothers + NAMES["en"].fathers), own.choice(NAMES["en"].families)
    office = (f"Room {number + 1}, Civic Hall", "1 Assembly Square", "Eastmere")
    house = (f"{last} House", f"{number + 1} Assembly Row", "Eastmere")
    return Adult(
        name=f"{first} {last}",
        relationship=member.relationship,
        responsibility=member.responsibility,
        has_care=member.has_care,
        priority=index + 1,
        restriction=member.restriction,
        objects=member.objects,
        email=f"{mailbox_name(first)}.{mailbox_name(last)}.{short}{number}@example.org",
        mobile=f"+999{_OFFICIAL_MOBILES[short] + number:09d}",
        address=office if short == "sw" else house,
        postcode="EM20 1AA" if short == "sw" else "EM20 1AB",
        language="en",
        format="standard",
        channel="",
    )


def _mobile(serial: int, index: int, readable: int | None) -> str:
    if readable is None or readable >= READABLE_FAMILIES:
        return f"+999{serial:09d}"
    digits = f"7700900{readable * _MOST_ADULTS + index:03d}"
    # A spreadsheet dropped the zero, or a parent's name was typed after the number. Real files have both.
    if index == 0 and readable % 8 == 3:
        return digits
    if index == 0 and readable % 8 == 5:
        return f"0{digits} (Mum)"
    return f"0{digits[:4]} {digits[4:]}"


def _inbox(number: int, surname: str) -> str:
    return f"the.{mailbox_name(surname)}.family{number * _MOST_ADULTS}@example.com"


def _quirky(adult: Adult, quirk: Quirk, number: int) -> Adult:
    mailbox = f"{mailbox_name(adult.name)}{number * _MOST_ADULTS}"
    changes: dict[Quirk, dict[str, Any]] = {
        "bad email": {"email": _BAD_EMAILS[number % len(_BAD_EMAILS)].format(mailbox)},
        "space after the email": {"email": f"{adult.email or mailbox + '@example.org'} "},
        "landline for a mobile": {"mobile": f"0151 496 0{800 + number % 200}"},
        "words after the mobile": {"mobile": f"+999{number * _MOST_ADULTS:09d} (Nan, after 4)"},
        "short mobile": {"mobile": "07123"},
        "bad postcode": {"postcode": _BAD_POSTCODES[number % len(_BAD_POSTCODES)]},
        "large print": {"format": "large print"},
        "easy read": {"format": "easy read"},
        "audio": {"format": "audio"},
        "braille": {"format": "braille"},
        "paper only": {"channel": "paper"},
        "text chosen": {"channel": "text"},
        "email chosen": {"channel": "email"},
    }
    return replace(adult, **changes[quirk])
