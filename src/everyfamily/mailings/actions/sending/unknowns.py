"""A person resumes a mailing and says what happens with the messages that may or may not have been sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import StrEnum

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.core.sending.restored import NEVER_HAD
from everyfamily.mailings.actions.sending.mirroring import hear
from everyfamily.mailings.models import LedgerEntry
from everyfamily.mailings.queries.unknown import BY_THE_NEXT_WAY, unknown_calls, unknowns_to_decide


class Unknowns(StrEnum):
    """What a person says about one channel's unknown messages."""

    NEXT_WAY = "next-way"
    """Nobody can say. The rule in docs/channels/unknown.md applies, and each family is written to by the next way when
    its wait is over. Anyone who did get the first letter gets two."""
    WENT = "went"
    """The carrier's own people say that they took them, so they are accepted."""
    NEVER_WENT = "never-went"
    """The carrier's own people say that they never had any of them, so they are sent again."""


class UnknownsToDecide(EveryfamilyError):
    """A paused mailing has unknown messages, and the person who resumes it has not said what happens with them."""

    code = "EF583"


_HEARD = {
    Unknowns.WENT: (AttemptStatus.ACCEPTED, "the provider said that it was sent"),
    # Like a carrier's own answer (asking.py): the call is repeated as a refused one is, even after a restore.
    Unknowns.NEVER_WENT: (AttemptStatus.REFUSED, NEVER_HAD),
}


def settle_taken(mailing_id: int, references: Collection[str], now: datetime) -> int:
    """The provider's log has these messages. Those of them that are unknown are accepted. Returns how many."""
    rows = LedgerEntry.objects.filter(mailing_id=mailing_id, status="unknown", reference__in=references)
    status, reason = _HEARD[Unknowns.WENT]
    return len(hear([(row, status, reason, now) for row in rows.values_list("id", flat=True)], now))


def settle_unknowns(mailing_id: int, said: Mapping[Channel, Unknowns], now: datetime) -> dict[Channel, int]:
    """Do what a person said. Returns how many messages by channel.

    Raises UnknownsToDecide if nothing is said about a channel that has unknown messages. The attempts are updated when
    their schools are looked at.
    """
    waiting = unknowns_to_decide(mailing_id)
    if missing := [channel for channel in waiting if channel not in said]:
        raise _undecided(waiting, missing)
    for channel in waiting:
        rows = unknown_calls(mailing_id).filter(channel=channel.value)
        if said[channel] is Unknowns.NEXT_WAY:
            rows.update(reason=BY_THE_NEXT_WAY)
        else:
            status, reason = _HEARD[said[channel]]
            hear([(row, status, reason, now) for row in rows.values_list("id", flat=True)], now)
    return waiting


def _undecided(waiting: Mapping[Channel, int], missing: list[Channel]) -> UnknownsToDecide:
    counted = ", ".join(f"{channel.value} {waiting[channel]:,}" for channel in missing)
    return UnknownsToDecide(
        f"Nobody knows whether some messages went ({counted}), and you have not said what happens with them.",
        "Ask the provider what its log says, then say for each way: they went (it took them), never went (it never had "
        "any; they are sent again), or go the next way (nobody can say; each family gets the letter by its next way "
        "too). If it had only some, give its log.",
    )
