"""A school's key is destroyed only when no mailing needs it."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.queries.school_part import open_mailings_of
from everyfamily.people.actions.keeping import key_destruction
from everyfamily.people.database.tenancy import tenant


class MailingNeedsKey(EveryfamilyError):
    """A mailing that we send for the school is open."""

    code = "EF661"


def ask_to_destroy(school_id: int, *, by: Actor, now: datetime) -> int:
    """The request's id. Raises MailingNeedsKey, and what key_destruction raises."""
    with tenant(school_id):
        _require_none_open(school_id)
        return key_destruction.ask_to_destroy(school_id, by=by, now=now)


def agree_to_destroy(school_id: int, request: int, *, by: Actor, now: datetime) -> None:
    """Destroy it. Raises MailingNeedsKey, and what key_destruction raises."""
    with tenant(school_id):
        _require_none_open(school_id)
        key_destruction.agree_to_destroy(school_id, request, by=by, now=now)


def take_back_destruction(school_id: int, request: int, *, by: Actor, now: datetime) -> None:
    """The key stays. Raises DestructionOver."""
    with tenant(school_id):
        key_destruction.take_back_destruction(school_id, request, by=by, now=now)


def destroy_school_key(
    school_id: int, *, by: Actor, agreed_by: Actor, now: datetime, although_open: bool = False
) -> None:
    """Destroy it as two named people say. `although_open`: in the middle of a mailing too, for a key that does not
    open any more. Raises MailingNeedsKey, and what key_destruction raises."""
    if not although_open:
        _require_none_open(school_id)
    key_destruction.destroy_school_key(school_id, by=by, agreed_by=agreed_by, now=now)


def _require_none_open(school_id: int) -> None:
    if open_mailings_of(school_id):
        raise MailingNeedsKey(
            "A mailing in which we write to this school's families is open, and needs the key.",
            "Destroy the key after the mailing is closed.",
        )
