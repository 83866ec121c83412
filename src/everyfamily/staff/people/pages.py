"""What the pages about people show: those of the whole partnership, or those of one school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from everyfamily.accounts.actions.suspending import WATCHED
from everyfamily.accounts.queries import OpenInvitation, Person, open_invitations, people
from everyfamily.accounts.school_queries import (
    WaitingReset,
    done_about_accounts,
    waiting_mailboxes,
    waiting_resets,
)
from everyfamily.accounts.suspension_queries import Stopped, stopped_accounts
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import NotInvitable
from everyfamily.core.permissions import SCOPES, Right, Role, Scope
from everyfamily.core.roles_together import too_few
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.partnership.queries import in_force
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.audit.names import names_in
from everyfamily.staff.audit.pages import line_of
from everyfamily.staff.doors.words import RoleWords, role_words

FORM_FIELDS = ("name", "email", "role", "body")


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses of what can be done about people: below one school's, or the partnership's if there is none."""

    urn: int | None = None

    def to(self, name: str, *ids: int) -> str:
        """The address of one thing to do."""
        return reverse(name if self.urn is None else f"school-{name}", args=[*self._first(), *ids])

    def _first(self) -> list[int]:
        return [] if self.urn is None else [self.urn]


@dataclass(frozen=True, slots=True)
class May:
    """What whoever looks at a list of people may do there."""

    end: bool
    recover: bool
    cancel: bool


@dataclass(frozen=True, slots=True)
class ResetRow:
    """A way in again that was asked for. `opens` is empty once the link can be made."""

    asked_by: str
    opens: str
    use: str
    cancel: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person, and the addresses of what whoever looks may do about them, or ""."""

    person: Person
    roles: list[tuple[RoleWords, str]]
    let_in: str
    waits: bool
    """Letting them in again takes a day, because they are at a school, an administrator or a signatory."""
    is_watched: bool
    stop: str
    reset: ResetRow | None


def partnership_values(visit: Visit) -> dict[str, Any]:
    """The list of the partnership's people. Those of schools are counted, and are in the list of their school."""
    everybody = people()
    ours = [one for one in everybody if not any(role.school_id for role in one.roles)]
    invited = [one for one in open_invitations(visit.now) if one.school_id is None]
    return {
        "here": "people",
        "too_few": [role_words(role) for role in too_few(Counter(_roles_once(everybody)))],
        "count": len(everybody),
        "at_schools": len(everybody) - len(ours),
        "stopped": _stopped(visit),
        "invite": reverse("invite") if visit.held.may(Right.INVITE_TO_PARTNERSHIP) else "",
        "invite_schools": reverse("invite-school") if visit.held.may(Right.INVITE_TO_SCHOOL) else "",
        **_rows(ours, invited, Links(), visit, _what_may_be_done(visit)),
    }


@dataclass(frozen=True, slots=True)
class StoppedRow:
    """An account that was stopped, and what may be done about it."""

    person: Stopped
    roles: list[tuple[RoleWords, str]]
    is_mine: bool
    may_look: bool


def _stopped(visit: Visit) -> list[StoppedRow]:
    bodies, may = bodies_by_id(), visit.held.may(Right.END_ACCESS)
    return [
        StoppedRow(
            one,
            [
                (
                    role_words(role.role, bodies.get(role.body, role.body)),
                    reverse("end-role", args=[role.id]) if may else "",
                )
                for role in one.roles
            ],
            one.by_account == visit.account,
            may and not one.looked_by and one.by_account != visit.account,
        )
        for one in stopped_accounts()
    ]


def _roles_once(everybody: Iterable[Person]) -> Iterator[Role]:
    """Each person's roles, each once."""
    for person in everybody:
        yield from {one.role for one in person.roles}


