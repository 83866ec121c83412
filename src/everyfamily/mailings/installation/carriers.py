"""Which carrier is used for what in this installation, from the settings. The recording carrier is the default.

What only one carrier needs is imported when that carrier is made, because the providers' clients would double the start
of every command.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import ClassVar

from django.conf import settings

from everyfamily.channels.base import Carrier
from everyfamily.channels.carrier_choice import chosen
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.email.return_path import BounceAddress
from everyfamily.channels.notify.account import NotifyAccount
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.channels.rehearsal import read_rehearsal
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invented import is_reserved
from everyfamily.core.sending.fallback import Channel
from everyfamily_postgres.folders import default_home


class SenderIsInvented(EveryfamilyError):
    """Email would come from an address that leads nowhere: the demonstration's, or an example."""

    code: ClassVar[str] = "EF387"


def outbox() -> Path:
    """The folder that the recording carrier and the print folder write to (mode 0700).

    EVERYFAMILY_OUTBOX, or otherwise `outbox` in the folder where everyfamily keeps its data.
    """
    return Path(settings.EVERYFAMILY_OUTBOX or default_home(os.environ) / "outbox")


@cache
def carriers() -> dict[Channel, Carrier]:
    """A carrier for each channel that is used. Each process has one set, so that connections and files are kept.

    If real letters are sent, nothing is recorded instead: the recording carrier would play "delivered" for texts that
    nobody was sent (channels/carrier_choice.py).
    """
    ways = ways_used()
    made = {way: _MAKERS[way]() for way in sorted(set(ways.values()))}
    if settings.EVERYFAMILY_REHEARSAL:
        only = read_rehearsal(Path(settings.EVERYFAMILY_REHEARSAL))
        for way, carrier in made.items():
            carrier.rehearsal = only if may_print(way) else replace(only, paper=False)
    return {channel: made[way] for channel, way in ways.items()}


def ways_used() -> dict[Channel, str]:
    """Each channel that is used, and how. Makes no carrier."""
    return chosen(settings.EVERYFAMILY_CHANNELS, settings.EVERYFAMILY_CARRIERS_NAMED)


def may_print(way: str) -> bool:
    """Whether "paper" on a rehearsal's list counts for this way, which prints into a folder on this machine. A
    provider's post would go to the people who live at the address."""
    return way in ("recording", "print")


def _recording() -> Carrier:
    # It belongs to the demonstration, which knows the product and not the other way round.
    demo = import_module("everyfamily_demo.recording")
    faults = demo.Faults(**settings.EVERYFAMILY_FAULTS)
    made: Carrier = demo.RecordingChannel(outbox(), seed=settings.EVERYFAMILY_SEED, faults=faults, paper=_print())
    return made


def _smtp() -> Carrier:
    sender, bounces = _sender(), settings.EVERYFAMILY_BOUNCES
    to = BounceAddress.of(bounces["to"]) if bounces["to"] else None
    box = None
    if to is not None and bounces["mailbox"]:
        from everyfamily.channels.email.bounce_box import BounceBox
        from everyfamily.channels.email.bounces import Bounces
        from everyfamily.channels.email.mailbox_address import mailbox_at

        reader = Bounces(to, sender.rpartition("@")[2])
        box = BounceBox(mailbox_at(bounces["mailbox"], bounces["password"]), reader)
    return DjangoMail(sender=sender, bounces_to=to, bounces=box)


def _anymail() -> Carrier:
    from everyfamily.channels.email.anymail_mail import AnymailMail

    return AnymailMail(sender=_sender())


def _sender() -> str:
    sender: str = settings.EVERYFAMILY_SENDER
    if is_reserved(sender) and not settings.EVERYFAMILY_STAND_INS:
        raise SenderIsInvented(
            "EVERYFAMILY_SENDER is not set, or set to an address that leads nowhere.",
            "Set it to an address of your own, which failures of email can come back to. For a rehearsal on this "
            "machine, run a test mail server here and set EVERYFAMILY_STAND_INS=yes (docs/channels/smtp.md).",
        )
    return sender


def _print() -> Carrier:
    return PrintFolder(outbox() / "print")


def _notify() -> Carrier:
    from everyfamily.channels.notify.carrier import Notify

    account = NotifyAccount(**settings.EVERYFAMILY_NOTIFY)
    ways = chosen(settings.EVERYFAMILY_CHANNELS, settings.EVERYFAMILY_CARRIERS_NAMED)
    account.has_templates_for([channel for channel, way in ways.items() if way == "notify"])
    return Notify(account)


_MAKERS: Mapping[str, Callable[[], Carrier]] = {
    "recording": _recording,
    "smtp": _smtp,
    "anymail": _anymail,
    "print": _print,
    "notify": _notify,
}


def close_carriers() -> None:
    """Close this process's carriers. The next call of `carriers` makes new ones from the settings."""
    for carrier in set(carriers().values()):
        carrier.close()
    carriers.cache_clear()
