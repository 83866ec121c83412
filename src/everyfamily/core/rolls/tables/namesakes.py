"""Children whom a file identifies only by their names: a class list, or a form's answers, without ids or birthdays.

Two children with one name in different classes look like one child whose class was written twice.
"""

from __future__ import annotations

import re
from collections.abc import MutableMapping

from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.rolls.words.words import plain

_OF_GROUP = ("YEAR_GROUP", "CLASS")
_YEAR = re.compile(r"^(?:year|yr|y|nc)?0?(\d{1,2})$")


class Namesakes:
    """Remembers the year and class in which each name was first met."""

    def __init__(self) -> None:
        self._met: dict[str, tuple[str, ...]] = {}

    def is_another(self, cells: MutableMapping[str, str]) -> bool:
        """Whether the name was met in another year or class. Then `cells` get those of the first."""
        first = self._met.setdefault(cells["PUPIL_ID"], tuple(cells.get(what, "") for what in _OF_GROUP))
        pairs = [(was, cells.get(what, "")) for what, was in zip(_OF_GROUP, first, strict=True)]
        if all(not was or not now or _same(was) == _same(now) for was, now in pairs):
            return False
        cells.update({what: was for what, was in zip(_OF_GROUP, first, strict=True) if was})
        return True


def _same(group: str) -> str:
    text = plain(group)
    return year[1] if (year := _YEAR.match(text)) else text


def told_by_name() -> SetAside:
    """What the report says once about such a file."""
    return SetAside(
        1,
        "CHILDREN_BY_NAME",
        "The file has no id and no birthday of the children, so their names tell them apart: a child whose name is "
        "written in another way next time counts as another child.",
        whole_row=False,
    )
