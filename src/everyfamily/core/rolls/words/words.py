"""What people and systems write in cells, as the words that we keep: yes and no, relationships, languages.

A table answers None for a word that it does not know. It remembers what it was asked, because a file repeats a few
words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from everyfamily.core.files.data_tables import load_table
from everyfamily.core.rolls.model.roll_rows import (
    CHANNEL_WISHES,
    FORMATS,
    RELATIONSHIPS,
    RESTRICTIONS,
    YES_NO_UNKNOWN,
)
from everyfamily.core.rolls.words.answers import AnswersInWords
from everyfamily.core.rolls.words.closing_words import closes
from everyfamily.core.rolls.words.relationship_words import Related, RelationshipWords

NOT_A_PARENT_OR_CARER = "not a parent or carer"
_LONGEST_TAG = 20
_LONGEST_CODE = 4
_LONGEST_LANGUAGES = 80
_BETWEEN_LANGUAGES = re.compile(r"[()\[\]/,;:&+|.]|\s-+\s|\band\b|\bor\b|[\u2013\u2014]")
_WORD = re.compile(r"[^\W\d_]+")


def plain(text: str) -> str:
    """Only letters and digits, without case: "Parent/Carer Name" is "parentcarername"."""
    return "".join(filter(str.isalnum, text.casefold()))


class Words(dict[str, str | None]):
    """From a cell's text to the word that is kept, or None."""

    def __init__(self, known: Mapping[str, str]) -> None:
        super().__init__()
        self._known = known

    def __missing__(self, text: str) -> str | None:
        word = self[text] = self._known.get(plain(text))
        return word


class Relationships(Words):
    """First for whole cells, and then by their parts. None if a word is left over."""

    def __missing__(self, text: str) -> str | None:
        word = None if "?" in text or "*" in text else self._known.get(plain(text))
        if word is None and (said := relationship_in(text, ())) and said.understood:
            word = said.kept
        self[text] = word
        return word


class Answers(Words):
    """Yes, no and unknown, also with words next to them."""

    def __missing__(self, text: str) -> str | None:
        word = self[text] = self._known.get(plain(text)) or answers_in_words().yes_no_unknown(text)
        return word


class Orders(Words):
    """Yes and no for orders and restrictions, also in words. NOTHING_SAID for an answer that is about something
    else."""

    def __missing__(self, text: str) -> str | None:
        word = self._known.get(plain(text))
        if word is None and not closes(text):
            word = answers_in_words().of_orders(text)
        self[text] = word
        return word


def _tag_of(text: str) -> str | None:
    """The BCP 47 tag that a cell has, in its usual spelling."""
    import langcodes  # an eighth of the time in which a worker begins, and only some rolls have such a cell

    if not langcodes.tag_is_valid(text):
        return None
    tag = langcodes.standardize_tag(text)
    return tag if len(tag) <= _LONGEST_TAG else None


class Languages(Words):
    """BCP 47 tags, by tag, by the school census's code or by the language's English name.

    A code of the census comes before a tag with the same letters: "PAT" in a school's file is Pashto.
    """

    def __missing__(self, text: str) -> str | None:
        known = self._known.get(plain(text))
        if known is None:
            known = _tag_of(text)
        self[text] = known or self._first_of(text)
        return self[text]

    def _first_of(self, text: str) -> str | None:
        """The first of several languages, or one with words next to it. None if a word is not known."""
        if len(text) > _LONGEST_LANGUAGES:
            return None
        beside = load_table(__file__)["beside_a_language"]
        found: list[str] = []
        for part in _BETWEEN_LANGUAGES.split(text.casefold().replace("br. ", "br ")):
            spoken = _WORD.findall(part)
            named = [word for word in spoken if word not in beside["ordinary"] and word not in beside["a_little"]]
            if named:
                tag = self._known.get("".join(named))
                if tag is None or tag == "und":
                    return None
                found += [] if any(word in beside["a_little"] for word in spoken) else [tag]
        return found[0] if found else None


def yes_no() -> Words:
    """For a question that has no third answer."""
    return Words(_of_toml()["yes no"])


def orders() -> Words:
    """For whether there is a court order or a restriction."""
    return Orders(_of_toml()["yes no"] | _of_toml()["orders"])


