"""Several emails or numbers in one cell, each with its kind or a note: "07700 900123 (Mum), 0151 496 0101 work".

Records systems keep them separately, each with a kind and a note, and print them into one cell, so splitting them
invents nothing. Words next to a value must be a kind ("home"), a time or a condition ("not after 9pm", "if Mum cannot
be reached") or the adult's own ("Mum" next to the mother). Any other word may say that it is somebody else's inbox or
phone, and then nothing in the cell is used. If each value is labelled separately, one that is called another relative's
or old is left out, and the others are used.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from everyfamily.core.rolls.words import words

_EMAIL = re.compile(r"[^\s@,;|/<>()\[\]:\"']+@[^\s@,;|/<>()\[\]:\"']+")
_NUMBER = re.compile(r"(?<![0-9+])(?:\+|00)?\(?[0-9](?:[ ().\-\u00a0]{0,2}[0-9]){8,13}(?![0-9])")
_LONGEST = 1000
_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[;,/|\n]|\b(?:or|and)\b", re.IGNORECASE)
_RELATIVE = (
    r"(?:mum|mummy|mam|mother|dad|daddy|father|nan|nana|gran|grandma|grandad|parents?|partner|carer|us|we|me)"
)
_NOT = (
    r"(?:cannot|can['\u2019]?t|can not|isn['\u2019]?t|is not|not|doesn['\u2019]?t|does not|don['\u2019]?t|do not|no|is"
    r"|are)"
)
_CONDITION = re.compile(
    rf"\b(?:only )?(?:if|when|unless) (?:the )?{_RELATIVE}(?:['\u2019]s)? (?:{_NOT} )*"
    r"(?:be )?(?:reached|reachable|available|unavailable|contactable|around|there|answer(?:s|ing)?|work(?:s|ing)?|away"
    r"|at work)\b"
    rf"|\b(?:please )?(?:try|ring|call|phone) {_RELATIVE} first\b"
    r"|\b(?:please )?(?:do not|don['\u2019]?t|not to|not|never|no|cannot|can['\u2019]?t) (?:be )?"
    r"(?:rung|ring|calls?|called|phone|phoned|answer|take calls|talk|speak)? ?"
    r"(?=(?:before|after|until|till|between|during|at|on|in|while|when|from)\b)"
    r"|\b(?:please )?(?:do not|don['\u2019]?t|never|cannot|can['\u2019]?t) leave (?:a |any )?(?:message|voicemail)s?\b"
    r"|\bif no (?:answer|reply|response)\b|\bif (?:urgent|possible|needed|necessary|required)\b",
    re.IGNORECASE,
)
"""About when to call. None of them forbids a text."""
_NO_TEXTS = re.compile(
    r"(?<!no )\b(?:(?:voice|phone)? ?calls?|voice|ring(?:ing)?|speak(?:ing)?) only\b"
    r"(?! ?(?:after|before|between|from|until|till|if|when|on|at|in|to)\b)"
    r"|\bonly (?:voice )?calls?\b(?! ?(?:after|before|between|from|until|till|if|when|on|at|in|me|to)\b)"
    r"|\b(?:no|not|never|don['\u2019]?t|cannot|can['\u2019]?t|unable to|doesn['\u2019]?t|won['\u2019]?t) "
    r"(?:(?!leave)\w+ ){0,2}"
    r"(?:texts?|texting|sms|text messages?)\b"
    r"|\bonly\b.*\b(?:emergenc|urgent)|\b(?:emergenc\w*|urgent)\b.*\bonly\b|\bnon[- ]?(?:text|sms)",
    re.IGNORECASE,
)


class LeftOut(Enum):
    """Why a value in a cell is not used."""

    WORDS = "words"
    NOT_FOR_TEXTS = "not for texts"


@dataclass(frozen=True, slots=True)
class Taken:
    """The values of a cell as they are written, and why others in it are left out."""

    values: list[str]
    left_out: LeftOut | None = None


def own_words(name: str, relationship: str) -> frozenset[str]:
    """Words that may be next to a value and mean this adult."""
    named = {word.casefold() for word in _WORD.findall(name)}
    return frozenset(named) | _RELATED.get(relationship, frozenset())


_RELATED = {
    "mother": frozenset(("mother", "mum", "mums", "mam", "mummy", "s")),
    "father": frozenset(("father", "dad", "dads", "daddy", "s")),
    "grandparent": frozenset(
        ("grandmother", "grandfather", "nan", "nana", "gran", "grandad", "granddad", "grandma", "s")
    ),
    "step-parent": frozenset(("step", "stepmum", "stepdad", "stepmother", "stepfather", "s")),
    "carer": frozenset(("carer", "s")),
    "foster carer": frozenset(("carer", "foster", "s")),
}


def emails_in(text: str, own: Collection[str]) -> Taken:
    """The addresses in a cell. A full stop after one ends the sentence."""
    taken = _taken(_EMAIL, text, own)
    return Taken([value.rstrip(".") for value in taken.values], taken.left_out)


def numbers_in(text: str, own: Collection[str]) -> Taken:
    """The phone numbers of a cell."""
    text = _EMAIL.sub(" ", text[: _LONGEST + 1])
    if not forbids_texts(text):
        return _taken(_NUMBER, text, own)
    pieces = _each_with_one(_NUMBER, text)
    may_be_texted = [piece for piece in pieces if not forbids_texts(piece)]
    return Taken(_taken(_NUMBER, ", ".join(may_be_texted), own).values, LeftOut.NOT_FOR_TEXTS)


def forbids_texts(text: str) -> bool:
    """Whether words in a phone's cell say that no text should go there."""
    return _NO_TEXTS.search(" ".join(text[:_LONGEST].split())) is not None


def _taken(pattern: re.Pattern[str], text: str, own: Collection[str]) -> Taken:
    if len(text) > _LONGEST:
        return Taken([], LeftOut.WORDS)
    found = pattern.findall(text)
    rest = pattern.sub(" ", text)
    if "@" in rest:
        return Taken([], LeftOut.WORDS)
    if not _not_understood(rest, own):
        return Taken([value.strip() for value in found])
    kept = []
    for piece in _each_with_one(pattern, text):
        unknown = _not_understood(pattern.sub(" ", piece), own)
        if not unknown:
            kept.append(pattern.findall(piece)[0].strip())
        elif not all(map(_is_anothers, unknown)):
            return Taken([], LeftOut.WORDS)
    return Taken(kept, LeftOut.WORDS)


def _each_with_one(pattern: re.Pattern[str], text: str) -> list[str]:
    """The pieces of a cell, each with one value and the words that belong to it. None if that is not clear."""
    pieces = [piece for piece in _BETWEEN.split(text) if any(map(str.isalnum, piece))]
    return pieces if len(pieces) > 1 and all(len(pattern.findall(piece)) == 1 for piece in pieces) else []


def _not_understood(rest: str, own: Collection[str]) -> list[str]:
    ordinary = words.beside_a_value()
    plain = _CONDITION.sub(" ", " ".join(rest.split()))
    return [word for word in map(str.casefold, _WORD.findall(plain)) if word not in ordinary and word not in own]


def _is_anothers(word: str) -> bool:
    """Whether a word clearly says that the value next to it is another relative's, or out of use."""
    return word == "s" or word in words.of_values_not_used() or words.relationships()[word] is not None
