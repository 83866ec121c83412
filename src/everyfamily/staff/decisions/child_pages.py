"""What the pages of one child show."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from everyfamily.core.text.dates import day_in_words
from everyfamily.people.actions.decided.child_page import AdultOfChild, ChildOpened, open_child
from everyfamily.people.actions.decided.children_meant import ChildMeant
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.decisions.words import BY_CHANNEL, STATES, day, moment, place_in_words


def found_child(visit: Visit, school: SchoolFacts, child: int) -> ChildOpened:
    """One child of this school. Raises Http404."""
    found = open_child(school.id, child, now=visit.now)
    if found is None:
        raise Http404
    return found


def as_typed(child: ChildMeant) -> str:
    """What is said on the page of a child who was looked for. Never with the id, because it is stored."""
    return "" if child.is_exact else "The id is not quite as you typed it. Check that this is the child you mean."


def child_values(school: SchoolFacts, child: ChildOpened) -> dict[str, Any]:
    """A child, what is known, and the adults."""
    return {
        "here": "schools",
        "school": school,
        "child": child,
        "where": place_in_words(child.class_name, child.year_group),
        "left": day_in_words(child.left_on) if child.left_on else "",
        "proposed": day(child.proposed_at),
        "died": day(child.died_at),
        "adults": [(one, _restriction(one), _said(one)) for one in child.adults],
    }


def _restriction(adult: AdultOfChild) -> str:
    if adult.died_at is not None:
        return "we were told that they have died"
    said = STATES[adult.restriction]
    by = f", {adult.reviewed_by}, {day(adult.reviewed_at)}" if adult.reviewed_by else ""
    return f"{said}{by}"


def _said(adult: AdultOfChild) -> list[str]:
    if adult.died_at is not None:
        return [f"recorded by {adult.died_by}, {day(adult.died_at)}"]
    said = [adult.ground.words] if adult.ground is not None else []
    if adult.objects_at:
        said.append(f"asked for no letters, {day(adult.objects_at)}")
    if adult.is_unclear:
        said.append("nobody has said whether they are a parent or carer")
    if adult.said == "no":
        said.append("not a parent or carer, as somebody at your school said")
    said += [f"no letters by {BY_CHANNEL[one]}" for one in adult.opted_out]
    return said


def found_adult(visit: Visit, school: SchoolFacts, child: int, adult: int) -> tuple[ChildOpened, AdultOfChild]:
    """One adult of one child of this school. Raises Http404."""
    opened = found_child(visit, school, child)
    found = opened.adult(adult)
    if found is None:
        raise Http404
    return opened, found


def adult_values(school: SchoolFacts, child: ChildOpened, adult: AdultOfChild) -> dict[str, Any]:
    """What an adult asked for."""
    return {
        "here": "schools",
        "school": school,
        "child": child,
        "adult": adult,
        "objected": moment(adult.objects_at) if adult.objects_at != adult.died_at else "",
        "died": day(adult.died_at),
        "channels": [(code, words, code in adult.opted_out) for code, words in BY_CHANNEL.items()],
    }
