"""What is kept of a school and until when, and its key, which two people together may destroy."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.queries import in_hand_since
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.roles_together import require_settled
from everyfamily.core.text.row_numbers import row_number
from everyfamily.mailings.actions.ending.kept import kept_of_school
from everyfamily.mailings.actions.keys.destroying import agree_to_destroy, ask_to_destroy, take_back_destruction
from everyfamily.mailings.edges.exports import clean_up_deleted
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.data.kept_pages import kept_values, key_values
from everyfamily.staff.data.pages import TickedNothing


@school_page(Right.SEE_WHAT_IS_KEPT)
def kept_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Each kind of data, how much of it, and until when."""
    kept = kept_of_school(school.id, visit.now)
    return visit.render("staff/data/kept.html", kept_values(visit, school, kept))


@school_page(Right.ANSWER_DATA_REQUESTS)
def key_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """What is lost with the key, who asked for that, and the form to ask."""
    if visit.request.method != "POST":
        return _key(visit, school)

    def ask() -> None:
        _ticked(visit)
        ask_to_destroy(school.id, by=visit.actor, now=visit.now)

    said = "You have asked for the key to be destroyed. Nothing happens before a colleague agrees."
    return _done(visit, school, ask, said)


@school_page(Right.ANSWER_DATA_REQUESTS)
@posted
def agree_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """A second person, who has had their way in for a day, agrees, and the key is destroyed."""

    def agree() -> None:
        _ticked(visit)
        require_settled(in_hand_since(visit.account), visit.now)
        agree_to_destroy(school.id, _request(visit), by=visit.actor, now=visit.now)
        clean_up_deleted.defer()

    return _done(visit, school, agree, "The key is destroyed. Nobody can read the people’s values any more.")


@school_page(Right.ANSWER_DATA_REQUESTS)
@posted
def stays_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Whoever asked, or somebody else, says that the key stays."""
    said = "The key stays. Nothing was destroyed."
    return _done(
        visit,
        school,
        lambda: take_back_destruction(school.id, _request(visit), by=visit.actor, now=visit.now),
        said,
    )


def _done(visit: Visit, school: SchoolFacts, act: Callable[[], object], said: str) -> HttpResponseBase:
    try:
        act()
    except EveryfamilyError as problem:
        return _key(visit, school, problem)
    visit.say(said)
    return redirect("data-key", school.urn)


def _key(visit: Visit, school: SchoolFacts, problem: EveryfamilyError | None = None) -> HttpResponseBase:
    values = key_values(visit, school, kept_of_school(school.id, visit.now), problem)
    status = 200 if problem is None else 422 if isinstance(problem, TickedNothing) else 409
    return visit.render("staff/data/key.html", values, status)


def _ticked(visit: Visit) -> None:
    """Raises TickedNothing."""
    if visit.request.POST.get("sure") != "yes":
        raise TickedNothing("You have not ticked the box.", "Tick it to say that you have read what is lost.")


def _request(visit: Visit) -> int:
    """Which request somebody looked at; 0 for none that there is."""
    return row_number(visit.request.POST.get("seen", ""))
