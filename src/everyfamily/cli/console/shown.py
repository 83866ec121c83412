"""What others wrote, made safe for a terminal: words in a letter to verify, a file's name."""

from __future__ import annotations

from everyfamily.core.text.counts import of as of

_JOINERS = ("\u200c", "\u200d")
"""Persian and Urdu are misspelt without them."""


def shown(text: str) -> str:
    """The text in one line. Each character that a terminal would obey, or that reverses the reading direction, becomes
    "\ufffd"."""
    return "".join(
        sign if sign.isprintable() or sign in _JOINERS else " " if sign.isspace() else "\ufffd" for sign in text
    )


def value(text: str, *, blank: str = "(purged)") -> str:
    """A value from a school's file, made safe by `shown`, or `blank` if it is no longer there."""
    return shown(text) or blank
