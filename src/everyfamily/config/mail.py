"""Where failures of email come back to, and where replies are read, from the environment."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.channels.email.mailbox import MailboxAddressNotRight
from everyfamily.channels.email.places import mailbox_at
from everyfamily.channels.email.return_path import BounceAddress


def bounces(environment: Mapping[str, str]) -> dict[str, str]:
    """The address that failures come back to, the mailbox that they lie in and its password; "" for what is not set.

    Raises BounceAddressNotRight and MailboxAddressNotRight.
    """
    to = environment.get("EVERYFAMILY_BOUNCES_TO", "")
    found = {"to": to, **_mailbox(environment, "EVERYFAMILY_BOUNCE_MAILBOX")}
    if to:
        BounceAddress.of(to)
    elif found["mailbox"]:
        raise MailboxAddressNotRight(
            "A mailbox for bounces is set, and no address that they come to.",
            "Set EVERYFAMILY_BOUNCES_TO to an address of that mailbox, and of no other mail.",
        )
    return found


def replies(environment: Mapping[str, str]) -> dict[str, str]:
    """The mailbox that replies to letters lie in and its password. Raises MailboxAddressNotRight."""
    found = _mailbox(environment, "EVERYFAMILY_REPLY_MAILBOX")
    if found["mailbox"] and found["mailbox"] == environment.get("EVERYFAMILY_BOUNCE_MAILBOX"):
        raise MailboxAddressNotRight(
            "Replies and bounces are set to one mailbox: replies of families would be moved away from their reader.",
            "Give bounces a mailbox of their own.",
        )
    return found


def _mailbox(environment: Mapping[str, str], name: str) -> dict[str, str]:
    address, password = environment.get(name, ""), environment.get(f"{name}_PASSWORD", "")
    if address:
        mailbox_at(address, password)
    return {"mailbox": address, "password": password}
