"""What somebody does with an uploaded file: say what its columns are, put it in, say whose it is, delete it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.rolls.uploads import UploadState
from everyfamily.mailings.edges.roll_uploads import queue_going_in, queue_reading
from everyfamily.people.actions.rolls.roll_answers import forget_columns, keep_answers
from everyfamily.people.actions.rolls.taking_back import take_back, to_take_back
from everyfamily.people.actions.rolls.upload_facts import UploadFacts, newest_upload
from everyfamily.people.actions.rolls.uploads import (
    UploadMoved,
    give_up,
    put_in,
    read_although_same,
    read_with_answers,
    say_whose,
)
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.roll.forms import ColumnsNotSaid, answers_in
from everyfamily.staff.roll.pages import base_values, is_lead, may_be_answered, seen_of, take_back_values
from everyfamily.staff.roll.views import show_columns, show_file


@school_page(Right.UPLOAD_ROLL)
def columns_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Say what the columns mean, or say it again after seeing what follows from it. It is remembered."""
    found = newest_upload(school.id, visit.now)
    if visit.request.method != "POST":
        if found is None or not may_be_answered(found):
            return redirect("roll", school.urn)
        return show_columns(visit, school, found)
    typed = {name: str(value)[:20] for name, value in visit.request.POST.items()}
    if found is not None and may_be_answered(found) and typed.get("seen") == seen_of(found):
        note = found.note
        try:
            answers = answers_in(typed, note.columns, note.questions, by_lead=is_lead(visit, school))
        except ColumnsNotSaid as problem:
            return show_columns(
                visit, school, found, status=422, typed=typed, problem=problem, problem_at=problem.at
            )
        keep_answers(school.id, note.layout, answers, by=visit.actor, now=visit.now)
    return _done(visit, school, lambda one: _act_columns(visit, school, one))


def _act_columns(visit: Visit, school: SchoolFacts, found: UploadFacts) -> None:
    read_with_answers(school.id, found.id, queue_reading, by=visit.actor, now=visit.now)


@school_page(Right.UPLOAD_ROLL)
@posted
def put_in_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Put the file in, as this page showed it."""

    def act(found: UploadFacts) -> None:
        put_in(school.id, found.id, queue_going_in, seen=found.reviews, by=visit.actor, now=visit.now)

    return _done(visit, school, act)


@school_page(Right.TAKE_HELD_ROLL)
@posted
def whose_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The lead says whether a held file is the right one."""
    answer = visit.request.POST.get("whose", "")

    def act(found: UploadFacts) -> None:
        if answer not in ("ours", "not ours"):
            raise WhoseNotSaid("Nobody said yet whether this is the right file.", "Choose one of the answers.")
        say_whose(school.id, found.id, queue_reading, ours=answer == "ours", by=visit.actor, now=visit.now)
        if answer != "ours":
            visit.say("The file is deleted, and nothing of it went in.")

    return _done(visit, school, act)


class WhoseNotSaid(EveryfamilyError):
    """The question whether it is the right file has no answer."""

    code = "EF489"


@school_page(Right.UPLOAD_ROLL)
@posted
def again_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Read a file that went in before."""

    def act(found: UploadFacts) -> None:
        read_although_same(school.id, found.id, queue_reading, by=visit.actor, now=visit.now)

    return _done(visit, school, act)


@school_page(Right.UPLOAD_ROLL)
def delete_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Ask whether the file should be deleted, and delete it."""

    def act(found: UploadFacts) -> None:
        give_up(school.id, found.id, by=visit.actor, now=visit.now)
        visit.say("The file is deleted, and nothing of it went in.")

    if visit.request.method == "POST":
        return _done(visit, school, act)
    found = newest_upload(school.id, visit.now)
    if found is None or not found.is_open:
        return redirect("roll", school.urn)
    return visit.render("staff/roll/delete.html", base_values(visit, school, found))


@school_page(Right.TAKE_HELD_ROLL)
def take_back_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Ask whether the newest file should be taken back, with what that does, and take it back."""
    problem = None
    if visit.request.method == "POST":
        shown = visit.request.POST.get("file", "")
        try:
            file = int(shown) if shown.isdecimal() and len(shown) < 19 else 0
            take_back(school.id, file=file, by=visit.actor, now=visit.now)
        except EveryfamilyError as found:
            problem = found
        else:
            visit.say("The file is taken back. Nobody gets a letter before your next word on the roll.")
            return redirect("school", school.urn)
    back = to_take_back(school.id, visit.now)
    values = base_values(visit, school, None) | take_back_values(visit, back) | {"problem": problem}
    return visit.render("staff/roll/take_back.html", values, status=409 if problem else 200)


@school_page(Right.UPLOAD_ROLL)
@posted
def forget_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Forget what was said about the columns of the school's exports."""
    forget_columns(school.id, by=visit.actor, now=visit.now)
    visit.say("We have forgotten what your columns mean, and ask again with the next file.")
    return redirect("roll", school.urn)


def _done(visit: Visit, school: SchoolFacts, act: Callable[[UploadFacts], None]) -> HttpResponseBase:
    """Do it with the file that the page showed. If that is another one now, or somewhere else, say so and change
    nothing."""
    found = newest_upload(school.id, visit.now)
    if found is None:
        return redirect("roll", school.urn)
    try:
        if visit.request.POST.get("seen") != seen_of(found):
            raise UploadMoved(
                "This file is no longer as the page showed it: it was read again, or another one was uploaded.",
                "Nothing was changed. This is where it is now.",
            )
        act(found)
    except EveryfamilyError as problem:
        now = newest_upload(school.id, visit.now) or found
        if now.state is UploadState.GIVEN_UP:
            return redirect("roll", school.urn)
        status = 409 if isinstance(problem, UploadMoved) else 422
        return show_file(visit, school, now, status=status, problem=problem)
    return redirect("roll-file", school.urn)
