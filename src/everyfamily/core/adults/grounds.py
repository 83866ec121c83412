"""What keeps an adult away from a child, and until when, as the person who decided said it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.dates import day_in_words

COURT_ORDER = "court order"
GROUNDS: Mapping[str, str] = {
    COURT_ORDER: "A court order",
    "social care": "Advice of social care",
    "school": "The school’s own judgement",
    "other": "Something else",
}
"""Each with its words."""


class GroundNotRight(EveryfamilyError):
    """What keeps an adult away was not said so that it can be kept."""

    code = "EF741"

    def __init__(self, fact: str, fix: str, *, at: str) -> None:
        super().__init__(fact, fix)
        self.at = at
        """The field."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Of a decision that an adult must not have the letter. Its end opens nothing: somebody is asked again."""

    kind: str
    ends_on: date | None = None
    """The last day on which it holds, if it has one."""
    is_order_seen: bool = False
    """The person who decided saw the order, and did not only hear of it."""

    @property
    def words(self) -> str:
        """ "A court order, seen by the person who decided, until 30 June 2027"."""
        seen = "seen by the person who decided" if self.is_order_seen else "not seen by the person who decided"
        parts = [GROUNDS[self.kind], seen if self.kind == COURT_ORDER else ""]
        until = f"until {day_in_words(self.ends_on)}" if self.ends_on else ""
        return ", ".join(one for one in (*parts, until) if one)

    def has_ended(self, today: date) -> bool:
        """From the day after its last."""
        return self.ends_on is not None and self.ends_on < today


def require_ground(ground: Ground, today: date) -> None:
    """Raise GroundNotRight for what nobody can mean."""
    if ground.kind not in GROUNDS:
        raise GroundNotRight(
            "You gave a last day, or ticked that you saw the order, and not what keeps them away.",
            "Choose what keeps them away.",
            at="ground-1",
        )
    if ground.is_order_seen and ground.kind != COURT_ORDER:
        raise GroundNotRight(
            "You ticked that you saw the order, and chose something else than a court order.",
            "Choose the court order, or take the tick out.",
            at="order-seen",
        )
    if ground.has_ended(today):
        raise GroundNotRight(
            "Its last day is over.",
            "Give today or a later day, or leave it empty.",
            at="ends-on",
        )
