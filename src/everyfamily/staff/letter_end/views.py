"""Stop a sealed letter: pause it, let it go on, or withdraw it for good, which takes two people."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.queries import who_watches
from everyfamily.core.agreement.two_people import Act, Asked, over
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.sending.fallback import Channel
from everyfamily.letters.actions.askings import take_back
from everyfamily.letters.queries import asked_of
from everyfamily.mailings.actions.ending.asking import ask_to_go_on, ask_to_withdraw
from everyfamily.mailings.actions.ending.withdrawing import withdraw as withdraw_now
from everyfamily.mailings.actions.guards.another_person import takes_another
from everyfamily.mailings.actions.guards.claims_under_way import ClaimsUnderWay
from everyfamily.mailings.actions.guards.route_checks import require_a_note_to_keep
from everyfamily.mailings.actions.sending.pausing import pause_mailing, resume_mailing
from everyfamily.mailings.actions.sending.unknowns import Unknowns
from everyfamily.mailings.queries.mailings import mailing_of_letter
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.letter_end.pages import (
    LONGEST_WHY,
    letter_of,
    stop_values,
    withdraw_values,
    withdrawn_values,
)
from everyfamily.staff.second_person import require_second

_ASKS_WITH = {Act.WITHDRAW: Right.WITHDRAW_LETTER, Act.GO_ON: Right.PAUSE_MAILING}
"""The right of the person who asks."""


class WhyNotSaid(EveryfamilyError):
    """Somebody stops a letter without saying why."""

    code = "EF373"


@page(Right.WITHDRAW_LETTER, for_bodies=True)
def stop(visit: Visit, reference: str) -> HttpResponseBase:
    """How far the letter is, and what can be done."""
    letter = letter_of(reference)
    if not letter.is_sealed:
        return redirect("letter-withdrawn", reference)
    return visit.render("staff/letter_end/stop.html", stop_values(visit, letter))


@page(Right.PAUSE_MAILING)
@posted
def pause(visit: Visit, reference: str) -> HttpResponseBase:
    """Pause its mailing at every school, at once."""
    letter, why = letter_of(reference), _why(visit)
    try:
        _require_why(why)
        pause_mailing(mailing_of_letter(reference).id, why=why, by=visit.actor, now=visit.now)
        visit.say("The mailing is paused. Nothing more is sent until a person lets it go on.")
    except ClaimsUnderWay as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    except EveryfamilyError as problem:
        status = 422 if isinstance(problem, WhyNotSaid) else 409
        return visit.render("staff/letter_end/stop.html", stop_values(visit, letter, problem, why), status=status)
    return redirect("letter-stop", reference)


@page(Right.PAUSE_MAILING)
@posted
def go_on(visit: Visit, reference: str) -> HttpResponseBase:
    """Let its mailing go on, or ask a second person for it if somebody else paused it."""
    letter = letter_of(reference)
    try:
        mailing = mailing_of_letter(reference)
        if takes_another(mailing.id, visit.actor):
            ask_to_go_on(reference, by=visit.actor, now=visit.now, tell_to=who_watches().tell)
            visit.say("You asked for it to go on. It does when another person agrees.")
        else:
            _resume(visit, mailing.id)
    except EveryfamilyError as problem:
        return visit.render("staff/letter_end/stop.html", stop_values(visit, letter, problem), status=409)
    return redirect("letter-stop", reference)


@page(Right.WITHDRAW_LETTER, for_bodies=True)
@posted
def agree_to_go_on(visit: Visit, reference: str) -> HttpResponseBase:
    """As the second person: let its mailing go on, as a coordinator asked."""
    letter = letter_of(reference)
    try:
        asked = _agreed(visit, reference, Act.GO_ON)
        _resume(visit, mailing_of_letter(reference).id, asked.id)
    except EveryfamilyError as problem:
        return visit.render("staff/letter_end/stop.html", stop_values(visit, letter, problem), status=409)
    return redirect("letter-stop", reference)


@page(Right.WITHDRAW_LETTER, for_bodies=True)
def withdraw(visit: Visit, reference: str) -> HttpResponseBase:
    """What a withdrawal does, and the button that stops the letter at once and asks a second person for it."""
    letter = letter_of(reference)
    if not letter.is_sealed:
        return redirect("letter-withdrawn", reference)
    if visit.request.method != "POST":
        return visit.render("staff/letter_end/withdraw.html", withdraw_values(visit, letter))
    why = _why(visit)
    try:
        _require_why(why)
        ask_to_withdraw(reference, why=why, by=visit.actor, now=visit.now, tell_to=who_watches().tell)
        visit.say("The letter is stopped. It is withdrawn when a second person agrees.")
    except ClaimsUnderWay as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    except EveryfamilyError as problem:
        values = withdraw_values(visit, letter, problem, why)
        return visit.render("staff/letter_end/withdraw.html", values, status=422)
    return redirect("letter-stop", reference)


@page(Right.WITHDRAW_LETTER, for_bodies=True)
@posted
def agree_to_withdraw(visit: Visit, reference: str) -> HttpResponseBase:
    """As the second person: withdraw it for good. Pressed twice, it is done once."""
    letter = letter_of(reference)
    if not letter.is_sealed:
        return redirect("letter-withdrawn", reference)
    try:
        asked = _agreed(visit, reference, Act.WITHDRAW)
        withdraw_now(reference, why=asked.why, by=visit.actor, now=visit.now, asked=asked.id)
    except ClaimsUnderWay as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    except EveryfamilyError as problem:
        return visit.render("staff/letter_end/withdraw.html", withdraw_values(visit, letter, problem), status=409)
    return redirect("letter-withdrawn", reference)


@page(Right.WITHDRAW_LETTER, for_bodies=True)
@posted
def let_be(visit: Visit, reference: str) -> HttpResponseBase:
    """Take back what waits for a second person. What is paused stays paused."""
    letter = letter_of(reference)
    try:
        asked = asked_of(reference)
        if asked is None or visit.request.POST.get("asked") != str(asked.id):
            raise over()
        take_back(asked.id, asked.act, by=visit.actor, now=visit.now)
        visit.say("That was taken back. The mailing stays paused.")
    except EveryfamilyError as problem:
        return visit.render("staff/letter_end/stop.html", stop_values(visit, letter, problem), status=409)
    return redirect("letter-stop", reference)


@page(Right.WITHDRAW_LETTER, for_bodies=True)
def withdrawn(visit: Visit, reference: str) -> HttpResponseBase:
    """Who has it, whom a person must ring, and what puts it right."""
    letter = letter_of(reference)
    if letter.is_sealed:
        return redirect("letter-stop", reference)
    return visit.render("staff/letter_end/withdrawn.html", withdrawn_values(visit, letter))


def _agreed(visit: Visit, reference: str, act: Act) -> Asked:
    """What the page showed, and that this person may agree to it. Raises what `require_second` raises, AskingOver and
    AnotherPersonNeeded."""
    asked = asked_of(reference)
    if asked is None or asked.act is not act or visit.request.POST.get("asked") != str(asked.id):
        raise over()
    asked.require_another(visit.actor)
    require_second(visit, asked.account, asked.by, _ASKS_WITH[act])
    return asked


def _resume(visit: Visit, mailing_id: int, asked: int | None = None) -> None:
    unknown = _unknown(visit.request.POST)
    resume_mailing(mailing_id, by=visit.actor, now=visit.now, unknown=unknown, asked=asked)
    visit.say("The mailing goes on. What was planned is sent at the next time for sending.")


def _why(visit: Visit) -> str:
    return " ".join(visit.request.POST.get("why", "").split())


def _require_why(why: str) -> None:
    """Raise WhyNotSaid, or NoteNotKept for words about a person."""
    if not why or len(why) > LONGEST_WHY:
        raise WhyNotSaid(
            "Say why." if not why else f"The reason has {len(why)} characters.",
            f"A few words are enough, at most {LONGEST_WHY} characters, and no names.",
        )
    require_a_note_to_keep(why)


def _unknown(posted: Mapping[str, str]) -> dict[Channel, Unknowns]:
    """What was said of messages that may or may not have been sent, by channel."""
    said = {channel: posted.get(f"unknown-{channel.name.lower()}", "") for channel in Channel}
    known = {one.value for one in Unknowns}
    return {channel: Unknowns(words) for channel, words in said.items() if words in known}