def letters() -> Words:
    """For whether an adult is sent letters."""
    return Words(_of_toml()["yes no"] | _of_toml()["letters"])


def yes_no_unknown() -> Words:
    """For parental responsibility and care."""
    return Answers(_of_toml()["yes no"] | _of_toml()["unknown"] | _spelled(YES_NO_UNKNOWN))


def relationships() -> Words:
    """Words and codes for relationships; `NOT_A_PARENT_OR_CARER` for those who are never written to."""
    return Relationships(_of_toml()["relationship"])


def relationship_in(text: str, own: Collection[str]) -> Related | None:
    """What a cell says that `relationships` does not know as a whole. None if it contains no relationship.

    `own` are the words of the adult's own name, in lower case.
    """
    said = _relationship_reader().read(text, own)
    # "Mum - social worker only": each word is known, but together they keep away.
    return Related(said.kept, False) if said and said.understood and closes(text) else said


def on_roll() -> Words:
    """For whether a child is at the school: "here", "left", "died", or "nothing" for a word that says nothing."""
    return Words(_of_toml()["on roll"])


def restrictions() -> Words:
    """Only the template's own words, because nobody should guess what another word was meant to keep away."""
    return Words(_spelled(RESTRICTIONS))


def formats() -> Words:
    """For the letter's form."""
    return Words(_spelled(FORMATS))


def wishes() -> Words:
    """For the channel that an adult asks for."""
    return Words(_spelled(filter(None, CHANNEL_WISHES)))


def languages() -> Words:
    """Tags, census codes and English names."""
    return Languages(_languages())


def is_code(text: str) -> bool:
    """A relationship's code that no table has, such as "XYZ": it is kept as it is."""
    return len(text) <= _LONGEST_CODE and text.isascii() and text.isalpha() and text.isupper()


def _spelled(words: Iterable[str]) -> dict[str, str]:
    return {plain(word): word for word in words}


@cache
def _of_toml() -> dict[str, dict[str, str]]:
    held = load_table(__file__)
    yes_and_no = {plain(word): answer for answer in ("yes", "no") for word in held[answer]}
    relationship = _spelled(RELATIONSHIPS) | {
        plain(word): kept for kept, words in held["relationship"].items() for word in words
    }
    relationship |= {plain(word): NOT_A_PARENT_OR_CARER for word in held["not_a_parent_or_carer"]}
    beside = held["beside_a_relationship"]
    return {
        **{f"beside/{what}": dict.fromkeys(map(plain, words), "") for what, words in beside.items()},
        "yes no": yes_and_no,
        "letters": {plain(word): answer for answer in ("yes", "no") for word in held[f"letters_{answer}"]},
        "orders": {plain(word): "no" for word in held["orders_no"]},
        "unknown": {plain(word): "unknown" for word in held["unknown"]},
        "relationship": relationship,
        "on roll": {plain(word): said for said, words in held["on_roll"].items() for word in words},
    }


@cache
def beside_a_value() -> frozenset[str]:
    """Words that may be next to an adult's email or number."""
    return frozenset(load_table(__file__)["beside_a_value"]["ordinary"])


@cache
def of_values_not_used() -> frozenset[str]:
    """Words that say that the email or number next to them is out of use."""
    return frozenset(load_table(__file__)["beside_a_value"]["not_used"])


@cache
def answers_in_words() -> AnswersInWords:
    """Reads answers of several words."""
    held = load_table(__file__)["answers"]
    return AnswersInWords(
        {word: answer for answer in ("yes", "no") for word in held[answer]},
        frozenset(load_table(__file__)["unknown"]),
        with_yes=frozenset(held["with_yes"]),
        with_no_orders=frozenset(held["with_no_orders"]),
        about_else=frozenset(held["about_else"]),
    )


@cache
def _relationship_reader() -> RelationshipWords:
    tables = _of_toml()
    return RelationshipWords(
        tables["relationship"],
        NOT_A_PARENT_OR_CARER,
        vacuous=tables["beside/vacuous"],
        harmless=tables["beside/harmless"],
        not_so=tables["beside/not_so"],
    )


@cache
def _languages() -> dict[str, str]:
    known: dict[str, str] = {}
    text = Path(__file__).with_name("languages.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in (row["dfe_code"], *row["english_names"].split(";")):
            if name:
                known[plain(name)] = row["bcp47"]
    return known
