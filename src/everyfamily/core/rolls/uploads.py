"""What may become of a roll's file that somebody uploaded on a screen.

    waiting -> reading -> columns -> waiting        a person says what the columns mean
                       -> held -> waiting           the lead says that it is the right file
                       -> review -> waiting         a person changes what the columns mean
                       -> review -> going in -> in
                                             -> review    something changed since the person looked
    in -> taken back                                the lead takes it back
    same -> waiting                                 the same file went in before

It can be given up from every state before *going in*, and is when its time is over. Whatever has failed stays failed.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from everyfamily.core.calendar.sending_window import LONDON


class UploadState(StrEnum):
    """How far it is."""

    SAME = "same"
    """The same file went in before. Nothing is read until a person says so."""
    WAITING = "waiting"
    READING = "reading"
    COLUMNS = "columns"
    HELD = "held"
    REVIEW = "review"
    GOING_IN = "going in"
    IN = "in"
    TAKEN_BACK = "taken back"
    """It went in, and the roll is as before, except for what the file closed."""
    GIVEN_UP = "given up"
    FAILED = "failed"


OVER = frozenset({UploadState.IN, UploadState.TAKEN_BACK, UploadState.GIVEN_UP, UploadState.FAILED})
"""The file itself is gone."""
OPEN = frozenset(UploadState) - OVER
"""A school has one at a time."""
RUNNING = frozenset({UploadState.WAITING, UploadState.READING, UploadState.GOING_IN})
"""A worker has it, or will have it soon."""
MAY_BE_ANSWERED = frozenset({UploadState.COLUMNS, UploadState.REVIEW})
"""A person may say what the columns mean, also again once they have seen what follows from it."""
MAY_BE_GIVEN_UP = OPEN - {UploadState.GOING_IN}
UNTIL = time(18)
"""On the next working day, London's time."""


def kept_until(next_working_day: date) -> datetime:
    """When the file, and all that is known of it, is cleared at the latest."""
    return datetime.combine(next_working_day, UNTIL, LONDON)
