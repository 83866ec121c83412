"""Whether a mailing's letter may still be sent now: as sealed, not withdrawn, with every route in it valid today."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import cache
from typing import Final

from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.routes import RouteState
from everyfamily.letters.queries import other_renderings_of, routes_now, sealed_letter_by_id
from everyfamily.mailings.models import Mailing, MailingTask
from everyfamily.people.school_days import working_due

logger = logging.getLogger(__name__)


def sendable_letter(mailing_id: int, now: datetime) -> Letter | None:
    """The letter. None if it is withdrawn, its mailing is closed or paused, one of its routes is dead or past its date,
    or it would look different.

    What is sent is rendered here and now. So this process first renders every artefact whose digest was sealed, once,
    and sends nothing if one differs (another version, another font). A bad route also pauses the mailing and says which
    one. A letter cannot be sent with a dead route, not even weeks after it was sealed, by a late wave or a fallback.
    """
    mailing = Mailing.objects.get(pk=mailing_id)
    if mailing.state in ("closed", "paused"):
        # Nothing is decided while a person looks, so unknown messages do not fall back to the next way meanwhile.
        return None
    letter = sealed_letter_by_id(mailing.letter_id)
    if letter is None:
        return None
    if different := _rendered_differently(mailing.letter_id):
        what = f"{different[0]} is not rendered as it was sealed: send with the version that sealed it."
        pause(mailing_id, what, kind="letter", now=now)
        return None
    if bad := bad_route(letter, now):
        pause(mailing_id, bad, kind="route", now=now)
        return None
    return letter


_BAD: Final = {
    RouteState.DEAD: "is dead",
    RouteState.EXPIRED: "was rung too long ago",
    RouteState.UNVERIFIED: "was never rung",
}


def bad_route(letter: Letter, now: datetime) -> str | None:
    """What is wrong with the first of the letter's routes that may not be printed today, by the newest check of its
    number. None if all may."""
    today = now.astimezone(LONDON).date()
    for route in routes_now(letter.routes, now):
        if (state := route.state_on(today)) is not RouteState.GOOD:
            return f"{route.called} {_BAD[state]}. Ring it, and correct the letter if it is dead."
    return None


@cache
def _rendered_differently(letter_id: int) -> tuple[str, ...]:
    return tuple(other_renderings_of(letter_id))


def pause(mailing_id: int, reason: str, *, kind: str, now: datetime, owner: Actor | None = None) -> bool:
    """Stop sending on every worker until a person resumes it (`resume_mailing`), and open a task for `owner`, or for
    the person who opened the mailing. Returns whether it was sending until now.

    `kind` is what stopped it: "carrier", "failures", "letter", "route" or "paused" (by a person).
    """
    with transaction.atomic():
        paused = Mailing.objects.filter(pk=mailing_id, state="open").update(
            state="paused", paused_reason=reason[:120]
        )
        if paused:
            open_task(mailing_id, reason, kind=kind, now=now, owner=owner)
    if paused and kind != "paused":
        logger.warning("Mailing %s is paused: %s", mailing_id, reason)
    return bool(paused)


def open_task(mailing_id: int, fact: str, *, kind: str, now: datetime, owner: Actor | None = None) -> None:
    """A task about the whole mailing, due today, for `owner` or for the person who opened the mailing. One that is open
    already stays as it is."""
    started = Mailing.objects.values_list("started_by", "started_account").get(pk=mailing_id)
    name, account = (owner.text, owner.account) if owner is not None else started
    MailingTask.objects.get_or_create(
        mailing_id=mailing_id,
        kind=kind,
        closed_at=None,
        defaults={
            "fact": fact[:120],
            "owner": name,
            "owner_account": account,
            "opened_at": now,
            "due_on": working_due(now, 0),
        },
    )
