"""What waits for somebody, in which order. Pure.

ABOUT is the one table of it (of_schools.toml, of_partnership.toml): for each kind of work, whose it is (a right), its
words, and whether it is urgent. The page and the mail read it. What each role was promised is in tests/spec/desk.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.desk.kinds import About, Kind
from everyfamily.core.files.data_tables import load_named_rows
from everyfamily.core.permissions import Held

OF_SCHOOLS, OF_PARTNERSHIP = (
    {Kind[name]: about for name, about in load_named_rows(About, __file__, file).items()}
    for file in ("of_schools.toml", "of_partnership.toml")
)
ABOUT: Mapping[Kind, About] = {**OF_SCHOOLS, **OF_PARTNERSHIP}


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits. `key` names it for good, so that nobody is written to twice about it."""

    kind: Kind
    key: str
    due_on: date | None = None
    due_at: datetime | None = None
    """Aware, where a moment is known and not only a day. `due_on` is its day."""
    count: int = 1
    school_id: int | None = None
    """The school whose work it is. None for the partnership."""
    body: str | None = None
    """The body whose work it is: an approval, or a key. None for the partnership."""
    for_bodies: bool = False
    """Of the partnership, and also for those who have the right for one body, such as a signatory."""
    urn: int | None = None
    place: str = ""
    """The school's name or the letter's reference, for people. Blank if another of the same kind is shown for it."""
    reference: str = ""
    """Of the letter, where a page of the letter does it."""
    account: int | None = None
    """The person who should see to it first. Others with the right see it too."""
    not_for: int | None = None
    """The account of whoever asked for it, and so does not do it."""
    note: str = ""
    """What happened, or from when it can be done. Never about a person of a school."""
    at: str = ""
    """The path of the page that does it, where one page of its kind is not enough."""


@dataclass(frozen=True, slots=True)
class Item:
    """All work of one kind that waits for one person, with what is due first at the top."""

    kind: Kind
    waits: tuple[Wait, ...]

    @property
    def about(self) -> About:
        """Its words and rules."""
        return ABOUT[self.kind]

    @property
    def count(self) -> int:
        """How many, over all places."""
        return sum(wait.count for wait in self.waits)

    @property
    def due_on(self) -> date | None:
        """The first day on which some of it is due."""
        return min((wait.due_on for wait in self.waits if wait.due_on is not None), default=None)


def waits_for(waits: Iterable[Wait], held: Held, account: int | None = None) -> list[Item]:
    """What waits for somebody with these rights: urgent first, then by day, then what is their own, then by kind."""
    mine: dict[Kind, list[Wait]] = {}
    for wait in waits:
        is_asker = account is not None and wait.not_for == account
        right = ABOUT[wait.kind].right
        may = (
            held.in_partnership(right)
            if wait.for_bodies
            else held.may(right, school_id=wait.school_id, body=wait.body)
        )
        if may and not is_asker:
            mine.setdefault(wait.kind, []).append(wait)
    items = [Item(kind, tuple(sorted(found, key=_by_day))) for kind, found in mine.items()]
    order = list(Kind)

    def weight(item: Item) -> tuple[bool, date, bool, int]:
        own = account is not None and any(wait.account == account for wait in item.waits)
        return not item.about.is_urgent, item.due_on or date.max, not own, order.index(item.kind)

    return sorted(items, key=weight)


def _by_day(wait: Wait) -> tuple[date, str]:
    return wait.due_on or date.max, wait.place
