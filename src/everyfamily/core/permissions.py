"""Who may do what: the one table of roles and rights. Screens ask it, a page prints it, and a test walks it.

Source: the roles of a partnership as its own people describe them. GRANTED says what a role may do, and SCOPES where:
in the partnership, for one body, or at one school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a role acts."""

    PARTNERSHIP = "partnership"
    BODY = "body"
    """For one signatory of the partnership's file: its own approval, and nobody else's."""
    SCHOOL = "school"
    """At the one school of the membership. Somebody at twelve schools has twelve memberships."""


class Role(StrEnum):
    """What somebody is for. One person may have several, but no two that defeat a rule of two people."""

    COORDINATOR = "coordinator"
    AUTHOR = "author"
    SIGNATORY = "signatory"
    DELEGATE = "delegate"
    REVIEWER = "reviewer"
    LEAD = "lead"
    OFFICE = "office"
    DPO = "dpo"
    HEAD = "head"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"


SCOPES: Mapping[Role, Scope] = {
    Role.COORDINATOR: Scope.PARTNERSHIP,
    Role.AUTHOR: Scope.PARTNERSHIP,
    Role.SIGNATORY: Scope.BODY,
    Role.DELEGATE: Scope.BODY,
    Role.REVIEWER: Scope.PARTNERSHIP,
    Role.LEAD: Scope.SCHOOL,
    Role.OFFICE: Scope.SCHOOL,
    Role.DPO: Scope.SCHOOL,
    Role.HEAD: Scope.SCHOOL,
    Role.VIEWER: Scope.PARTNERSHIP,
    Role.ADMINISTRATOR: Scope.PARTNERSHIP,
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.COORDINATOR: "sees each day who is not reached, plans and starts mailings with a second person",
    Role.AUTHOR: "writes letters and the year plan, and publishes the parent site",
    Role.SIGNATORY: "approves letters for the council, a police force or a partner",
    Role.DELEGATE: "reads a letter first for a signatory, and leaves notes",
    Role.REVIEWER: "says that the words were reviewed, or asks for a change",
    Role.LEAD: "decides about restrictions, attests the roll and sees the outcome at their school",
    Role.OFFICE: "uploads the roll, hands out paper and files the return at their school",
    Role.DPO: "answers requests about data at their school",
    Role.HEAD: "sees every page of their school, and decides nothing",
    Role.VIEWER: "sees coverage and reports",
    Role.ADMINISTRATOR: "looks after people, roles and settings, and keeps everyfamily running",
}


_NAMES = {Role.DPO: "Data protection officer", Role.LEAD: "Safeguarding lead", Role.OFFICE: "School office"}


def role_name(role: Role) -> str:
    """As a page names it."""
    return _NAMES.get(role, role.capitalize())


class Right(StrEnum):
    """One thing that somebody may do, in the words of the page of permissions."""

    SEE_DESK = "see what waits for me"
    CHECK_LETTERS = "check any letter"

    SEE_PEOPLE = "see who has an account"
    INVITE_TO_SCHOOL = "invite the first lead of a school"
    INVITE_TO_PARTNERSHIP = "invite somebody to a role in the partnership"
    END_ACCESS = "end somebody's role"
    RECOVER_ACCOUNT = "let somebody who lost their second factor in again"
    SEE_AUDIT = "read the partnership's audit trail"
    SEE_SETTINGS = "see the settings and the checklist before the first letter"
    CHANGE_SETTINGS = "change the settings"

    SEE_LETTERS = "read every letter and its versions"
    PLAN_YEAR = "plan the year"
    WRITE_LETTERS = "write a letter and send it for approval"
    LEAVE_NOTES = "leave notes on a letter"
    READ_FIRST = "read a letter first for a body’s signatory"
    REVIEW_LETTER = "say that the words were reviewed"
    APPROVE_LETTER = "approve a letter for a body"
    CONFIRM_KEY = "confirm the approval key of a colleague in the same body"
    SEAL_LETTER = "seal a letter that everybody approved"
    WITHDRAW_LETTER = "withdraw a letter"
    RING_ROUTES = "sign that a number was rung, or that it is dead"
    PUBLISH_SITE = "publish the parent site"

    SEE_SCHOOLS = "see the list of schools and how far each is"
    IMPORT_SCHOOLS = "bring in the list of schools"
    PLAN_MAILING = "make a dry run and plan the waves"
    ASK_TO_START = "ask for a mailing to be started"
    START_MAILING = "start a mailing that somebody else asked for"
    SEE_MAILING = "see how a mailing goes"
    PAUSE_MAILING = "pause a mailing and let it go on"
    CLOSE_MAILING = "close a mailing"
    RUN_RETURNS = "remind schools of returns, and renew their links"
    SEE_COVERAGE = "see coverage"
    GET_EVIDENCE = "download the evidence and the year's report"
    SEE_RUNNING = "see workers, carriers and keys"
    CHANGE_PACE = "change the pace of sending"

    SEE_SCHOOL = "see the school's own page"
    LOOK = "look at what others at the school decide, without the words of notes"
    LOOK_AFTER_COLLEAGUES = "invite colleagues at the school, end their roles and let them in again"
    UPLOAD_ROLL = "upload a roll and put it in"
    TAKE_HELD_ROLL = "say that a roll that matches too little is the school's"
    DECIDE_RESTRICTIONS = "decide who must not have the letter"
    DECIDE_ABOUT_CHILDREN = "confirm who left or died, objections and opt-outs"
    OPEN_ADULTS = "let somebody have the letter who was closed, or waited"
    NOTE_CALL = "note what a parent or carer asked for on the telephone"
    NOTE_DEATH = "record that a parent or carer has died"
    ATTEST_ROLL = "attest the roll before a wave"
    SEE_FAMILIES = "see the school's children and what became of their letters"
    TAKE_LISTS = "take lists of the school's people away as a file"
    MEND_CONTACTS = "put failed addresses right"
    HAND_OUT_PAPER = "print and hand out paper"
    TELL_ADULTS = "record who was told in person"
    GET_KIT = "get the letter and the kit to send"
    FILE_RETURN = "file the school's return"
    PAUSE_SCHOOL = "pause the school's part"
    CHANGE_SCHOOL = "change how the school sends"
    ANSWER_DATA_REQUESTS = "find, export and forget an adult's data"
    SEE_WHAT_IS_KEPT = "see what is kept and until when"
    SEE_SCHOOL_AUDIT = "read the school's audit trail"
    TAKE_SCHOOL_AUDIT = "take the school's audit trail away as a file"


