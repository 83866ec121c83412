"""Children of a school by class or year, for lists and decisions about several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.in_order import in_class_order


class NoSuchGroup(EveryfamilyError):
    """The school has no child on the roll in this class or year."""

    code = "EF266"


@dataclass(frozen=True, slots=True)
class Group:
    """Children of a school: a class, a year, or all if both are None."""

    class_name: str | None = None
    year_group: str | None = None

    def parameters(self, school_id: int) -> dict[str, Any]:
        """For the conditions of `IN_GROUP`."""
        return {"school": school_id, "class": self.class_name, "year": self.year_group}


IN_GROUP = """
p.school_id = %(school)s AND p.is_here
AND (%(class)s::text IS NULL OR lower(p.class_name) = lower(%(class)s::text))
AND (%(year)s::text IS NULL OR lower(p.year_group) = lower(%(year)s::text))
"""
"""For a child `p` of people_child: on the roll."""


@dataclass(frozen=True, slots=True)
class GroupFound:
    """A class or a year of the roll."""

    child: int
    """The number of a child in it, by which it is asked for."""
    name: str
    is_class: bool
    """Otherwise it is a year."""
    children: int


_GROUPS = """
SELECT min(p.id), min(p.class_name), min(p.year_group), grouping(lower(p.class_name)) = 0, count(*)
FROM people_child p WHERE p.school_id = %(school)s AND p.is_here
GROUP BY GROUPING SETS ((lower(p.class_name)), (lower(p.year_group)))
"""


def groups_on_roll(school_id: int) -> list[GroupFound]:
    """The classes, then the years, each in the order in which a school lists them. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, {"school": school_id})
        found = [
            GroupFound(child, class_name if is_class else year, is_class, children)
            for child, class_name, year, is_class, children in cursor.fetchall()
        ]
    return sorted(found, key=lambda one: (not one.is_class, in_class_order(one.name)))


def group_of(school_id: int, *, class_of: int = 0, year_of: int = 0) -> Group:
    """The class and year of children with these numbers, each of them all if it is 0. Inside `tenant(school_id)`.

    Raises NoSuchGroup if there is no such child.
    """
    asked = {one for one in (class_of, year_of) if one}
    if not asked:
        return Group()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, class_name, year_group FROM people_child WHERE school_id = %s AND id = ANY(%s)",
            [school_id, sorted(asked)],
        )
        found = {child: (class_name, year) for child, class_name, year in cursor.fetchall()}
    if asked - set(found):
        raise NoSuchGroup(
            "No child on the school's roll has this number.", "Choose a class or year from the list."
        )
    return Group(found[class_of][0] if class_of else None, found[year_of][1] if year_of else None)
