"""A person rang a number that letters print, or opened an address: it is good, or it is dead.

A dead one stops every mailing whose letter prints it, on every worker, before its next message. A later good check
lets nothing go on by itself: a person resumes each mailing.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route
from everyfamily.letters.actions.sealed_letters import record_route_check
from everyfamily.mailings.actions.guards.claims_under_way import wait_for_claims
from everyfamily.mailings.actions.guards.sendable import open_task, pause
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.printing import mailings_that_print

_PERSONAL = re.compile(r"@|(?:\d[\s()-]*){7}")
"""An email address, or a number that is long enough to ring."""
LONGEST_NOTE = 200


class DiffersBySchool(EveryfamilyError):
    """A school's own number was reported as dead for every school."""

    code = "EF447"


class NoteNotKept(EveryfamilyError):
    """The note is too long, or has somebody's address or number in it."""

    code = "EF448"


def route_is_good(route: Route, *, by: Actor, now: datetime, note: str = "") -> None:
    """Somebody has rung the route's number, or opened its address, and it is right: this counts from today on, also for
    letters that were sealed before. Raises NoteNotKept."""
    require_a_note_to_keep(note)
    record_route_check(route, is_good=True, note=note, by=by, now=now)


def route_is_dead(route: Route, *, by: Actor, now: datetime, note: str = "") -> list[str]:
    """Somebody found that the route's number does not answer: every mailing whose letter prints it stops, and has a
    task for the person who opened it. When this returns, no call begins. Returns the references of their letters.

    Raises DiffersBySchool or NoteNotKept, and then nothing is recorded; and ClaimsUnderWay if the mailings are paused
    but a call may still begin.
    """
    require_a_note_to_keep(note)
    if route.differs_by_school:
        raise DiffersBySchool(
            "This row is for each school's own number, and no letter has it for all schools.",
            "If one school's number is wrong, correct it in the list of schools.",
        )
    with transaction.atomic(durable=True):
        record_route_check(route, is_good=False, note=note, by=by, now=now)
        stopped = _stop(route, now)
    # A mailing that was being opened meanwhile could not be seen. From now on the report can.
    with transaction.atomic(durable=True):
        stopped += _stop(route, now)
    if stopped:
        wait_for_claims("The mailings that print the number are paused")
    return stopped


def _stop(route: Route, now: datetime) -> list[str]:
    what = f"{route.called} is dead. Correct the letter, or ring it again and let the mailing go on."
    stopped = []
    for mailing_id in mailings_that_print(route.place):
        # A person who resumes it holds this row, so that either they see the report or this sees an open mailing.
        mailing = (
            Mailing.objects.select_for_update(of=("self",), no_key=True)
            .select_related("letter")
            .get(pk=mailing_id)
        )
        if pause(mailing_id, what, kind="route", now=now):
            stopped.append(mailing.letter.reference)
        elif mailing.state == "paused":
            open_task(mailing_id, what, kind="route", now=now)
    return stopped


def require_a_note_to_keep(note: str) -> None:
    """Raise NoteNotKept for a note of several lines, or with an email address or a number that can be rung."""
    if len(note) > LONGEST_NOTE or not note.isprintable():
        raise NoteNotKept("The note is longer than one short line.", f"Say it in {LONGEST_NOTE} characters.")
    if _PERSONAL.search(note):
        raise NoteNotKept(
            "The note has an email address or a number in it, and notes are read by many people.",
            "Say it without them. The number of a route is recorded anyway.",
        )
