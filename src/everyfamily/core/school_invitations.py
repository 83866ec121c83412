"""How a school's first lead is let in, or one beside a lead who is ill: how long a link and a code last, how often one
may try, and how long a second lead waits. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest

from everyfamily.core.errors import EveryfamilyError

LINK_LASTS = timedelta(days=14)
"""A mailbox that an office reads once a week is read in time."""
CODE_LASTS = timedelta(minutes=30)
"""Mail that a school's server sees for the first time may wait for a quarter of an hour."""
MOST_TRIES = 5
"""Wrong codes for one code. Then it counts no more."""
MOST_CODES = 10
"""Codes for one invitation: in all, whoever guesses has 50 tries at a million codes."""

BESIDE_WAITS = timedelta(hours=24)
"""From when everybody was told who comes in beside a lead. In a day, somebody notices."""
FIRST_DAY = timedelta(hours=24)
"""From when they have come in: they close, hold and attest, and open nobody."""
MOST_BESIDE_A_DAY = 3
"""Each time, everybody at the school gets an email."""


class SchoolNotInvitable(EveryfamilyError):
    """A school to whose mailbox no lead is invited now."""

    code = "EF291"


class SchoolInvitationOver(EveryfamilyError):
    """The link was used, has expired, was cancelled, or was not made here."""

    code = "EF292"


class CodeNotRight(EveryfamilyError):
    """Not the code that was mailed to the school's mailbox, or one that has ended."""

    code = "EF293"


class TooManyCodes(EveryfamilyError):
    """As many codes were mailed for an invitation as it may have."""

    code = "EF294"


def require_invitable(*, mailbox: str, has_lead: bool, is_open: bool, beside: bool = False) -> None:
    """Raise SchoolNotInvitable unless a school can be sent an invitation for its first lead, or for one `beside` it."""
    if not is_open:
        raise SchoolNotInvitable("This school is not open.", "Choose a school that is open on the list.")
    if has_lead and not beside:
        raise SchoolNotInvitable(
            "This school has a lead already.", "Its lead invites everybody else at the school."
        )
    if beside and not has_lead:
        raise SchoolNotInvitable("This school has no lead any more.", "Invite its first one.")
    if not mailbox:
        raise SchoolNotInvitable(
            "The list of schools has no mailbox for this school.", "Bring in a list with its mailbox."
        )


def require_beside(*, mailbox_waits: bool, asked_today: int) -> None:
    """Raise SchoolNotInvitable while another mailbox waits for the school, or if it was asked for too often."""
    if mailbox_waits:
        raise SchoolNotInvitable(
            "Another mailbox waits for this school, and the link would go to it.", "First let that be settled."
        )
    if asked_today >= MOST_BESIDE_A_DAY:
        raise SchoolNotInvitable(
            f"This was asked for {MOST_BESIDE_A_DAY} times since yesterday, and everybody at the school was told.",
            "Ring the school.",
        )


def require_another_code(codes: int) -> None:
    """Raise TooManyCodes if no more codes are mailed for an invitation that had this many."""
    if codes >= MOST_CODES:
        raise TooManyCodes(
            f"{MOST_CODES} codes were sent for this invitation, which is as many as it has.",
            "Ask the person who invited your school for a new one.",
        )


def require_code(typed: str, right: str, *, asked_at: datetime, tries: int, now: datetime) -> None:
    """Raise CodeNotRight unless the code is right, in time, and not tried too often. `right` has 6 digits."""
    # It is compared even if it has ended, so that the answer to a guess always takes the same work.
    is_right = compare_digest(_digits(typed).encode(), right.encode())
    if tries >= MOST_TRIES or now >= asked_at + CODE_LASTS:
        raise CodeNotRight("This code has ended.", "Ask for a new one below.")
    if not is_right:
        raise CodeNotRight(
            "This code is not right, or there is a newer one.",
            "Type the 6 digits of the last email to your school’s mailbox.",
        )


def _digits(typed: str) -> str:
    return "".join(typed.split()).replace("-", "")