_EVERYBODY = frozenset({Right.SEE_DESK, Right.CHECK_LETTERS})
_PARTNERSHIP = frozenset({Right.SEE_LETTERS, Right.SEE_COVERAGE})
_SCHOOL = frozenset({Right.SEE_SCHOOL})

GRANTED: Mapping[Role, frozenset[Right]] = {
    Role.COORDINATOR: _EVERYBODY
    | _PARTNERSHIP
    | {
        Right.SEE_PEOPLE,
        Right.INVITE_TO_SCHOOL,
        Right.SEE_SETTINGS,
        Right.CHANGE_SETTINGS,
        Right.SEAL_LETTER,
        Right.WITHDRAW_LETTER,
        Right.RING_ROUTES,
        Right.PUBLISH_SITE,
        Right.SEE_SCHOOLS,
        Right.IMPORT_SCHOOLS,
        Right.PLAN_MAILING,
        Right.ASK_TO_START,
        Right.START_MAILING,
        Right.SEE_MAILING,
        Right.PAUSE_MAILING,
        Right.CLOSE_MAILING,
        Right.RUN_RETURNS,
        Right.GET_EVIDENCE,
        Right.PAUSE_SCHOOL,
        Right.CHANGE_SCHOOL,
    },
    Role.AUTHOR: _EVERYBODY
    | _PARTNERSHIP
    | {
        Right.PLAN_YEAR,
        Right.WRITE_LETTERS,
        Right.LEAVE_NOTES,
        Right.SEAL_LETTER,
        Right.RING_ROUTES,
        Right.PUBLISH_SITE,
        Right.SEE_SCHOOLS,
    },
    Role.SIGNATORY: _EVERYBODY
    | _PARTNERSHIP
    | {Right.LEAVE_NOTES, Right.APPROVE_LETTER, Right.CONFIRM_KEY, Right.WITHDRAW_LETTER},
    Role.DELEGATE: _EVERYBODY | _PARTNERSHIP | {Right.LEAVE_NOTES, Right.READ_FIRST},
    Role.REVIEWER: _EVERYBODY | _PARTNERSHIP | {Right.LEAVE_NOTES, Right.REVIEW_LETTER},
    Role.LEAD: _EVERYBODY
    | _SCHOOL
    | {
        Right.LOOK_AFTER_COLLEAGUES,
        Right.UPLOAD_ROLL,
        Right.TAKE_HELD_ROLL,
        Right.DECIDE_RESTRICTIONS,
        Right.DECIDE_ABOUT_CHILDREN,
        Right.OPEN_ADULTS,
        Right.NOTE_CALL,
        Right.NOTE_DEATH,
        Right.ATTEST_ROLL,
        Right.SEE_FAMILIES,
        Right.TAKE_LISTS,
        Right.MEND_CONTACTS,
        Right.HAND_OUT_PAPER,
        Right.TELL_ADULTS,
        Right.GET_KIT,
        Right.FILE_RETURN,
        Right.PAUSE_SCHOOL,
        Right.CHANGE_SCHOOL,
        Right.ANSWER_DATA_REQUESTS,
        Right.SEE_WHAT_IS_KEPT,
        Right.SEE_SCHOOL_AUDIT,
        Right.TAKE_SCHOOL_AUDIT,
    },
    Role.OFFICE: _EVERYBODY
    | _SCHOOL
    | {
        Right.UPLOAD_ROLL,
        Right.NOTE_CALL,
        Right.NOTE_DEATH,
        Right.SEE_FAMILIES,
        Right.TAKE_LISTS,
        Right.MEND_CONTACTS,
        Right.HAND_OUT_PAPER,
        Right.GET_KIT,
        Right.FILE_RETURN,
    },
    Role.DPO: _EVERYBODY
    | _SCHOOL
    | {Right.ANSWER_DATA_REQUESTS, Right.SEE_WHAT_IS_KEPT, Right.SEE_SCHOOL_AUDIT, Right.TAKE_SCHOOL_AUDIT},
    Role.HEAD: _EVERYBODY
    | _SCHOOL
    | {Right.LOOK, Right.SEE_FAMILIES, Right.GET_KIT, Right.SEE_WHAT_IS_KEPT, Right.SEE_SCHOOL_AUDIT},
    Role.VIEWER: _EVERYBODY
    | _PARTNERSHIP
    | {Right.SEE_AUDIT, Right.SEE_SCHOOLS, Right.SEE_MAILING, Right.GET_EVIDENCE},
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        Right.SEE_PEOPLE,
        Right.INVITE_TO_SCHOOL,
        Right.INVITE_TO_PARTNERSHIP,
        Right.END_ACCESS,
        Right.RECOVER_ACCOUNT,
        Right.SEE_AUDIT,
        Right.SEE_SETTINGS,
        Right.CHANGE_SETTINGS,
        Right.SEE_RUNNING,
        Right.CHANGE_PACE,
    },
}

