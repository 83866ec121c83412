"""What happens at each half-term of the demonstration's year: new rolls, numbers rung, and letters for new families."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from everyfamily.core.actors import Actor
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.mailings.actions.guards.route_checks import route_is_good
from everyfamily.mailings.actions.planning.joining import start_for_joiners
from everyfamily.people.actions.keeping.leavers import confirm_leavers
from everyfamily.people.edges.roll_imports import import_roll
from everyfamily.people.queries import open_schools
from everyfamily_demo.clock import set_simulated
from everyfamily_demo.year_rolls import RollChange, next_roll

_DEMO = Actor.typed("demo")
_FIRST = timedelta(days=2)
"""From the new rolls to the first earlier letter for new families."""


def change_rolls(folder: Path, half_term: int, *, seed: int, now: datetime) -> RollChange:
    """The schools' files of the new half-term go in, and their offices say who has left. `half_term` counts from 1."""
    set_simulated(now)
    ids = {school.urn: school.id for school in open_schools()}
    change = RollChange()
    for file in sorted(folder.glob("roll-??????.csv")):
        urn = int(file.stem.removeprefix("roll-"))
        change += next_roll(file, file, half_term=half_term, families_before=change.joined, seed=seed)
        import_roll(file, urn=urn, by=_DEMO, now=now)
        confirm_leavers(ids[urn], pupils=None, by=_DEMO, on=now.date(), now=now)
    return change


def begin_for_joiners(partnership: Partnership, now: datetime) -> list[int]:
    """Numbers are rung, and each letter that is still good is opened for families of new children. Returns the
    mailings."""
    ring(partnership, now)
    given = start_for_joiners(partnership, opens_at=now + _FIRST, by=_DEMO, now=now)
    return [one.opened for one in given if one.opened is not None]


def ring(partnership: Partnership, now: datetime) -> None:
    """Every number and address of the partnership's file is right."""
    for route in partnership.routes:
        route_is_good(route, by=_DEMO, now=now)
