"""What the values of a column look like, for headings that say too little. It is decided once for each file, by its
first rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from everyfamily.core.rolls.values.written_names import outside_brackets
from everyfamily.core.rolls.words import words

NOTHING = frozenset(
    (
        "null",
        "(null)",
        "n/a",
        "na",
        "none",
        "nil",
        "#n/a",
        "-",
        "--",
        ".",
        "nan",
        "not known",
        "<null>",
        "not set",
        "nul",
    )
)
"""How systems write that there is nothing."""
_EMAIL = re.compile(r"(?<![^\s@,;<>()])[^\s@,;<>()]+@[^\s@,;<>()]+\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+|00)?\(?[0-9][0-9 ().\-]{7,18}[0-9]")
_BARE_MOBILE = re.compile(r"(?:44)?0?7[0-9]{9}(?:\.0)?")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]", re.IGNORECASE)
_DAY = re.compile(
    r"[0-9]{1,2}[/.\- ](?:[0-9]{1,2}|[a-z]{3,9})[/.\- ,]+[0-9]{2,4}(?:[ T].*)?"
    r"|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[ T].*)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_YEAR = re.compile(r"(?:year|yr|y|nc)?\s*(?:[0-9]|1[0-4]|r|n[12]?)|reception|nursery|pre-?school", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?:,? [^\W\d_&(][\w'’.\-()]*){1,6}")
_CAPITAL = re.compile(r"\b[A-Z][a-z'’-]+")
_TITLES = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "rev",
        "sir",
        "lady",
        "lord",
        "dame",
        "mr & mrs",
        "mr and mrs",
    )
)
_TITLED = re.compile(
    r"(?:mrs?|ms|miss|mx|dr|prof|rev)\.?(?:\s*(?:&|and|/)\s*(?:mrs?|ms|miss|dr)\.?)?\s+\w", re.IGNORECASE
)
_SAMPLE = 300
_MOSTLY = 0.8


@dataclass(frozen=True)
class Values:
    """The values of one column in the first rows that are not blank."""

    texts: Sequence[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Values:
        kept: list[str] = []
        for text in texts:
            plain = text.strip()
            if plain and plain.casefold() not in NOTHING:
                kept.append(plain)
            if len(kept) == _SAMPLE:
                break
        return cls(kept)

    def __bool__(self) -> bool:
        return bool(self.texts)

    @cached_property
    def plain(self) -> frozenset[str]:
        return frozenset(text.casefold() for text in self.texts)

    def _mostly(self, pattern: re.Pattern[str], *, part: bool = False) -> bool:
        if not self.texts:
            return False
        looks = pattern.search if part else pattern.fullmatch
        return sum(looks(text) is not None for text in self.texts) >= _MOSTLY * len(self.texts)

    @cached_property
    def emails(self) -> bool:
        return self._mostly(_EMAIL, part=True)

    @cached_property
    def any_email(self) -> bool:
        return any(_EMAIL.search(text) for text in self.texts)

    @cached_property
    def emails_and_phones(self) -> bool:
        """Both in one cell, without a name next to them."""
        both = [text for text in self.texts if _EMAIL.search(text) and _PHONE.search(text)]
        rest = [_PHONE.sub("", _EMAIL.sub("", text)) for text in both]
        return len(both) >= 0.5 * len(self.texts) > 0 and all(sum(map(str.isalpha, text)) < 12 for text in rest)

    @cached_property
    def phones(self) -> bool:
        """Numbers to call, perhaps with words next to them."""
        digits = [len(re.sub(r"\D", "", text)) >= 10 and _PHONE.search(text) is not None for text in self.texts]
        return bool(self.texts) and sum(digits) >= _MOSTLY * len(self.texts) and not self.days

    @cached_property
    def names_and_numbers(self) -> bool:
        """Numbers to call, each with somebody's name next to it: two words with capitals."""
        rest = [_EMAIL.sub(" ", _PHONE.sub(" ", text)) for text in self.texts]
        named = sum(len(_CAPITAL.findall(text)) >= 2 for text in rest)
        return bool(rest) and named >= _MOSTLY * len(rest)

    @cached_property
    def mobiles(self) -> bool:
        tight = [re.sub(r"[^\d.]", "", text) for text in self.texts]
        return bool(tight) and sum(_BARE_MOBILE.fullmatch(one) is not None for one in tight) >= _MOSTLY * len(
            tight
        )

    @cached_property
    def postcodes(self) -> bool:
        return self._mostly(_POSTCODE)

    @cached_property
    def upns(self) -> bool:
        return self._mostly(_UPN)

    @cached_property
    def days(self) -> bool:
        return self._mostly(_DAY)

    @cached_property
    def numbers(self) -> bool:
        return self._mostly(_NUMBER)

    @cached_property
    def small_numbers(self) -> bool:
        return bool(self.texts) and all(_NUMBER.fullmatch(t) and len(t) <= 2 for t in self.texts)

    @cached_property
    def yes_no(self) -> bool:
        known = words.yes_no()
        return bool(self.plain) and sum(known[text] is not None for text in self.texts) >= _MOSTLY * len(
            self.texts
        )

    @cached_property
    def answers_of_orders(self) -> bool:
        """Nothing but yes and no, in any form that we know as an answer about orders."""
        known = words.orders()
        return bool(self.texts) and all(known[text] in ("yes", "no") for text in self.texts)

    @cached_property
    def relationships(self) -> bool:
        known = words.relationships()
        return bool(self.texts) and sum(known[t] is not None for t in self.texts) >= 0.6 * len(self.texts)

    @cached_property
    def on_roll(self) -> bool:
        """Words for being at the school or not: "Accepted", "Declined", "Left 21/07/2026"."""
        known = words.on_roll()
        said = [known[text] or known[text.split(maxsplit=1)[0]] for text in self.texts]
        return len(said) > 1 and not self.yes_no and all(said) and not {"here", "left"}.isdisjoint(said)

    @cached_property
    def titles(self) -> bool:
        return bool(self.plain) and all(text.rstrip(".") in _TITLES for text in self.plain)

    @cached_property
    def years(self) -> bool:
        return self._mostly(_YEAR)

    @cached_property
    def names(self) -> bool:
        """Two or more words that may be somebody's name."""
        return self._mostly(_NAME) and not self.relationships

    @cached_property
    def titled(self) -> bool:
        """Names with a title before them, which no child has."""
        return bool(self.texts) and sum(_TITLED.match(text) is not None for text in self.texts) >= 0.6 * len(
            self.texts
        )

    @cached_property
    def distinct(self) -> int:
        return len(self.plain)

    @cached_property
    def perhaps_ids(self) -> bool:
        """Nearly every cell has its own number, or letters and a number."""
        numbered = sum(any(map(str.isdigit, text)) and " " not in text for text in self.texts)
        is_ids = bool(self.texts) and numbered >= _MOSTLY * len(self.texts) and self.distinct >= 0.5 * numbered
        return is_ids and not (self.emails or self.phones or self.days or self.postcodes)

    @cached_property
    def surname_first(self) -> bool:
        """ "Ashdown, Ruth (Mrs)" in nearly every cell."""
        commas = sum(outside_brackets(text).count(",") == 1 and not text.endswith(",") for text in self.texts)
        return len(self.texts) > 0 and commas >= _MOSTLY * len(self.texts)

    @cached_property
    def more_than_names(self) -> bool:
        return any("@" in text or "(" in text or sum(map(str.isdigit, text)) > 6 for text in self.texts)

    @cached_property
    def harmless(self) -> bool:
        """Nothing that could be a flag or a note: days, long numbers, email addresses, phones, postcodes."""
        return (
            self.emails
            or self.days
            or self.phones
            or self.postcodes
            or self.upns
            or (self.numbers and any(len(text) > 2 for text in self.texts))
        )
