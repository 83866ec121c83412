"""A mail server takes every letter and hangs up: what must hold until a person has looked, and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.factories.city import NOW
from tests.faults.carriers import HangingUp

if TYPE_CHECKING:
    from tests.faults.round import Round

LOOKED_AT = NOW + timedelta(hours=80)
"""When somebody comes: after the wait that every unknown email has."""


@dataclass
class Storm:
    """What was seen of the storm."""

    unknown: frozenset[str] = field(default=frozenset())
    """References of the emails that were unknown when the person came."""
    inboxes: frozenset[str] = field(default=frozenset())
    """To whom the server had them."""
    is_over: bool = False

    def look(self, round_: Round, server: HangingUp) -> None:
        """The mailing is paused. Days later a person has the server repaired, and resumes the mailing with the server's
        log."""
        if round_.now < LOOKED_AT:
            return
        unknown = round_.ground.ask(
            "SELECT reference::text FROM mailings_ledgerentry WHERE status = 'unknown' AND channel = 'email'"
        )
        self.unknown |= {reference for (reference,) in unknown}
        log = server.electronic()
        self.inboxes |= {one.value for one in log if one.reference in self.unknown}
        round_.pauses += 1
        server.mend()
        self.is_over = True
        # What a killed worker had in hand may not be in it, and never went.
        round_.let_go_on("never-went", taken=[one.reference for one in log])


def storm_broken(round_: Round) -> Iterator[str]:
    """It was noticed within its share, nobody got paper meanwhile or afterwards, and the rest got the letter."""
    server, storm = round_.other_side, round_.storm
    if not isinstance(server, HangingUp):
        return
    if not storm.is_over:
        yield "a server that hung up on every letter never paused the mailing"
        return
    # Each worker makes this many such calls before it looks; one that is killed has not counted its own.
    most = (server.LEAST + 1) * (len(round_.keeper.ended) + round_.keeper.kills + 3)
    if len(storm.unknown) > most:
        yield f"{len(storm.unknown)} letters went before the mailing paused, of {most} at most"
    letters = {one.value for one in server.taken() if one.channel == "post"}
    for adult in round_.people.everybody():
        posted = {value for channel, value in adult.values() if channel == "post"}
        if adult.columns.get("EMAIL") in storm.inboxes and posted & letters:
            yield "a family whose letter the server had was sent paper as well"
