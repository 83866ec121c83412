"""What the pages about people show: those of the whole partnership, or those of one school."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from everyfamily.accounts.actions.suspending import WATCHED
from everyfamily.accounts.actions.who_writes import moment
from everyfamily.accounts.invitation_queries import OpenInvitation, emails_wait, open_invitations
from everyfamily.accounts.queries import Person, people
from everyfamily.accounts.school_queries import (
    WaitingReset,
    done_about_accounts,
    waiting_mailboxes,
    waiting_resets,
)
from everyfamily.accounts.suspension_queries import Stopped, stopped_accounts
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import NotInvitable
from everyfamily.core.permissions import SCOPES, Right, Role, Scope
from everyfamily.core.roles_together import too_few
from everyfamily.partnership.queries import in_force
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.audit.names import names_in
from everyfamily.staff.audit.pages import line_of
from everyfamily.staff.doors.words import RoleWords, role_words
from everyfamily.staff.people.mail_words import sent_words, words_of_person

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


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """Somebody who was invited or let in again and has not come yet, and the addresses of what may be done, or ""."""

    one: OpenInvitation
    role: RoleWords | None
    until: str
    mail: str
    again: str
    cancel: str


def partnership_values(visit: Visit) -> dict[str, Any]:
    """The list of the partnership's people. Those of schools are counted, and are in the list of their school."""
    everybody = people()
    ours = [one for one in everybody if not any(role.school_id for role in one.roles)]
    found = open_invitations(visit.now, let_in=[one.id for one in ours])
    invited = [one for one in found if one.school_id is None]
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
    everybody = people(school.id)
    invited = open_invitations(visit.now, school.id, [one.id for one in everybody])
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
    everybody = people(school.id)
    invited = open_invitations(visit.now, school.id, [one.id for one in everybody])
    leads = [role.id for person in everybody for role in person.roles if role.role is Role.LEAD]
    only_lead = leads[0] if len(leads) == 1 else None
    acts = not visit.only_looks
    return {
        "here": "schools",
        "one_lead": only_lead is not None,
        "count": len(everybody),
        "place": "your school",
        "back": (reverse("school", args=[school.urn]), school.name),
        "invite": links.to("invite") if acts else "",
        "mailboxes": [
            (one, moment(one.not_before), links.to("mailbox-stop", one.id))
            for one in waiting_mailboxes(school.id)
        ],
        "done": _done_there(school.id),
        **_rows(everybody, invited, links, visit, May(end=acts, recover=acts, cancel=acts), kept=only_lead),
    }


def _done_there(school_id: int) -> list[tuple[str, str, str]]:
    """What was done about the accounts of a school: when, who, and what, without details, which may name others."""
    found = done_about_accounts(school_id)
    names = names_in(found)
    return [(moment(event.at), line.who, line.what) for event in found for line in [line_of(event, names)]]


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


def sent_values(one: OpenInvitation, links: Links, now: datetime) -> dict[str, Any]:
    """The page after a link was made: to whom it goes, and whether it has gone."""
    return {
        "here": "people" if links.urn is None else "schools",
        "one": one,
        "sent": sent_words(one, waits=emails_wait(now)),
        "people_link": links.to("people"),
        "look_again": links.to("sent", one.id),
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
            InvitedRow(
                one,
                role_words(one.role, bodies.get(one.body, one.body)) if one.role else None,
                moment(one.expires_at),
                words_of_person(one),
                links.to("send-again", one.id) if _may_send(one, links, may) else "",
                links.to("cancel", one.id) if may.cancel and one.role else "",
            )
            for one in invited
        ],
    }


def _may_send(one: OpenInvitation, links: Links, may: May) -> bool:
    """A school's own people send its invitations again, and not the partnership."""
    if one.role is None:
        return may.recover
    return may.cancel and (links.urn is None) == (one.school_id is None)


def _reset_row(found: WaitingReset | None, links: Links, now: datetime) -> ResetRow | None:
    if found is None:
        return None
    opens = moment(found.opens_at) if now < found.opens_at else ""
    return ResetRow(found.asked_by, opens, links.to("use-reset", found.id), links.to("cancel-reset", found.id))
