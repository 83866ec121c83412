"""What the pages of inviting schools show. Pure, apart from the words of moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from everyfamily.accounts.actions.who_writes import moment
from everyfamily.accounts.school_queries import SchoolAndLead, second_lead_of
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.people.mail_words import words_of_school

MOST_SHOWN = 20


def found_by(typed: str, schools: Sequence[SchoolAndLead]) -> list[SchoolAndLead]:
    """Schools whose name has every word that was typed, as a part of it, or whose URN was typed."""
    words = typed.casefold().split()
    return [
        one
        for one in schools
        if words and (all(word in one.school.name.casefold() for word in words) or typed == str(one.school.urn))
    ]


def choice_values(schools: Sequence[SchoolAndLead], typed: str, *, has_searched: bool) -> dict[str, Any]:
    """The search, what it found, and the schools that are invited already."""
    found = found_by(typed, schools)
    return {
        "here": "people",
        "typed": typed,
        "has_searched": has_searched,
        "found": [(one, state_of(one)) for one in found[:MOST_SHOWN]],
        "more": max(0, len(found) - MOST_SHOWN),
        "without": sum(not one.has_lead for one in schools),
        "count": len(schools),
        "without_mailbox": sum(not one.has_lead and not one.school.mailbox for one in schools),
        "ready": sum(one.can_be_invited for one in schools),
        "waiting": [
            (one, moment(one.invited.expires_at), words_of_school(one.invited))
            for one in schools
            if one.invited is not None and one.invited.is_beside is one.has_lead
        ],
    }


def one_values(one: SchoolAndLead, now: datetime, problem: EveryfamilyError | None = None) -> dict[str, Any]:
    """What happens if this school is invited, or if a second lead is asked for, and where that is."""
    return {
        "here": "people",
        "one": one,
        "school": one.school,
        "state": state_of(one),
        "second": second_words(one.school, now),
        "problem": f"{problem.fact} {problem.fix}" if problem is not None else "",
    }


def second_words(school: SchoolFacts, now: datetime) -> str:
    """Where a second lead is who comes in by the mailbox, as a sentence, or "" if there is none to stop."""
    found = second_lead_of(school.id, now)
    if found is None:
        return ""
    until = moment(found.until)
    asked = f"{found.asked_by} asked for a second lead at {school.name}, by its mailbox."
    return {
        "asked": f"{asked} The link went to {found.mailbox} and works until {until}. Nobody has used it yet.",
        "known": f"{asked} It would be {found.who}. They get a link at the earliest {until}.",
        "mailed": f"{asked} A link went to {found.who}, and works until {until}.",
        "first day": f"{found.who}, came in by the school’s mailbox as a second lead. Until {until} they can close, "
        "hold and attest, and nothing more.",
    }[found.stage]


def all_values(schools: Sequence[SchoolAndLead]) -> dict[str, Any]:
    """How many schools would be invited, and who would not."""
    without_mailbox = [one.school for one in schools if not one.has_lead and not one.school.mailbox]
    return {
        "here": "people",
        "count": sum(one.can_be_invited for one in schools),
        "with_lead": sum(one.has_lead for one in schools),
        "already": sum(one.invited is not None and not one.has_lead for one in schools),
        "without_mailbox": without_mailbox,
    }


def state_of(one: SchoolAndLead) -> str:
    """Why a school is not invited now, as a sentence, or "" if it can be."""
    if one.has_lead:
        return "It has a lead, who invites everybody else there. If the lead is away, ask for a second one."
    if not one.school.mailbox:
        return "The list of schools has no mailbox for it."
    if one.invited is not None:
        return f"Invited by {one.invited.invited_by}, until {moment(one.invited.expires_at)}."
    return ""
