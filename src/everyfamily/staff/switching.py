"""From one of somebody's schools to another, on the page of the same part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from everyfamily.core.permissions import Held, Right
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.parts import PARTS, parts_for

_MORE = (("school-people", Right.LOOK_AFTER_COLLEAGUES), ("school-audit", Right.SEE_SCHOOL_AUDIT))
"""Pages of a school that are not in the list of its parts."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another school of the same person, and where its page is."""

    name: str
    address: str


def others_of(here: SchoolFacts, schools: Sequence[SchoolFacts], held: Held, path: str) -> list[Other]:
    """The other schools, by name: each with the page of the part that `path` belongs to, or with its own page where the
    person has not that part. Never with a number of a row of this school."""
    pages = [*((one.page, one.right) for one in PARTS), *_MORE]
    known = [(reverse(page, args=[here.urn]), page, right) for page, right in pages]
    _, page, right = max(
        (one for one in known if path.startswith(one[0])),
        key=lambda one: len(one[0]),
        default=("", "school", Right.SEE_SCHOOL),
    )
    listed = {one.page for one in PARTS}

    def has_it(school_id: int) -> bool:
        if page in listed:
            return any(one.page == page for one in parts_for(held, school_id))
        return held.may(right, school_id=school_id)

    return [
        Other(one.name, reverse(page if has_it(one.id) else "school", args=[one.urn]))
        for one in schools
        if one.id != here.id
    ]
