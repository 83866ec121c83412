"""Where failures of email come back to, and where replies are read, from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from everyfamily.channels.email.mailbox import MailboxAddressNotRight
from everyfamily.channels.email.return_path import BounceAddress
from everyfamily.config.environment import SettingNotRight

_PROVIDER = "ANYMAIL_"
_NEVER = re.compile(r"(?:.*_)?SEND_DEFAULTS|IGNORE_.*|DEBUG_.*")
"""Settings of anymail that could switch tracking on, hide that something was dropped, or print letters."""
LEAST_SECRET = 24
"""The fewest characters that the name and password of a provider's calls may have."""


def bounces(environment: Mapping[str, str]) -> dict[str, str]:
    """The address that failures come back to, the mailbox that holds them and its password. "" for what is not set.

    Raises BounceAddressNotRight and MailboxAddressNotRight.
    """
    to = environment.get("EVERYFAMILY_BOUNCES_TO", "")
    found = {"to": to, **_mailbox(environment, "EVERYFAMILY_BOUNCE_MAILBOX")}
    if to:
        BounceAddress.of(to)
    elif found["mailbox"]:
        raise MailboxAddressNotRight(
            "A mailbox for bounces is set, but not the address they are sent to.",
            "Set EVERYFAMILY_BOUNCES_TO to an address of that mailbox, and of no other mail.",
        )
    return found


def replies(environment: Mapping[str, str]) -> dict[str, str]:
    """The mailbox that holds replies to letters, and its password. Raises MailboxAddressNotRight."""
    found = _mailbox(environment, "EVERYFAMILY_REPLY_MAILBOX")
    if found["mailbox"] and found["mailbox"] == environment.get("EVERYFAMILY_BOUNCE_MAILBOX"):
        raise MailboxAddressNotRight(
            "Replies and bounces are set to one mailbox: replies of families would be moved away from their reader.",
            "Give bounces a separate mailbox.",
        )
    return found


def provider(environment: Mapping[str, str]) -> dict[str, str]:
    """anymail's settings, from the variables that begin with ANYMAIL_. Raises SettingNotRight."""
    found = {
        name.removeprefix(_PROVIDER): value for name, value in environment.items() if name.startswith(_PROVIDER)
    }
    for name in found:
        if _NEVER.fullmatch(name):
            raise SettingNotRight(
                f"{_PROVIDER}{name} cannot be set: nobody is tracked, nothing is dropped, no letter is printed.",
                "Unset it (docs/channels/anymail.md).",
            )
    secret = found.get("WEBHOOK_SECRET", "")
    if secret and (len(secret) < LEAST_SECRET or not re.fullmatch(r"[\w.~-]+:[\w.~-]+", secret, re.ASCII)):
        raise SettingNotRight(
            f"{_PROVIDER}WEBHOOK_SECRET is not name:password of {LEAST_SECRET} or more plain characters.",
            'Make the password: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        )
    return found


def _mailbox(environment: Mapping[str, str], name: str) -> dict[str, str]:
    address, password = environment.get(name, ""), environment.get(f"{name}_PASSWORD", "")
    if address:
        from everyfamily.channels.email.mailbox_address import (
            mailbox_at,
        )  # with it comes all that reads a mailbox

        mailbox_at(address, password)
    return {"mailbox": address, "password": password}
