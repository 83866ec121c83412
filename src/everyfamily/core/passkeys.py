"""What a passkey must be: called by a name that a person can read, kept where the partnership allows, and no copy that
somebody made of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from everyfamily.core.errors import EveryfamilyError

ANY, DEVICE_BOUND = "any", "device-bound"
KINDS: Final = (ANY, DEVICE_BOUND)
"""Which passkeys a partnership takes: also those that a service copies to a person's other devices, or only others."""
LONGEST_NAME = 40


class PasskeyIsCopied(EveryfamilyError):
    """A passkey that a service may copy to other devices, where the partnership takes no such passkey."""

    code = "EF281"


class PasskeyAskedElsewhere(EveryfamilyError):
    """A page inside a page of another site asked for the passkey."""

    code = "EF284"


class PasskeyWentBack(EveryfamilyError):
    """A passkey that cannot be copied counts fewer uses than before: somebody may have copied it."""

    code = "EF285"


def asked_inside(client: Mapping[str, Any]) -> bool:
    """Whether the page that asked was inside a page of another site. `client` is what the browser says (its client
    data)."""
    return client.get("crossOrigin", False) is not False or "topOrigin" in client


def require_asked_here(client: Mapping[str, Any]) -> None:
    """Raise PasskeyAskedElsewhere if a page inside another site's page asked."""
    if asked_inside(client):
        raise PasskeyAskedElsewhere(
            "The page that asked for your passkey was inside a page of another site.",
            "Open this site in a tab of its own, and sign in there.",
        )


def require_further(count: int, before: int, *, may_be_copied: bool) -> None:
    """Raise PasskeyWentBack if a passkey that stays on one device has not counted on. One that never counts says 0 each
    time, and those that a service copies do not count together. Source: W3C Web Authentication Level 3, section 7.2."""
    if not may_be_copied and (count or before) and count <= before:
        raise PasskeyWentBack(
            "Your passkey counts no more uses than last time, so somebody may have copied it.",
            "Sign in with another factor, remove this passkey, and tell an administrator.",
        )


def require_kept_as(taken: str, *, may_be_copied: bool) -> None:
    """Raise PasskeyIsCopied if the partnership takes only passkeys that never leave their device. `taken` is of
    KINDS."""
    if taken == DEVICE_BOUND and may_be_copied:
        raise PasskeyIsCopied(
            "Your partnership takes only passkeys that stay on one device, and this one can be copied to others.",
            "Use a security key, or an authenticator app.",
        )


def tidy_name(typed: str, otherwise: str) -> str:
    """A name of one line, without marks that turn or hide text. `otherwise` is for a name of which nothing is left.

    It is never refused: by then the passkey is on the person's device.
    """
    shown = "".join(one if one.isprintable() else " " for one in typed)
    return " ".join(shown.split())[:LONGEST_NAME].strip() or otherwise
