"""What somebody should know and need not do: shown until they say that they have seen it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from everyfamily.core.permissions import Held, Right


class NoticeKind(StrEnum):
    """What happened."""

    LET_IN_AGAIN = "let in again"
    WITHDRAWN = "letter withdrawn"
    STOPPED = "mailing stopped"
    ROLE_GIVEN = "role given"
    APPROVAL_VOID = "approval void"
    KEY_MADE = "approval key made"


URGENT = frozenset({NoticeKind.LET_IN_AGAIN, NoticeKind.WITHDRAWN, NoticeKind.APPROVAL_VOID, NoticeKind.KEY_MADE})
"""Somebody is written to at once, whatever they chose about mail."""
IN_MAIL = {
    NoticeKind.LET_IN_AGAIN: "An administrator has let you in again: your password and second factor are no longer "
    "valid. If you did not ask for it, ring your administrator.",
    NoticeKind.WITHDRAWN: "A letter was withdrawn.",
    NoticeKind.APPROVAL_VOID: "The words of a letter changed after you approved or reviewed them, so what you said of "
    "them counts for nothing now.",
    NoticeKind.KEY_MADE: "A key that approves letters for your body was made, confirmed or ended. If you do not know "
    "of it, ring your administrator.",
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know. `key` names it for good, so that it stays dismissed."""

    kind: NoticeKind
    key: str
    at: datetime
    title: str
    words: str
    account: int | None = None
    """Whose it is. None: of everybody whom its kind concerns."""
    schools: Collection[int] = ()
    """Schools that it concerns."""
    body: str = ""
    """The body that it concerns: everybody with a role for it, and nobody else."""


def notices_for(notices: Iterable[Notice], held: Held, account: int, seen: Collection[str] = ()) -> list[Notice]:
    """What somebody should know and has not dismissed, the newest first."""
    mine = [one for one in notices if one.key not in seen and _concerns(one, held, account)]
    return sorted(mine, key=lambda one: (one.kind not in URGENT, -one.at.timestamp()))


def _concerns(notice: Notice, held: Held, account: int) -> bool:
    if notice.account is not None:
        return notice.account == account
    if notice.body:
        return any(one.body == notice.body for one in held.standings)
    if notice.kind is NoticeKind.STOPPED:
        # For whoever lets it go on, it waits as work.
        return held.may(Right.SEE_MAILING) and not held.may(Right.PAUSE_MAILING)
    if held.in_partnership(Right.SEE_LETTERS):
        return True
    return any(held.may(Right.SEE_SCHOOL, school_id=school_id) for school_id in notice.schools)
