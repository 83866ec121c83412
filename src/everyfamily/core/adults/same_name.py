"""Which names may belong to one person: as a person reads them, not as a computer spells them.

Used only to raise a doubt about an adult who may be somebody who may not have the letter. A person decides. Names that
certainly belong to one adult are handled in same_adult.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

_TOGETHER = re.compile(r"\s*[&+/;]\s*|\s+(?:and|or)\s+")
"""Between two people whom an office put into one cell."""
_BETWEEN = frozenset(("and", "or"))
_FORMERLY = re.compile(r"[\s(]+(?:nee|formerly|previously|now|aka|a k a|also known as|maiden name)\b:?\s*")
"""Before another name of the same person."""
_OTHER_NAME = frozenset(("nee", "formerly", "previously", "now", "aka", "a", "also", "maiden", *_BETWEEN))
"""A name of plain letters with none of these words is one name of one person."""
_PARTICLE = re.compile(r"\b(o|mc) (?=\w{2})")
"""Written with and without a space: "o neill", "mc donald"."""
_HYPHEN = re.compile(r"\s*[-\u2010-\u2015\u2212]\s*")
_SUFFIXES = frozenset(
    (
        *("jr", "jnr", "junior", "sr", "snr", "senior", "ii", "iii", "iv", "esq", "mbe", "obe", "cbe", "phd"),
        *("bsc", "msc", "bed", "frcs", "jp"),
    )
)
_TITLES = frozenset(
    (
        *("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "revd", "sir", "dame", "lady", "lord", "master"),
        *("capt", "captain", "sgt", "cpl", "pte", "major", "lt", "col", "cllr", "fr", "imam", "pastor", "sheikh"),
    )
)
_PARTICLES = frozenset(
    (
        *("van", "von", "der", "den", "de", "la", "le", "los", "du", "da", "das", "del", "della", "di", "dos"),
        *(
            "ter",
            "ten",
            "al",
            "el",
            "bin",
            "ibn",
            "ben",
            "bint",
            "abu",
            "abdul",
            "ap",
            "ab",
            "fitz",
            "st",
            "d",
            "mac",
        ),
    )
)
"""Parts of a surname in several words that others write as one: "van der berg", "st john", "al masri"."""
_ONE_NAME = {"saint": "st"} | dict.fromkeys(
    ("mohammed", "mohamed", "mohammad", "mohamad", "muhammad", "muhammed", "muhamad", "muhamed", "mohd", "md"),
    "mohammed",
)
_MAC = re.compile(r"\bmac(?=[a-z]{3})|(?<= )mac (?=[a-z]{3})")
_UMLAUT = re.compile(r"([aou])e")
"""How other keyboards write an umlaut."""
_LOOK_ALIKE = str.maketrans(
    # Cyrillic and Greek letters that look like Latin ones, and Latin letters that are not explained by an accent.
    "асеорхуіјѕһԁԛԝкмтвнгпι" + "αεορνυκτηχ" + "øłđðħıŀʼ0" + "1",
    "aceopxyijshdqwkmtbhrni" + "aeopvuktnx" + "olddhil'o" + "l",
)
_MORE = {"æ": "ae", "œ": "oe", "þ": "th"}


def straight_name(plain: str) -> str:
    """A plain name (same_adult.plain_name) with the first name first: "ash, karl" as "karl ash", "ash k" as "k ash".

    A surname in several words becomes one: "karl van der berg" is "karl vanderberg". In a double surname it is the last
    part.
    """
    straight = _straight(plain)
    name = " ".join(straight)
    if len(straight) < 3 and "-" not in name:
        return name
    *words, last = _forms(straight)[-1] or [""]
    parts = last.split("-")
    return " ".join((*words, parts[-1] if _PARTICLES.isdisjoint(parts) else "".join(parts)))


@lru_cache(4)
def _straight(plain: str) -> tuple[str, ...]:
    """The words of a plain name, first name first.

    Without what is in brackets and without titles and suffixes. Letters of other alphabets that look like Latin ones
    become those. Initials written together become the first of them. A caller that asks for the pairs of a name also
    asks for its initial, so the last few results are kept.
    """
    if plain.isascii() and plain.replace(" ", "").isalpha():
        words = plain.split()
    else:
        surname, comma, first = _without_brackets(_folded(plain)).partition(",")
        words = f"{first} {surname}".split() if comma else surname.split()
        words = [word for word in (_word(word) for word in words) if word]
        if len(words) == 1:
            # "Karl-Ash": the two words of a name.
            words = words[0].split("-")
    if not _SUFFIXES.isdisjoint(words):
        words = [word for word in words if word not in _SUFFIXES] or words
    words = _joined(words)
    while len(words) > 1 and (words[0] in _BETWEEN or (words[0] in _TITLES and len(words) > 2)):
        del words[0]
    if len(words) > 1:
        words[0] = _initial(words[0])
        if len(words[-1]) == 1 < len(words[0]):
            words = [words[-1], *words[:-1]]
    return tuple(map(_one_spelling, words))


def _one_spelling(word: str) -> str:
    word = _ONE_NAME.get(word, word)
    # The expression is run only if it can find something, because this is done for every name in an area.
    has_umlaut = len(word) > 4 and ("ae" in word or "oe" in word or "ue" in word)
    return _UMLAUT.sub(r"\1", word) if has_umlaut else word


def _initial(word: str) -> str:
    """Initials written together, "kj" or "a-m", as the first of them."""
    if len(word) > 3 and "-" not in word:
        return word
    letters = word.replace("-", "")
    apart = "-" in word and max(map(len, word.split("-"))) == 1
    return (
        word[0]
        if apart or (1 < len(letters) < 4 and letters.isascii() and not set(letters) & set("aeiouyh"))
        else word
    )


def _word(word: str) -> str:
    kept = "".join(letter for letter in word if letter.isalnum() or letter == "-").strip("-")
    # A number is not a name: its digits are mistyped letters only if there are letters next to them.
    return kept.translate(_LOOK_ALIKE) if any(map(str.isalpha, kept)) else ""


def _folded(plain: str) -> str:
    for letter, plainer in _MORE.items():
        plain = plain.replace(letter, plainer)
    parts = unicodedata.normalize("NFKD", plain.replace("_", " "))
    kept = "".join(one for one in parts if unicodedata.category(one) not in ("Mn", "Cf")).casefold()
    return _HYPHEN.sub("-", kept)


def _joined(words: list[str]) -> list[str]:
    name = " ".join(words)
    if "mac" not in name and "o " not in name and "mc " not in name and "" not in words:
        return words
    return _PARTICLE.sub(r"\1", _MAC.sub("mc", name)).split()


def _without_brackets(text: str) -> str:
    before, bracket, rest = text.partition("(")
    if not bracket:
        return text
    # "(Mr) Karl Ash" and "Karl Ash (father)".
    return f"{before} {rest.partition(')')[2]}"


def name_pairs(plain: str) -> frozenset[str]:
    """First and last word of a plain name, in one order. Two people who share a pair may be one.

    "karl j ash", "ash karl", "ash, karl jr" and "karl ash-brown" all share a pair with "karl ash". For a name with one
    word, that word. For a name with three or more words, the last word but one also counts, because it may be a
    surname: "jose garcia lopez" is "jose garcia".
    """
    if not (plain.isascii() and plain.replace(" ", "").isalpha()):
        plain = _folded(plain)
    elif _OTHER_NAME.isdisjoint(plain.split()):
        return _pairs_of_one(plain)
    # Translated, so that the word is found whatever alphabet its letters are of.
    looked_at = plain if plain.isascii() else plain.translate(_LOOK_ALIKE)
    name, *others = [part.strip(" )") for part in _FORMERLY.split(looked_at)]
    if others and name:
        first = name.partition(",")[2] or name
        # "formerly Quill", "formerly Ana Quill".
        also = (f"{first.split()[0]} {one}" for one in others if one and first.split())
        return frozenset(pair for one in (name, *filter(None, others), *also) for pair in name_pairs(one))
    people = [part for part in _TOGETHER.split(plain) if part.strip()]
    if len(people) > 1:
        # "Ana Quill & Karl Ash", "Ana and Karl Ash": each of them, and a single first name with the last surname.
        surname = people[-1].split()[-1]
        each = (part if len(part.split()) > 1 else f"{part} {surname}" for part in people)
        return frozenset(pair for part in each for pair in name_pairs(part))
    return _pairs_of_one(plain)


def _pairs_of_one(plain: str) -> frozenset[str]:
    words = _straight(plain)
    if len(words) == 2 and "-" not in words[0] and "-" not in words[1]:
        return frozenset((" ".join(sorted(words)),))
    return frozenset(pair for form in _forms(words) for pair in _ends(form))


def _forms(words: Sequence[str]) -> list[Sequence[str]]:
    """The words, and the same with particles and their surname as one word."""
    if len(words) < 3 or _PARTICLES.isdisjoint(words):
        return [words]
    joined: list[str] = []
    before = ""
    for word in words:
        if word in _PARTICLES:
            before += word
        else:
            joined.append(_MAC.sub("mc", before + word))
            before = ""
    if before:
        joined.append(before)
    return [words, joined] if len(joined) > 1 else [words]


def _ends(words: Sequence[str]) -> Iterator[str]:
    long = [word for word in words if len(word) > 1]
    words = long if len(long) > 1 else words
    if len(words) < 2:
        yield from words
        return
    lasts = [words[-1]] if len(words) < 3 or words[-2] in _PARTICLES else words[-2:]
    for last in lasts:
        for one in _parts(words[0]):
            for other in _parts(last):
                yield " ".join(sorted((one, other)))


def _parts(word: str) -> list[str]:
    """A double-barrelled word's parts, and the word without its hyphen."""
    if "-" not in word:
        return [word]
    parts = [part for part in word.split("-") if part]
    return [*(part for part in parts if part not in _PARTICLES), "".join(parts)]
