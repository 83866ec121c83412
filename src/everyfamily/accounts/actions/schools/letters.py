"""The words of emails about accounts to schools. None names a topic of a letter, a child or a family, and no link signs
anybody in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from everyfamily.accounts.actions.links import digits_of, school_link
from everyfamily.accounts.actions.who_writes import Writer, if_not_sure, moment, who_writes
from everyfamily.accounts.models import Reset, SchoolInvitation, SchoolMail
from everyfamily.channels.base import Body
from everyfamily.core.school_invitations import CODE_LASTS
from everyfamily.people.queries import SchoolFacts


def body_of(row: SchoolMail, school: SchoolFacts, now: datetime) -> tuple[str, Body] | None:
    """To which address, and what. None if it is over, or nobody is there to be told."""
    invitation, reset, who = row.invitation, row.reset, who_writes()
    if reset is not None:
        to = row.account.email if row.account is not None else school.mailbox
        if reset.cancelled_at is not None or reset.used_at is not None or not to:
            return None
        subject, paragraphs = _of_reset(reset, school)
    elif invitation is None or invitation.cancelled_at or invitation.used_at or now >= invitation.expires_at:
        return None
    elif row.asked is None:
        to = invitation.mailbox
        subject, paragraphs = _of_invitation(invitation, school, who)
    else:
        to = invitation.mailbox
        if row.asked != invitation.asked or invitation.asked_at is None:
            return None
        if now >= invitation.asked_at + CODE_LASTS:
            return None
        subject, paragraphs = _of_code(invitation, school, who)
    paragraphs += [who.signed, *(["Demonstration: an invented city."] if school.demonstration else [])]
    return to, Body(
        key=f"account {row.kind} {school.urn} {row.reference}",
        language="en",
        sender_name=who.sender,
        reply_to=who.reply_to,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
    )


def _of_invitation(row: SchoolInvitation, school: SchoolFacts, who: Writer) -> tuple[str, list[str]]:
    if row.is_beside:
        return _of_second(row, school, who)
    return f"{school.name}: say who looks after letters to your families", [
        f"To the office of {school.name}. Please give this email to your designated safeguarding lead.",
        f"{row.invited_by} invites your school to everyfamily{f', for {who.partnership}' if who.partnership else ''}. "
        "Once a term, the partnership writes to every family about one risk to children. In everyfamily your lead "
        "decides who may have the letter, and sees who could not be reached. Nobody outside your school sees that.",
        "The lead opens this link:",
        school_link(row.code),
        "It takes about 10 minutes. The lead needs their own work email, their phone or computer for a second step of "
        "signing in, and a code of 6 digits that we send to this mailbox when they ask for it.",
        f"The link works until {moment(row.expires_at)}. It signs nobody in by itself.",
        f"We never ask for a password by email. {if_not_sure(who)}",
    ]


def _of_second(row: SchoolInvitation, school: SchoolFacts, who: Writer) -> tuple[str, list[str]]:
    return f"{school.name}: a second lead for letters to your families", [
        f"To the office of {school.name}. Please give this email to the person who takes the place of your designated "
        "safeguarding lead, such as a deputy.",
        f"{row.invited_by} asked for a second lead at your school in everyfamily"
        f"{f', for {who.partnership}' if who.partnership else ''}, beside the one that it has. Everybody with an "
        "account there is told.",
        "That person opens this link:",
        school_link(row.code),
        "They need their own work email, and a code of 6 digits that we send to this mailbox when they ask for it. 24 "
        "hours after that, if nobody stopped it, a link goes to their own email.",
        f"The link works until {moment(row.expires_at)}. It signs nobody in by itself.",
        f"We never ask for a password by email. {if_not_sure(who)}",
    ]


def _of_code(row: SchoolInvitation, school: SchoolFacts, who: Writer) -> tuple[str, list[str]]:
    assert row.asked is not None
    assert row.asked_at is not None
    as_what = "a second safeguarding lead" if row.is_beside else "the safeguarding lead"
    return f"{school.name}: a code, if you know this person", [
        f"{row.name}, {row.email}, asks to be {as_what} of {school.name} in everyfamily.",
        "If you know them and this is right, give them this code:",
        digits_of(row.asked),
        f"It works until {moment(row.asked_at + CODE_LASTS)}.",
        f"If you do not know them, give it to nobody. {if_not_sure(who)}",
    ]


def _of_reset(row: Reset, school: SchoolFacts) -> tuple[str, list[str]]:
    who = row.account.name
    return f"{school.name}: somebody asked to let {who} in again", [
        f"{row.asked_by} asked to let {who} in again, who has an account for {school.name} in everyfamily. That is for "
        "somebody who has lost their phone, or forgotten their password.",
        f"Nothing happens before {moment(row.opens_at)}. Then {row.asked_by} can give {who} a new way in.",
        "If this is right, do nothing. If it is not, a lead of the school stops it: sign in, go to your school, then "
        f"People. The address is {settings.EVERYFAMILY_BASE_URL.rstrip('/')}/",
        f"If you are {who} and did not ask for this, tell your lead today.",
    ]
