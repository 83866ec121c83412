"""A school's letters and returns, for its people who are signed in."""

from __future__ import annotations

from collections.abc import Collection

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.accounting.returns import Filing
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.zips import zipped
from everyfamily.core.permissions import Right
from everyfamily.letters.queries import file_of_letter, kit_of_letter
from everyfamily.mailings.actions.returns.not_sent import say_not_sent
from everyfamily.mailings.actions.returns.returns import Answer, file_signed_in
from everyfamily.mailings.queries.school_letters import newest_letter_at
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.school_returns.filing import filed_page, form_page, take_in
from everyfamily.staff.school_returns.pages import (
    addresses,
    door_of,
    letter_or_404,
    letter_values,
    list_values,
)

RETURN = "staff/school_returns/return.html"


@school_page(Right.FILE_RETURN, look=True)
def returns_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Every letter of the school with what became of its return, the newest first."""
    return visit.render("staff/school_returns/returns.html", list_values(visit, school))


@school_page(Right.FILE_RETURN, look=True)
def return_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """The five numbers: the same form as by the link."""
    door, frame = door_of(school, mailing_id), addresses(school, mailing_id)
    if door.letter.returns_close_on is None:
        return redirect("school-returns", school.urn)

    def file(filing: Filing, answered: Collection[str], seen: int) -> Answer:
        return file_signed_in(
            mailing_id, school.id, filing, answered=answered, seen=seen, by=visit.actor, now=visit.now
        )

    try:
        if visit.request.method != "POST":
            return visit.render(RETURN, form_page(door) | frame)
        shown = take_in(visit.request.POST, door, file)
    except EveryfamilyError as problem:
        return visit.render(RETURN, form_page(door) | frame | {"problem": problem}, status=409)
    if shown is None:
        return redirect("school-return-filed", school.urn, mailing_id)
    return visit.render(RETURN, shown.values | frame, status=shown.status)


@school_page(Right.FILE_RETURN, look=True)
def filed_return_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """What counts now, and what would help most."""
    door = door_of(school, mailing_id)
    values = filed_page(door)
    if values is None:
        return redirect("school-return", school.urn, mailing_id)
    values |= {"may_correct": door.letter.takes_returns(visit.now.astimezone(LONDON).date())}
    return visit.render("staff/school_returns/filed.html", values | addresses(school, mailing_id))


@school_page(Right.FILE_RETURN)
@posted
def not_sent_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """The school has not sent a withdrawn letter, and has stopped."""
    door = door_of(school, mailing_id)
    try:
        is_new = say_not_sent(mailing_id, school.id, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        values = form_page(door) | addresses(school, mailing_id) | {"problem": problem}
        return visit.render(RETURN, values, status=409)
    visit.say("Recorded: you have not sent it, and have stopped." if is_new else "That was recorded before.")
    return redirect("school-return", school.urn, mailing_id)


@school_page(Right.GET_KIT)
def letters_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The school's letters, newest first."""
    return visit.render("staff/school_returns/letters.html", list_values(visit, school))


@school_page(Right.GET_KIT)
def newest_letter_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The school's newest letter."""
    found = newest_letter_at(school.id)
    if found is None:
        return redirect("school-letters", school.urn)
    return redirect("school-letter", school.urn, found)


@school_page(Right.GET_KIT)
def letter_page(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """The letter in words, as the school's families get it."""
    found = letter_or_404(school, mailing_id)
    return visit.render("staff/school_returns/letter.html", letter_values(visit, school, found))


@school_page(Right.GET_KIT)
def letter_file(visit: Visit, school: SchoolFacts, mailing_id: int, file_id: int) -> HttpResponseBase:
    """One file of the letter, as it was sealed. Nothing once the letter is withdrawn."""
    found = file_of_letter(letter_or_404(school, mailing_id).letter, file_id)
    if found is None or not found[0].endswith(".pdf"):
        raise Http404
    response = HttpResponse(found[1], content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found[0].rsplit("/", 1)[-1]}"'
    return response


@school_page(Right.GET_KIT)
def kit_file(visit: Visit, school: SchoolFacts, mailing_id: int) -> HttpResponseBase:
    """The kit, for a school that sends the letter itself. Nothing once the letter is withdrawn."""
    found = letter_or_404(school, mailing_id)
    kit = kit_of_letter(found.letter, school.phase) if found.sends_itself else None
    if kit is None:
        raise Http404
    response = HttpResponse(zipped(kit), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="kit-{found.reference}.zip"'
    return response
