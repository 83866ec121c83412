"""What a passkey must be: called by a name that a person can read, and kept where the partnership allows. Pure."""

from __future__ import annotations

from typing import Final

from everyfamily.core.errors import EveryfamilyError

ANY, DEVICE_BOUND = "any", "device-bound"
KINDS: Final = (ANY, DEVICE_BOUND)
"""Which passkeys a partnership takes: also those that a service copies to a person's other devices, or only others."""
LONGEST_NAME = 40


class PasskeyIsCopied(EveryfamilyError):
    """A passkey that a service may copy to other devices, where the partnership takes no such passkey."""

    code = "EF281"


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
