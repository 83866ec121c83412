"""Jobs for letters that are being written: they are frozen for approval, and sealed. A job carries only an id."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.endorsements import Endorsement
from everyfamily.letters.actions import freezing, sealing
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.screens import FIRST, FOR_SCREENS, SCREENS
from everyfamily.mailings.installation import clock


@app.task(name="freeze_letter", **FOR_SCREENS)
def freeze_letter(frozen_id: int) -> None:
    """An author asked for approval of a letter."""
    freezing.freeze(frozen_id, clock.now)


@app.task(name="seal_letter", **FOR_SCREENS)
def seal_letter(sealing_id: int) -> None:
    """Somebody asked for a letter that everybody approved to be sealed."""
    sealing.seal_asked(sealing_id, clock.now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="overtake_letters", queue=SCREENS, queueing_lock="overtake_letters", priority=FIRST, retry=AGAIN)
def overtake_letters(timestamp: int) -> None:
    """Every five minutes: frozen letters of which the settings would make another letter now."""
    freezing.overtake_by_settings(by=Actor.worker(), now=clock.now())


def look_for_overtaken() -> None:
    """Somebody changed the settings on a page: look at once, so that nobody is asked for an approval that is void."""
    with suppress(AlreadyEnqueued):
        overtake_letters.configure().defer(timestamp=0)


def ask_approval(draft_id: int, *, by: Actor, now: datetime) -> int:
    """Queue the freezing of a letter as it is now; the version's id (letters/actions/freezing.py)."""
    return freezing.ask_approval(draft_id, lambda number: freeze_letter.defer(frozen_id=number), by=by, now=now)


def ask_seal(
    frozen_id: int,
    *,
    needs_review: bool,
    endorsements: Sequence[Endorsement] = (),
    by: Actor,
    now: datetime,
) -> int | None:
    """Queue the sealing of a version that everybody approved (letters/actions/sealing.py)."""
    return sealing.ask_seal(
        frozen_id,
        lambda number: seal_letter.defer(sealing_id=number),
        needs_review=needs_review,
        endorsements=endorsements,
        by=by,
        now=now,
    )
