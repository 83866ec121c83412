"""Whether a passphrase protects a private key that somebody has copied. No I/O.

scrypt makes each guess expensive (signing.py), but it cannot save a passphrase that is among the first million guesses.
Somebody who copies a signatory's key knows whose it is, and tries the place, the office, the names and the year first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.data_tables import load_table

LEAST = 15
"""Characters: three or four ordinary words."""
_LEAST_OTHER = 8
"""Characters that must be left when what everybody guesses first is taken out."""
_LEAST_DIFFERENT = 6
_LEAST_WORD = 3
"""The fewest letters of a word that counts."""
_INSIDE = 5
"""A guess with at least this many letters is also found inside a longer word: "northbridgecouncil"."""
_LOOK_ALIKE = str.maketrans("0134578@$!", "oleastbasi")
_NAMED = frozenset({"name", "name_lines", "area", "address", "site", "sender_name", "role", "lead", "owner"})
"""Keys in a partnership's file whose values are names that everybody there knows."""
_HOW = (
    f"Take four words that have nothing to do with each other, with you or with your work: {LEAST} characters or more. "
    "Write it nowhere near the key."
)


class PassphraseTooWeak(EveryfamilyError):
    """A passphrase is short, or is among those that everybody tries first."""

    code: ClassVar[str] = "EF389"


def require_strong(passphrase: bytes, own: Collection[str] = ()) -> None:
    """Raise PassphraseTooWeak for one that somebody who copies the key file would guess. `own` is from `own_words`."""
    text = passphrase.decode("utf-8", errors="replace").strip()
    if len(text) < LEAST:
        raise PassphraseTooWeak(f"The passphrase has {len(text)} characters. It needs at least {LEAST}.", _HOW)
    if len(set(text.casefold())) < _LEAST_DIFFERENT:
        raise PassphraseTooWeak("The passphrase repeats a few characters.", _HOW)
    if is_guessed_first(text):
        raise PassphraseTooWeak("The passphrase is made of words and rows that everybody tries first.", _HOW)
    guesses = load_table(__file__)
    for form in _read_as(text):
        if not _says_something_else(form, {*guesses["guessed_first"], *guesses["of_an_office"], *own}):
            raise PassphraseTooWeak(
                "The passphrase is made of a name, an office and a year, which somebody who takes the key "
                "would try first.",
                _HOW,
            )


def is_guessed_first(text: str) -> bool:
    """Whether little is left of it without the words and rows that everybody tries first. Passwords are asked too."""
    return any(len(_without_what_is_guessed(form)) < _LEAST_OTHER for form in _read_as(text))


def own_words(partnership: object) -> frozenset[str]:
    """The words in a partnership's names, places and people, from its file as TOML reads it, finished or not."""
    return frozenset(word for text in _named(partnership) for word in _words(text) if len(word) > _LEAST_WORD)


def _named(value: Any, *, is_name: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _named(inner, is_name=key in _NAMED)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, is_name=is_name)
    elif isinstance(value, str) and is_name:
        yield value


def _read_as(text: str) -> tuple[str, str]:
    """The text in small letters, as it is and with digits read as the letters that they look like."""
    return text.casefold(), text.casefold().translate(_LOOK_ALIKE)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _without_what_is_guessed(text: str) -> str:
    """The letters and digits that are left. A year, a digit at the end or a punctuation mark makes no passphrase
    stronger."""
    left = "".join(_words(text))
    for guess in sorted(load_table(__file__)["guessed_first"], key=len, reverse=True):
        left = left.replace(guess, "")
    return re.sub(r"(?:19|20)\d\d|\d+$", "", left)


def _says_something_else(text: str, guesses: Collection[str]) -> bool:
    """Whether at least two words are left besides the guesses, or one that is as long as a passphrase or has digits in
    it.

    If one word is left, it may be the place or the name that we were not told about.
    """
    longest_first = sorted((guess for guess in guesses if len(guess) >= _INSIDE), key=len, reverse=True)
    left = set()
    for word in _words(text):
        rest = "" if word in guesses else word
        for guess in longest_first:
            rest = rest.replace(guess, "")
        rest = re.sub(r"^\d+|\d+$", "", rest)
        if len(rest) >= _LEAST_WORD and rest not in guesses:
            left.add(rest)
    return len(left) > 1 or any(len(one) >= LEAST or re.search(r"\d", one) for one in left)
