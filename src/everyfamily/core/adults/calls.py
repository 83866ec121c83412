"""What somebody asked for on the telephone, as a school notes it: one of these kinds, and never words. Pure.

What closes counts at once, whoever notes it. What would open is only noted, and the lead decides.
"""

from __future__ import annotations

from collections.abc import Mapping

NO_LETTERS, HOLD, LETTERS_AGAIN, LOOK = "no letters", "hold", "letters again", "look"
CHANNELS: Mapping[str, str] = {"email": "email", "text": "text message", "post": "post"}

CLOSES: Mapping[str, str] = {
    NO_LETTERS: "They want no letters",
    **{f"no {code}": f"They want nothing by {words}" for code, words in CHANNELS.items()},
    HOLD: "Somebody says that they must not have the letter, or that there is a court order",
}
"""What counts at once. After HOLD the lead decides, and until then nothing goes to them."""

PROPOSES: Mapping[str, str] = {
    LETTERS_AGAIN: "They want the letters after all",
    **{f"{code} again": f"They want letters by {words} again" for code, words in CHANNELS.items()},
    LOOK: "They say that they may have the letter, or that they are a parent or carer",
}
"""What only the lead does."""

WAIT = (HOLD, *PROPOSES)
"""Kinds that wait for the lead."""
WORDS: Mapping[str, str] = {**CLOSES, **PROPOSES}
