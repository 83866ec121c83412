"""Jobs for rolls that are uploaded on a screen. They carry only the upload's id."""

from __future__ import annotations

from procrastinate.contrib.django import app

from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.screens import FOR_SCREENS, SCREENS
from everyfamily.mailings.edges.tasks import SWEEPS
from everyfamily.mailings.installation import clock
from everyfamily.people.actions.rolls.upload_clearing import clear_overdue_uploads
from everyfamily.people.edges.roll_uploads import put_upload_in, read_upload


@app.task(name="read_roll", **FOR_SCREENS)
def read_roll(upload_id: int) -> None:
    """Somebody uploaded a file, or answered what it asked."""
    read_upload(upload_id, clock.now)


@app.task(name="put_roll_in", **FOR_SCREENS)
def put_roll_in(upload_id: int) -> None:
    """Somebody looked at what a file would do, and wants it in."""
    put_upload_in(upload_id, clock.now)


def queue_reading(upload_id: int) -> None:
    """In the transaction that says that there is something to read."""
    read_roll.defer(upload_id=upload_id)


def queue_going_in(upload_id: int) -> None:
    """In the transaction that says that somebody pressed."""
    put_roll_in.defer(upload_id=upload_id)


# Every worker takes one of the two queues, so files go at their hour whichever kind runs.
@app.periodic(cron="*/10 * * * *")
@app.task(name="clear_uploads", queue=SWEEPS, queueing_lock="clear_uploads", retry=AGAIN)
def clear_uploads(timestamp: int) -> None:
    """Clear uploaded files whose time is over."""
    clear_overdue_uploads(clock.now())


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="clear_uploads_for_screens", queue=SCREENS, queueing_lock="clear_uploads_for_screens", retry=AGAIN)
def clear_uploads_for_screens(timestamp: int) -> None:
    """The same, where no worker sends."""
    clear_overdue_uploads(clock.now())
