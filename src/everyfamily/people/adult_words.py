"""Words for what is held about an adult."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from babel import Locale

CHANNELS: Final[Mapping[str, str]] = {
    "email": "Email",
    "text": "Mobile",
    "post": "Home address",
    "pupil post": "Paper with the child",
}
STATUSES: Final[Mapping[str, str]] = {
    "usable": "in use",
    "permanent-failure": "does not exist any more",
    "opted out": "wants nothing here",
}
WAYS: Final[Mapping[str, str]] = {"email": "By email", "text": "By text", "paper": "On paper"}
RESTRICTIONS: Final[Mapping[str, str]] = {
    "none": "may have the letter",
    "unknown": "waits for a decision whether they may have the letter",
    "hold": "waits for a decision whether they may have the letter",
    "do not send": "must not have the letter",
}


def yes_no(said: str) -> str:
    """What a file says of responsibility or care."""
    return "not said" if said == "unknown" else said


def language_words(tag: str) -> str:
    """ "Polish" for "pl"."""
    if tag in ("", "und"):
        return "Not said"
    return str(Locale("en").languages.get(tag.split("-")[0], tag))
