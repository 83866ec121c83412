"""Mailboxes of schools that wait for a second person: what they are, agreeing to them, and stopping one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.actions.schools.mailboxes import agree_to_mailboxes, take_back_mailbox
from everyfamily.accounts.actions.who_writes import moment
from everyfamily.accounts.school_queries import WaitingMailbox, waiting_mailboxes
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.second_person import require_second


@page(Right.INVITE_TO_SCHOOL)
def mailboxes_page(visit: Visit) -> HttpResponseBase:
    """Every mailbox that waits, for the second person to compare."""
    return visit.render("staff/people/mailboxes.html", _values(visit))


@page(Right.INVITE_TO_SCHOOL)
@posted
def agree_page(visit: Visit) -> HttpResponseBase:
    """Agree to what the page showed. What was asked for since then waits."""
    shown = {int(one) for one in visit.request.POST.get("shown", "").split() if one.isascii() and one.isdigit()}
    rows = [one for one in waiting_mailboxes() if one.id in shown and not one.agreed_by]
    try:
        for account, name in {(one.asked_account, one.asked_by) for one in rows}:
            require_second(visit, account, name, Right.INVITE_TO_SCHOOL)
        agreed = agree_to_mailboxes([one.id for one in rows], visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    visit.say(f"You agreed to the mailbox of {of(agreed, 'school')}.")
    return redirect("mailboxes")


@page(Right.INVITE_TO_SCHOOL)
@posted
def stop_page(visit: Visit, mailbox_id: int) -> HttpResponseBase:
    """Stop one that is not in force yet."""
    try:
        take_back_mailbox(mailbox_id, visit.actor, visit.now)
    except EveryfamilyError as problem:
        return _refused(visit, problem)
    visit.say("It is stopped. The school keeps the mailbox that it has.")
    return redirect("mailboxes")


def _refused(visit: Visit, problem: EveryfamilyError) -> HttpResponseBase:
    values = _values(visit) | {"problem": f"{problem.fact} {problem.fix}"}
    return visit.render("staff/people/mailboxes.html", values, status=409)


def _values(visit: Visit) -> dict[str, Any]:
    rows = waiting_mailboxes()
    asked = [one for one in rows if not one.agreed_by]
    mine = [one for one in asked if one.asked_account == visit.account]
    others = [one for one in asked if one.asked_account != visit.account]
    return {
        "here": "people",
        "to_agree": _shown(others, rows),
        "shown": " ".join(str(one.id) for one in others),
        "mine": _shown(mine, rows),
        "agreed": _shown((one for one in rows if one.agreed_by), rows),
    }


def _shown(
    some: Iterable[WaitingMailbox], rows: Iterable[WaitingMailbox]
) -> list[tuple[WaitingMailbox, str, str, int]]:
    """Each with when it was asked for, the first moment at which it can be in force (blank if at once), and how many
    other schools on the list have the same address."""
    same = Counter(one.mailbox.casefold() for one in rows)
    return [
        (
            one,
            moment(one.asked_at),
            moment(one.not_before) if one.waits_a_day else "",
            same[one.mailbox.casefold()] - 1,
        )
        for one in some
    ]