def people_at_values(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    """The people of one school, for the partnership."""
    everybody, invited = people(school.id), open_invitations(visit.now, school.id)
    return {
        "here": "people",
        "count": len(everybody),
        "place": school.name,
        "back": (reverse("invite-school"), "Schools"),
        **_rows(everybody, invited, Links(), visit, _what_may_be_done(visit)),
    }


def _what_may_be_done(visit: Visit) -> May:
    return May(
        visit.held.may(Right.END_ACCESS),
        visit.held.may(Right.RECOVER_ACCOUNT),
        visit.held.may(Right.INVITE_TO_PARTNERSHIP),
    )


def school_values(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    """The list of a school's own people, for its leads."""
    links = Links(school.urn)
    everybody, invited = people(school.id), open_invitations(visit.now, school.id)
    leads = [role.id for person in everybody for role in person.roles if role.role is Role.LEAD]
    only_lead = leads[0] if len(leads) == 1 else None
    return {
        "here": "schools",
        "one_lead": only_lead is not None,
        "count": len(everybody),
        "place": "your school",
        "back": (reverse("school", args=[school.urn]), school.name),
        "invite": links.to("invite"),
        "mailboxes": [
            (one, moment_words(one.not_before), links.to("mailbox-stop", one.id))
            for one in waiting_mailboxes(school.id)
        ],
        "done": _done_there(school.id),
        **_rows(everybody, invited, links, visit, May(end=True, recover=True, cancel=True), kept=only_lead),
    }


def _done_there(school_id: int) -> list[tuple[str, str, str]]:
    """What was done about the accounts of a school: when, who, and what, without details, which may name others."""
    found = done_about_accounts(school_id)
    names = names_in(found)
    return [(moment_words(event.at), line.who, line.what) for event in found for line in [line_of(event, names)]]


def form_values(
    typed: dict[str, str],
    roles: Sequence[Role],
    links: Links,
    problem: EveryfamilyError | None = None,
    *,
    bodies: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The form of an invitation to one of these roles, and to one of these bodies (`bodies_by_id`), with the problem
    and the field in which it is mended."""
    wrong = problem.field if isinstance(problem, NotInvitable) else ""
    firsts = {"role": f"role-{roles[0]}", "body": f"body-{next(iter(bodies or {}), '')}"}
    return {
        "here": "people" if links.urn is None else "schools",
        "typed": typed,
        "roles": [role_words(role) for role in roles],
        "problem": f"{problem.fact} {problem.fix}" if problem else "",
        "people_link": links.to("people"),
        "invite": links.to("invite"),
        "wrong": wrong,
        "ends": getattr(problem, "invitation_id", ""),
        "wrong_at": firsts.get(wrong, wrong),
        "bodies": list((bodies or {}).items()),
        "has_body": links.urn is None,
    }


def bodies_by_id() -> dict[str, str]:
    """Who signs by the settings in force, by id: the organisation, and the office of the person who signs for it. Empty
    if no settings can be used."""
    try:
        found = in_force()
    except EveryfamilyError:
        return {}
    if found is None:
        return {}
    return {one.id: f"{one.organisation}, {one.title}" for one in found.partnership.signatories}


def roles_of_scope(*, school: bool) -> list[Role]:
    """The roles that are given at a school, or otherwise those of the partnership and its bodies."""
    return [role for role in Role if (SCOPES[role] is Scope.SCHOOL) is school]


def moment_words(at: datetime) -> str:
    """ "9am on Friday 12 March"."""
    local = at.astimezone(LONDON)
    return f"{time_in_words(local.time())} on {day_with_weekday(local.date())}"


def _rows(
    everybody: Sequence[Person],
    invited: Sequence[OpenInvitation],
    links: Links,
    visit: Visit,
    may: May,
    kept: int | None = None,
) -> dict[str, Any]:
    """`kept` is the id of a role that cannot be ended."""
    resets = waiting_resets(visit.now) if may.recover else {}
    bodies = bodies_by_id() if links.urn is None else {}
    return {
        "people": [
            PersonRow(
                person,
                [
                    (
                        role_words(role.role, bodies.get(role.body, role.body)),
                        links.to("end-role", role.id)
                        if may.end
                        and role.id != kept
                        and (role.role not in WATCHED or person.id == visit.account)
                        else "",
                    )
                    for role in person.roles
                ],
                links.to("let-in-again", person.id) if may.recover and person.id != visit.account else "",
                any(role.school_id or role.role in WATCHED for role in person.roles),
                any(role.role in WATCHED for role in person.roles),
                reverse("suspend", args=[person.id]) if may.end and links.urn is None else "",
                _reset_row(resets.get(person.id), links, visit.now),
            )
            for person in everybody
        ],
        "invited": [
            (
                one,
                role_words(one.role, bodies.get(one.body, one.body)),
                moment_words(one.expires_at),
                links.to("cancel", one.id) if may.cancel else "",
            )
            for one in invited
        ],
    }


def _reset_row(found: WaitingReset | None, links: Links, now: datetime) -> ResetRow | None:
    if found is None:
        return None
    opens = moment_words(found.opens_at) if now < found.opens_at else ""
    return ResetRow(found.asked_by, opens, links.to("use-reset", found.id), links.to("cancel-reset", found.id))
