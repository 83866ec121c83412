"""Whether a mailing may open at the times that were asked for. The present time is passed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import ClassVar

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.routes import RouteState


class OpensInThePast(EveryfamilyError):
    """A mailing was meant to open at a time that is over."""

    code: ClassVar[str] = "EF382"


class RouteNotGoodInAWave(EveryfamilyError):
    """The check of a number or address in the letter will have run out on the day of a wave."""

    code: ClassVar[str] = "EF384"


def require_not_past(opens_at: datetime, now: datetime) -> None:
    """Raise OpensInThePast if `opens_at` is before `now` (both aware)."""
    if opens_at < now:
        raise OpensInThePast(
            f"{opens_at.astimezone(LONDON):%A %-d %B %Y, %H:%M} is in the past.",
            "Give a time in the future. The first wave does not go out before it.",
        )


def require_routes_good(letter: Letter, waves: Collection[datetime]) -> None:
    """Raise RouteNotGoodInAWave, naming every such route, because the mailing would pause on that day, half sent."""
    if not waves:
        return
    # What is dead or unchecked is so on the last day too, and a check that ends, ends before it.
    last = max(waves).astimezone(LONDON).date()
    bad = [
        (route, route.state_on(last)) for route in letter.routes if route.state_on(last) is not RouteState.GOOD
    ]
    if not bad:
        return
    named = "; ".join(
        f'"{route.id}" (checked until {route.expires_on:%-d %B %Y})'
        if state is RouteState.EXPIRED and route.expires_on is not None
        else f'"{route.id}" ({state.value})'
        for route, state in bad
    )
    raise RouteNotGoodInAWave(
        f"On {last:%A %-d %B %Y}, the day of the last wave, these routes do not count as checked: {named}.",
        "Ring or open each, and record that it is right. Or begin earlier, or plan for more calls a day.",
    )
