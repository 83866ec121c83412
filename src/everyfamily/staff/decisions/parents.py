"""Who is a parent or carer, where the school's file says neither responsibility nor care."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.core.text.row_numbers import row_number
from everyfamily.people.actions.decided.groups import NoSuchGroup
from everyfamily.people.actions.decided.responsibility import say_of_each, unclear_page
from everyfamily.people.actions.decided.restrictions import LinkNotKnown
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import TickMissing, chosen, ticked
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.restriction_pages import attest_page
from everyfamily.staff.looking import shows_names
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values

_ANSWERS = {"yes": "They are parents or carers", "no": "They are not"}


@school_page(Right.DECIDE_RESTRICTIONS, look=True)
@shows_names("Parents and carers")
def parents_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Adults who wait for this. `?show=said` has the adults about whom somebody said it, to put a mistake right."""
    if visit.request.method != "POST":
        return visit.render("staff/decisions/parents.html", _values(visit, school))
    said = visit.request.POST
    ticks = ticked(said, "link")
    try:
        if not ticks:
            raise TickMissing("Tick the adults that you looked up.", "Nothing was saved.", at="links")
        answer = chosen(said, "answer", _ANSWERS, "Choose whether they are parents or carers.")
        new = say_of_each(school.id, links=ticks, is_one=answer == "yes", by=visit.actor, now=visit.now)
        visit.say(_said(new, is_one=answer == "yes"))
    except LinkNotKnown:
        raise Http404 from None
    except EveryfamilyError as problem:
        kept = {"ticks": ticks, "said_answer": said.get("answer", "")}
        values = _values(visit, school) | refused(visit, school, problem) | kept
        return visit.render("staff/decisions/parents.html", values, status=status_of(problem))
    return redirect(reverse("parents", args=[school.urn]) + _question(visit))


def _values(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    asked, after = visit.request.GET, after_of(visit)
    is_said, class_of = asked.get("show") == "said", row_number(asked.get("class_of", ""))
    try:
        found = unclear_page(
            school.id, now=visit.now, said=is_said, class_of=class_of, after=after, limit=ON_A_PAGE + 1
        )
    except NoSuchGroup:
        raise Http404 from None
    return page_values(found.links, after, lambda one: one.link, kept=_question(visit)[1:]) | {
        "here": "schools",
        "school": school,
        "found": found,
        "is_said": is_said,
        "class_of": class_of,
        "class_query": f"class_of={class_of}" if class_of else "",
        "every": asked.get("tick") == "all",
        "answers": _ANSWERS,
        "attest": attest_page(visit, school),
    }


def _question(visit: Visit) -> str:
    asked = visit.request.GET
    parts = ["show=said"] if asked.get("show") == "said" else []
    parts += [f"class_of={class_of}"] if (class_of := row_number(asked.get("class_of", ""))) else []
    return "?" + "&".join(parts) if parts else ""


def _said(new: int, *, is_one: bool) -> str:
    if not new:
        return "That was already saved."
    return f"Saved: {of(new, 'adult')} {'are parents or carers' if is_one else 'get no letter about this child'}."
