"""Paper that a school's classes take home."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.paper.by_class import (
    NotThisWay,
    PaperChanged,
    record_binned,
    record_children,
    record_classes,
)
from everyfamily.mailings.actions.paper.hand_outs import Recorded
from everyfamily.mailings.messages.bin_sheets import bin_sheet
from everyfamily.mailings.queries.hand_outs import WAITING
from everyfamily.mailings.queries.paper import of_the_class
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.paper.forms import children_shown, day_of, said_of_children, ticked_classes
from everyfamily.staff.paper.pages import (
    Opened,
    class_values,
    letter_values,
    list_values,
    opened,
    recorded_words,
    today_of,
)
from everyfamily.staff.paper.printing import pdf_of

LETTER = "staff/paper/letter.html"


@school_page(Right.HAND_OUT_PAPER, look=True)
def hand_outs_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The letters of which the school has copies, or the one letter."""
    values = list_values(school)
    if len(values["letters"]) == 1:
        return redirect("hand-outs-of", school.urn, values["letters"][0][0].mailing)
    return visit.render("staff/paper/letters.html", values)


@school_page(Right.HAND_OUT_PAPER, look=True)
def letter_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """One letter by class. A POST says that all copies of the ticked classes were handed out."""
    found, form = opened(school, mailing_id, visit.now), visit.request.POST
    if visit.request.method != "POST":
        return visit.render(LETTER, letter_values(visit, school, found))

    def act() -> Recorded:
        on = day_of(form, today_of(visit))
        return record_classes(found.letter, ticked_classes(form), on=on, by=visit.actor, now=visit.now)

    return _recorded(visit, school, found, act)


@school_page(Right.HAND_OUT_PAPER, look=True)
def class_page(visit: Visit, school: SchoolFacts, mailing_id: int, child: int) -> HttpResponseBase:
    """The children of one class. A POST says which of them took their copy home."""
    found, form = opened(school, mailing_id, visit.now, child), visit.request.POST
    if visit.request.method != "POST":
        return visit.render("staff/paper/class.html", class_values(visit, school, found, child))
    of_class = of_the_class(found.copies, child)
    waiting = {copy.pupil for copy in of_class if copy.status in WAITING}
    keep_back = {copy.pupil for copy in of_class if not copy.may_go_home}
    shown = [one for one in children_shown(form) if any(copy.pupil == one for copy in of_class)]
    try:
        said = said_of_children(form, waiting, keep_back, shown)
        on = day_of(form, today_of(visit))
        done = record_children(
            found.letter, said, form.get("seen", ""), shown, on=on, by=visit.actor, now=visit.now
        )
    except EveryfamilyError as problem:
        again = class_values(visit, school, opened(school, mailing_id, visit.now, child), child, problem)
        return visit.render("staff/paper/class.html", again, status=_status(problem))
    visit.say(recorded_words(done))
    return redirect("hand-outs-of", school.urn, mailing_id)


@school_page(Right.HAND_OUT_PAPER)
@posted
def bin_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """Every copy of a withdrawn letter that was not handed out is in the bin."""
    found = opened(school, mailing_id, visit.now)
    seen = visit.request.POST.get("seen", "")
    return _recorded(
        visit, school, found, lambda: record_binned(found.letter, seen, by=visit.actor, now=visit.now)
    )


@school_page(Right.HAND_OUT_PAPER)
def print_page(visit: Visit, school: SchoolFacts, mailing_id: int, child: int | None = None) -> HttpResponseBase:
    """One PDF with the copies to hand out, of one class or of all."""
    found = opened(school, mailing_id, visit.now, child)
    copies = found.copies if child is None else of_the_class(found.copies, child)
    try:
        data = pdf_of(school, found.on_paper, copies, visit.now)
    except EveryfamilyError as problem:
        return visit.render(LETTER, letter_values(visit, school, found, problem), status=409)
    return _pdf(data, f"paper-{found.on_paper.reference}.pdf")


@school_page(Right.HAND_OUT_PAPER)
def bin_sheet_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """A sheet with the piles to bin, to take from class to class. It names no child."""
    found = opened(school, mailing_id, visit.now)
    try:
        data = bin_sheet(mailing_id, school.id, now=visit.now)
    except EveryfamilyError as problem:
        return visit.render(LETTER, letter_values(visit, school, found, problem), status=409)
    return _pdf(data, f"bin-{found.on_paper.reference}.pdf")


def _recorded(visit: Visit, school: SchoolFacts, found: Opened, act: Callable[[], Recorded]) -> HttpResponseBase:
    try:
        visit.say(recorded_words(act()))
    except EveryfamilyError as problem:
        again = opened(school, found.on_paper.mailing, visit.now)
        return visit.render(LETTER, letter_values(visit, school, again, problem), status=_status(problem))
    return redirect("hand-outs-of", school.urn, found.on_paper.mailing)


def _status(problem: EveryfamilyError) -> int:
    """409 if what the page had shown is no longer so, and otherwise 422."""
    return 409 if isinstance(problem, PaperChanged | NotThisWay) else 422


def _pdf(data: bytes, name: str) -> FileResponse:
    response = FileResponse(BytesIO(data), content_type="application/pdf", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response