OF_PEOPLE: frozenset[Right] = frozenset(
    {
        Right.UPLOAD_ROLL,
        Right.TAKE_HELD_ROLL,
        Right.DECIDE_RESTRICTIONS,
        Right.DECIDE_ABOUT_CHILDREN,
        Right.NOTE_CALL,
        Right.NOTE_DEATH,
        Right.ATTEST_ROLL,
        Right.SEE_FAMILIES,
        Right.TAKE_LISTS,
        Right.MEND_CONTACTS,
        Right.HAND_OUT_PAPER,
        Right.TELL_ADULTS,
        Right.ANSWER_DATA_REQUESTS,
    }
)
"""Rights for which a school's vault is opened: names, numbers and addresses of people. No role of the partnership has
one, and at a school that sends the letter itself nobody has."""

ON_THE_FIRST_DAY: frozenset[Right] = _EVERYBODY | frozenset(
    {
        Right.SEE_SCHOOL,
        Right.DECIDE_RESTRICTIONS,
        Right.DECIDE_ABOUT_CHILDREN,
        Right.NOTE_CALL,
        Right.NOTE_DEATH,
        Right.ATTEST_ROLL,
        Right.SEE_FAMILIES,
        Right.GET_KIT,
        Right.PAUSE_SCHOOL,
        Right.SEE_WHAT_IS_KEPT,
        Right.SEE_SCHOOL_AUDIT,
    }
)
"""All that a role gives for a day to somebody who came in by the school's mailbox beside a lead: to look, to close, to
hold, to attest and to pause. Whatever is not here waits, so a new right does too."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One open membership: a role, and the school or body that it is for (None for a role of the whole partnership)."""

    role: Role
    school_id: int | None = None
    body: str | None = None
    sends_itself: bool = False
    """The school sends the letter itself, so this product has no people of it."""
    on_first_day: bool = False
    """They came in by the school's mailbox beside a lead, less than a day ago."""

    @property
    def rights(self) -> frozenset[Right]:
        """What it gives at its own school or body, or everywhere."""
        granted = GRANTED[self.role]
        granted = granted & ON_THE_FIRST_DAY if self.on_first_day else granted
        return granted - OF_PEOPLE if self.sends_itself else granted


@dataclass(frozen=True, slots=True)
class Held:
    """All that somebody may do, by their open memberships."""

    standings: tuple[Standing, ...] = ()

    def may(self, right: Right, *, school_id: int | None = None, body: str | None = None) -> bool:
        """Whether somebody may do it: at that school, for that body, or in the partnership if neither is given."""
        return any(
            right in one.rights for one in self.standings if (one.school_id, one.body) == (school_id, body)
        )

    def may_look(self, right: Right, *, school_id: int) -> bool:
        """Whether somebody who has not this right there may look at a page of it, and press nothing."""
        return any(
            Right.LOOK in one.rights and not (one.sends_itself and right in OF_PEOPLE)
            for one in self.standings
            if one.school_id == school_id
        )

    def schools(self, right: Right) -> frozenset[int]:
        """The schools at which somebody may do it by a role of the school."""
        return frozenset(
            one.school_id for one in self.standings if one.school_id is not None and right in one.rights
        )

    def in_partnership(self, right: Right) -> bool:
        """Whether somebody may do it in the partnership, be it for all of it or for one body."""
        return any(right in one.rights for one in self.standings if one.school_id is None)

    def anywhere(self, right: Right) -> bool:
        """Whether somebody may do it at all, somewhere. For a menu, never for a page."""
        return any(right in one.rights for one in self.standings)


def held_by(standings: Iterable[Standing]) -> Held:
    """What the memberships give together."""
    return Held(tuple(standings))


def roles_with(right: Right) -> tuple[Role, ...]:
    """The roles that give a right, in the order of the table."""
    return tuple(role for role in Role if right in GRANTED[role])
