"""The bar of a school: its parts that everybody works with, on every page of the school, with the one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from everyfamily.core.permissions import Held, Right
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.parts import parts_for

_HOME = "school"
_NAMED: Mapping[str, str] = {
    "roll": "Roll",
    "restrictions": "Restrictions",
    "families": "Families",
    "contacts": "Contacts",
    "hand-outs": "Paper",
    "school-letter-newest": "Letter",
    "school-returns": "Returns",
}
"""Pages of the bar, by the names of their addresses."""
_OF_WHOEVER_HAS_NONE: Mapping[str, str] = {"data": "Data requests", "data-kept": "What is kept"}
_HISTORY = "roll-history"
_BELOW: Mapping[str, str] = {
    "roll": "roll",
    "restrictions": "restrictions",
    "parents": "restrictions",
    "families": "families",
    "children": "families",
    "calls": "families",
    "tell": "families",
    "contacts": "contacts",
    "hand-outs": "hand-outs",
    "letter": "school-letter-newest",
    "letters": "school-letter-newest",
    "return": "school-returns",
    "data": "data",
}
"""What follows the school in an address -> where it belongs. Everything else belongs to the school's own page."""


@dataclass(frozen=True, slots=True)
class BarItem:
    """One place of the bar. `current` is for aria-current: "page" if it is open itself, "true" if a page of it is."""

    name: str
    address: str
    current: str


def bar_of(held: Held, school: SchoolFacts, path: str) -> list[BarItem]:
    """What somebody may open there, as drawn: never what they would be refused."""
    pages = {_HOME: "Home", **_pages(held, school)}
    home = reverse(_HOME, args=[school.urn])
    first, _, _ = path.removeprefix(home).partition("/")
    belongs = _BELOW.get(first, _HOME)
    if path == reverse("data-kept", args=[school.urn]):
        belongs = "data-kept"
    if belongs == "roll" and belongs not in pages:
        belongs = _HISTORY
    here = belongs if belongs in pages else _HOME
    return [
        BarItem(name, address, ("page" if address == path else "true") if page == here else "")
        for page, name in pages.items()
        for address in [reverse(page, args=[school.urn])]
    ]


def _pages(held: Held, school: SchoolFacts) -> dict[str, str]:
    theirs = [one.page for one in parts_for(held, school.id)]
    found = {page: _NAMED[page] for page in _NAMED if page in theirs}
    if not found:
        return {page: name for page, name in _OF_WHOEVER_HAS_NONE.items() if page in theirs}
    if "roll" not in found and held.may_look(Right.UPLOAD_ROLL, school_id=school.id):
        # Whoever only looks sees which rolls came in, and not one that is coming in.
        found = {_HISTORY: "Roll", **found}
    return found
