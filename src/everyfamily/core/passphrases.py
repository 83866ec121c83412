"""Whether a passphrase keeps a private key that somebody has copied. Pure.

scrypt makes each guess dear (core/signing.py); it cannot save a passphrase that is among the first million guesses.
"""

from __future__ import annotations

import re
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError

LEAST = 15
"""Characters: three or four ordinary words."""
_LEAST_OTHER = 8
"""Characters that are left when what everybody guesses first is taken out."""
_LEAST_DIFFERENT = 6
_GUESSED_FIRST = (
    *("password", "passphrase", "passwort", "everyfamily", "letmein", "welcome", "admin", "changeme", "secret"),
    *("qwertyuiop", "qwerty", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t", "iloveyou", "football", "liverpool"),
    *("correcthorsebatterystaple", "safeguarding", "council", "police", "school", "children", "signatory"),
    *("spring", "summer", "autumn", "winter", "01234567890", "12345", "abcdefghijklmnopqrstuvwxyz", "abcdef"),
)
_LOOK_ALIKE = str.maketrans("0134578@$!", "oleastbasi")
_HOW = (
    f"Take four words that have nothing to do with each other, with you or with your work: {LEAST} characters or more. "
    "Write it nowhere near the key."
)


class PassphraseTooWeak(EveryfamilyError):
    """A passphrase is short, or among those that everybody tries first."""

    code: ClassVar[str] = "EF389"


def require_strong(passphrase: bytes) -> None:
    """Raise PassphraseTooWeak for one that whoever copies the key file would guess."""
    text = passphrase.decode("utf-8", errors="replace").strip()
    if len(text) < LEAST:
        raise PassphraseTooWeak(f"The passphrase has {len(text)} characters; {LEAST} is the least.", _HOW)
    if len(set(text.casefold())) < _LEAST_DIFFERENT:
        raise PassphraseTooWeak("The passphrase repeats a few characters.", _HOW)
    if len(_without_what_is_guessed(text)) < _LEAST_OTHER:
        raise PassphraseTooWeak("The passphrase is made of words and rows that everybody tries first.", _HOW)


def _without_what_is_guessed(text: str) -> str:
    """The letters and digits that are left; a year, a digit at the end and a mark make no passphrase stronger."""
    plain = re.sub(r"[\W_]", "", text.casefold())
    for form in (text.casefold(), text.casefold().translate(_LOOK_ALIKE)):
        left = re.sub(r"[\W_]", "", form)
        for guess in sorted(_GUESSED_FIRST, key=len, reverse=True):
            left = left.replace(guess, "")
        left = re.sub(r"(?:19|20)\d\d|\d+$", "", left)
        if len(left) < _LEAST_OTHER:
            return left
    return plain
