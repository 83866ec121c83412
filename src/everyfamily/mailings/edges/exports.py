"""Jobs for files about one adult: written when somebody asks, and deleted after a day."""

from __future__ import annotations

from datetime import datetime

from procrastinate.contrib.django import app

from everyfamily.core.actors import Actor
from everyfamily.mailings.actions.ending.subject_access import files_about
from everyfamily.mailings.edges.screens import FIRST, FOR_SCREENS, SCREENS
from everyfamily.mailings.installation import clock
from everyfamily.people.actions.keeping import exports
from everyfamily.people.actions.keeping.key_rotation import clean_up_after_key_change


@app.task(name="prepare_export", **FOR_SCREENS)
def prepare_export(school_id: int, export_id: int) -> None:
    """Somebody at a school asked for everything about one adult."""
    exports.prepare_export(school_id, export_id, files_about, clock.now)


@app.periodic(cron="11 * * * *")
@app.task(name="clear_exports", queue=SCREENS, queueing_lock="clear_exports", priority=FIRST)
def clear_exports(timestamp: int) -> None:
    """Each hour: what is a day old goes."""
    exports.clear_exports(clock.now())


@app.task(name="clean_up_deleted", **FOR_SCREENS)
def clean_up_deleted() -> None:
    """Have PostgreSQL drop the old versions of rows that somebody deleted on a screen."""
    clean_up_after_key_change()


def ask_for_export(school_id: int, adult: int, *, by: Actor, now: datetime) -> bool:
    """Queue a file about an adult, unless whoever asks has one that waits. Raises AdultNotKnown."""
    return exports.ask_for_export(
        school_id,
        adult,
        lambda number: prepare_export.defer(school_id=school_id, export_id=number),
        by=by,
        now=now,
    )
