"""Which names may be one person's: as a person reads them, not as a computer spells them.

Used only to raise a doubt about somebody who may be an adult who may not have the letter: a person decides. Names that
are one adult's for certain are met in same_adult.py.
"""

from __future__ import annotations

import re
import unicodedata

_TOGETHER = re.compile(r"\s*[&+/;]\s*|\s+(?:and|or)\s+")
"""Between two people whom an office has put into one cell."""
_PARTICLE = re.compile(r"\b(o|mc) (?=\w{2})")
"""Written with and without a space: "o neill", "mc donald"."""
_HYPHEN = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_SUFFIXES = frozenset(
    {"jr", "jnr", "junior", "sr", "snr", "senior", "ii", "iii", "iv", "esq", "mbe", "obe", "phd"}
)
_LOOK_ALIKE = str.maketrans(
    # Cyrillic and Greek letters that look like a Latin one, and Latin letters that no accent explains.
    "асеорхуіјѕһԁԛԝкмтвнгпι" + "αεορνυκτηχ" + "øłđðħıŀʼ0" + "1",
    "aceopxyijshdqwkmtbhrni" + "aeopvuktnx" + "olddhil'o" + "l",
)
_MORE = {"æ": "ae", "œ": "oe", "þ": "th"}


def straight_name(plain: str) -> str:
    """A plain name (same_adult.plain_name) first name first: "ash, karl" as "karl ash".

    Without what stands in brackets and without a suffix, and with letters of other alphabets that look like Latin
    ones as those.
    """
    if plain.isascii() and plain.replace(" ", "").isalpha():
        words = plain.split()
    else:
        surname, comma, first = _without_brackets(_folded(plain)).partition(",")
        words = f"{first} {surname}".split() if comma else surname.split()
        words = [word for word in (_word(word) for word in words) if word]
    return _joined(" ".join([word for word in words if word not in _SUFFIXES] or words))


def _word(word: str) -> str:
    kept = "".join(letter for letter in word if letter.isalnum() or letter == "-").strip("-")
    # A number is no name: its digits are letters typed wrongly only beside letters.
    return kept.translate(_LOOK_ALIKE) if any(map(str.isalpha, kept)) else kept


def _folded(plain: str) -> str:
    for letter, plainer in _MORE.items():
        plain = plain.replace(letter, plainer)
    parts = unicodedata.normalize("NFKD", plain)
    kept = "".join(one for one in parts if unicodedata.category(one) not in ("Mn", "Cf")).casefold()
    return _HYPHEN.sub("-", kept)


def _joined(name: str) -> str:
    return _PARTICLE.sub(r"\1", name)


def _without_brackets(text: str) -> str:
    before, bracket, rest = text.partition("(")
    return f"{before} {rest.partition(')')[2]}" if bracket and before.strip() else text


def name_pairs(plain: str) -> frozenset[str]:
    """First and last word of a plain name, in one order: two people who share a pair may be one.

    "karl j ash", "ash karl", "ash, karl jr" and "karl ash-brown" all share a pair with "karl ash". Of a name of one
    word, that word. A pair never holds a middle name.
    """
    people = [part for part in _TOGETHER.split(plain) if part.strip()]
    if len(people) > 1:
        # "Ana Quill & Karl Ash", "Ana and Karl Ash": each of them, and a first name alone with the last surname.
        surname = people[-1].split()[-1]
        each = (part if len(part.split()) > 1 else f"{part} {surname}" for part in people)
        return frozenset(pair for part in each for pair in name_pairs(part))
    words = straight_name(plain).split()
    long = [word for word in words if len(word) > 1]
    words = long if len(long) > 1 else words
    if len(words) < 2:
        return frozenset(words)
    return frozenset(" ".join(sorted((first, last))) for first in _parts(words[0]) for last in _parts(words[-1]))


def _parts(word: str) -> list[str]:
    """A double-barrelled word's parts, and the word without its hyphen."""
    parts = [part for part in word.split("-") if part]
    return [*parts, "".join(parts)] if len(parts) > 1 else parts
