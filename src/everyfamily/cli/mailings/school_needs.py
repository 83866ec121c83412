"""What schools in a mailing still need, as a plan shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from everyfamily.cli.console.shown import of
from everyfamily.mailings.queries.opening import Need, SchoolNeeds

_WHAT = {
    Need.ROLL: "Nobody gets the letter until a roll has come in (everyfamily import roll FILE --school URN)",
    Need.ATTEST: "On hold until their lead attests, in the 24 hours before the wave (everyfamily attest --school URN)",
    Need.KIT: "Send it themselves: give each the kit (everyfamily send-kit LETTER --out FOLDER)",
    Need.MAILBOX: "No mailbox is known: the link for the school's return cannot be sent to them",
}


def needs_as_json(needs: Sequence[SchoolNeeds]) -> list[dict[str, Any]]:
    """Every school in the mailing, by URN, with what it needs. If `wave` is None, it sends the letter itself."""
    return [
        {"urn": one.urn, "name": one.name, "wave": one.wave, "needs": [need.value for need in one.needs]}
        for one in needs
    ]


def needs_as_lines(needs: Sequence[SchoolNeeds]) -> Iterator[str]:
    """For each need, what it means and which schools have it."""
    for need, what in _WHAT.items():
        having = [one for one in needs if need in one.needs]
        if not having:
            continue
        yield f"{what}: {of(len(having), 'school')}."
        for one in having:
            yield f"  {one.urn} {one.name}" + (f", wave {one.wave}" if one.wave is not None else "")
