"""Which carrier each channel uses: what can be chosen, and what a choice means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel

RECORDING, NONE = "recording", "none"

SHORT_FORMS: Mapping[str, Mapping[str, str]] = {
    "recording": {"email": "recording", "text": "recording", "post": "recording"},
    "smtp": {"email": "smtp", "text": "none", "post": "print"},
    "anymail": {"email": "anymail", "text": "none", "post": "print"},
    "notify": {"email": "notify", "text": "notify", "post": "notify"},
}
"""What each word in EVERYFAMILY_CHANNELS means."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "email": ("recording", "smtp", "anymail", "notify"),
    "text": ("recording", "notify", "none"),
    "post": ("recording", "print", "notify", "none"),
}
"""What EVERYFAMILY_EMAIL, EVERYFAMILY_TEXT and EVERYFAMILY_POST can be. If unset, they follow EVERYFAMILY_CHANNELS."""
_SENT = {"text": "none", "post": "print"}
"""The carrier of each unnamed channel, once a channel is named that really sends."""


class PlayedAndSent(EveryfamilyError):
    """Some channels would really send, while the recording carrier would report that others were delivered."""

    code: ClassVar[str] = "EF630"


class NoCarrierOfEmail(EveryfamilyError):
    """Another channel really sends, but nobody said how email does. Schools' links also go by email."""

    code: ClassVar[str] = "EF635"


def chosen(short_form: str, named: Mapping[str, str]) -> dict[Channel, str]:
    """The carrier of each channel that is used. `named` holds those chosen one by one, or "".

    Pupil post is printed, or recorded like everything else. Raises PlayedAndSent, NoCarrierOfEmail.
    """
    picked = {channel: way for channel, way in named.items() if way}
    sends = any(way not in (RECORDING, NONE) for way in picked.values())
    ways = {**(_SENT if sends and short_form == RECORDING else SHORT_FORMS[short_form]), **picked}
    if "email" not in ways:
        raise NoCarrierOfEmail(
            "A channel is set to really send, but email is not set.",
            f"Set EVERYFAMILY_EMAIL to one of: {', '.join(CHOICES['email'])}.",
        )
    if RECORDING in ways.values() and not set(ways.values()) <= {RECORDING, NONE}:
        raise PlayedAndSent(
            "One channel is set to recording and another to really send: families would count although "
            "nothing was sent to them.",
            "Set all of EVERYFAMILY_EMAIL, _TEXT and _POST to recording, or none of them.",
        )
    ways["pupil post"] = RECORDING if RECORDING in ways.values() else "print"
    return {Channel(channel): way for channel, way in ways.items() if way != NONE}
