"""What became of the email with a link, in words, and what to do about it. Pure, apart from the words of moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from everyfamily.accounts.actions.who_writes import moment
from everyfamily.accounts.invitation_queries import OpenInvitation
from everyfamily.accounts.school_queries import InvitedSchool
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import AGAIN, GIVEN_UP

_LATE = "the email has not gone yet: tell the people who run the server"
_MAIL: Mapping[str, str] = {
    AttemptStatus.CREATED: "the email is about to go",
    AttemptStatus.SENDING: "the email is about to go",
    AttemptStatus.ACCEPTED: "the mail server took the email",
    AttemptStatus.DELIVERED: "the email was delivered",
    AttemptStatus.REFUSED: "the mail server did not take the email yet; it is tried again",
    AttemptStatus.TECHNICAL_FAILURE: "the mail server did not take the email yet; it is tried again",
    AttemptStatus.TEMPORARY_FAILURE: "the mailbox could not take the email yet; it is tried again",
}
_OF_SCHOOL: Mapping[str, str] = {
    **_MAIL,
    AttemptStatus.PERMANENT_FAILURE: "the email did not arrive: check the mailbox on the list of schools",
    AttemptStatus.UNKNOWN: "it is not known whether the email went: invite the school again if it has not come",
    GIVEN_UP: "the email did not go in a week: tell the people who run the server, then invite the school again",
}
_OF_PERSON: Mapping[str, str] = {
    **_MAIL,
    "": "no email has gone",
    AttemptStatus.PERMANENT_FAILURE: "the email did not arrive: check the address",
    AttemptStatus.UNKNOWN: "it is not known whether the email went: send it again if it has not come",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """The page about one link: its heading, what is so, and what to do."""

    heading: str
    lead: str
    then: str
    is_soon: bool = False
    """It helps to look again in a minute."""


def words_of_school(invited: InvitedSchool) -> str:
    """For the list of schools that are invited."""
    return _LATE if invited.mail_is_late else _OF_SCHOOL.get(invited.mail, "")


def words_of_person(one: OpenInvitation) -> str:
    """For the list of people who have not come yet."""
    return _LATE if one.mail_is_late else _OF_PERSON.get(one.mail, "")


def sent_words(one: OpenInvitation, *, waits: bool) -> Sent:
    """For the page after the link was made. `waits`: emails do not go out just now."""
    to, until = one.email, moment(one.expires_at)
    works = f"The link works once, until {until}."
    if one.mail in (AttemptStatus.ACCEPTED, AttemptStatus.DELIVERED):
        return Sent(
            f"We have sent the link to {to}",
            f"{works} Only that mailbox has it: nobody else sees it, and you do not either.",
            "If it has not come in ten minutes, ask them to look among unwanted email. You can send it again from the "
            "list of people.",
        )
    if one.mail == AttemptStatus.TEMPORARY_FAILURE:
        return Sent(
            f"The link for {to} waits",
            f"Their mailbox could not take the email yet. It is tried again every ten minutes. {works}",
            "Ask the person whether their mailbox is full.",
        )
    if one.mail in AGAIN or one.mail_is_late or (one.mail == AttemptStatus.CREATED and waits):
        return Sent(
            f"The link for {to} waits",
            "Emails do not go out just now. It goes by itself as soon as they do, and you need not do anything more "
            f"here. {works}",
            "Tell the people who run the server that emails wait. If it is urgent, ring the person and say so: no page "
            "shows the link, and nobody can read it to them.",
        )
    if one.mail in (AttemptStatus.CREATED, AttemptStatus.SENDING):
        return Sent(
            f"We are sending the link to {to}",
            f"The email goes in the next minute. {works} Only that mailbox gets it: nobody else sees it, and you do "
            "not either.",
            "The list of people says it too.",
            is_soon=True,
        )
    if one.mail == AttemptStatus.PERMANENT_FAILURE:
        return Sent(
            f"The email to {to} did not arrive",
            "The mail server says that there is no such mailbox.",
            "Check the address with the person. If it is wrong, cancel the invitation in the list of people, and "
            "invite them again with the right one."
            if one.role
            else "Check the address with the person. If it is no longer theirs, end their roles and invite them at the "
            "right one.",
        )
    if one.mail == AttemptStatus.UNKNOWN:
        return Sent(
            f"It is not known whether the email to {to} went",
            f"The mail server did not answer. {works}",
            "Ask the person whether it has come. If not, send it again from the list of people.",
        )
    return Sent(
        f"No email has gone to {to}",
        "The link was shown on the machine itself, or it is from before links went by email.",
        "Send it from the list of people.",
    )
