"""Demonstrations go to carriers that send nothing, and real letters to carriers that send, never the other way round.

The recording carrier sends nothing. A mail server counts as a real one, even on this machine, unless the settings say
that every carrier is a stand-in. Settings that say so about a real carrier are refused.
"""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings

from everyfamily.channels.carrier_choice import chosen
from everyfamily.channels.email.encryption import is_this_machine
from everyfamily.channels.notify.account import NotifyAccount
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.installation.carriers import carriers

_REAL = "The letter is a demonstration, but a carrier that is set would really send it."
_STAND_INS = "The letter is real, but the settings say that the carriers are stand-ins."


class StandInsAreReal(EveryfamilyError):
    """The settings say that carriers are stand-ins, but name one that is not on this machine."""

    code: ClassVar[str] = "EF385"


class NotForTheseCarriers(EveryfamilyError):
    """A demonstration was to be sent by real carriers, or a real letter to stand-ins."""

    code: ClassVar[str] = "EF386"


def why_not_carried(*, demonstration: bool) -> str | None:
    """Why the carriers that are set may not be given a letter, as a sentence. None if they may.

    Raises StandInsAreReal, and what the carriers' settings raise.
    """
    if settings.EVERYFAMILY_STAND_INS:
        _require_stand_ins()
        return None if demonstration else _STAND_INS
    if demonstration and any(carrier.refuses_demonstrations() for carrier in carriers().values()):
        return _REAL
    return None


def require_carried(*, demonstration: bool) -> None:
    """Raise NotForTheseCarriers unless the carriers that are set may be given a letter."""
    why = why_not_carried(demonstration=demonstration)
    if why is not None:
        raise NotForTheseCarriers(
            why,
            "Leave demonstration = true out of your own partnership's file. Play a demonstration with "
            "EVERYFAMILY_CHANNELS=recording, or with a test mail server on this machine and EVERYFAMILY_STAND_INS=yes "
            "(docs/channels/smtp.md)."
            if demonstration
            else "Unset EVERYFAMILY_STAND_INS.",
        )


def _require_stand_ins() -> None:
    ways = set(chosen(settings.EVERYFAMILY_CHANNELS, settings.EVERYFAMILY_CARRIERS_NAMED).values())
    mailers: Any = settings.MAILERS
    real = []
    if "smtp" in ways and not is_this_machine(str(mailers["default"]["OPTIONS"].get("host", ""))):
        real.append("the mail server")
    if "notify" in ways and NotifyAccount(**settings.EVERYFAMILY_NOTIFY).is_real:
        real.append("GOV.UK Notify")
    if "anymail" in ways and not _is_here(settings.ANYMAIL):
        real.append("the provider of email")
    if real:
        raise StandInsAreReal(
            f"EVERYFAMILY_STAND_INS is yes, and {' and '.join(real)} is not on this machine.",
            "Unset EVERYFAMILY_STAND_INS: it is for tests and rehearsals with stand-ins.",
        )


def _is_here(anymail: dict[str, str]) -> bool:
    addresses = [value for name, value in anymail.items() if name.endswith("API_URL")]
    return bool(addresses) and all(is_this_machine(urlsplit(one).hostname or "") for one in addresses)
