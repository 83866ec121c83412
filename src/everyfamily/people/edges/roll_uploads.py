"""An uploaded file is read for a person to look at, and put in once they have: what a worker does in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import InterfaceError, OperationalError

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import TRY_AGAIN, EveryfamilyError, SourceLocation
from everyfamily.core.rolls.layout.mapping import ColumnsNotFound
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.tables.table import no_rows
from everyfamily.core.rolls.uploads import UploadState
from everyfamily.core.work import MOST_TRIES
from everyfamily.people.actions.rolls.roll_answers import saved_answers
from everyfamily.people.actions.rolls.roll_links import DecidedMeanwhile
from everyfamily.people.actions.rolls.rolls import File, ImportReport, commit_roll, digest_of_file
from everyfamily.people.actions.rolls.upload_notes import Note, Review
from everyfamily.people.actions.rolls.upload_turns import (
    UploadDamaged,
    UploadFault,
    UploadTurn,
    begin,
    content_of,
    note_of,
)
from everyfamily.people.actions.rolls.uploads import UploadMoved
from everyfamily.people.edges.roll_imports import collector_at_rest, read_data
from everyfamily.people.queries import SchoolFacts, school_by_id

logger = logging.getLogger(__name__)
_UNKNOWN_SYSTEM = "generic export"
"""How the format of an export begins if we recognise no system by its headings."""
type _Clock = Callable[[], datetime]


def read_upload(upload_id: int, clock: _Clock) -> None:
    """Read the file, and work out what it would do. Nothing of it goes in."""
    turn = begin(upload_id, UploadState.READING, clock)
    if turn is not None:
        _take(turn, _read)


def put_upload_in(upload_id: int, clock: _Clock) -> None:
    """Put the file in as the person saw it. If something changed since, it is reviewed again instead."""
    turn = begin(upload_id, UploadState.GOING_IN, clock)
    if turn is not None:
        _take(turn, _put_in)


@collector_at_rest()
def _take(turn: UploadTurn, do: Callable[[UploadTurn, Note], None]) -> None:
    note = Note("")
    try:
        note = note_of(turn.school_id, turn.id, turn.clock())
        do(turn, note)
    except UploadMoved:
        # Somebody deleted it, or another worker began again.
        return
    except EveryfamilyError as problem:
        if problem.exits_with == TRY_AGAIN:
            raise
        turn.fail(problem, note)
    except (OperationalError, InterfaceError):
        raise
    except Exception as problem:
        # The words of a fault may hold a value of somebody's row.
        logger.error("Upload %s failed with %s.", turn.id, type(problem).__name__)
        if turn.tries < MOST_TRIES:
            raise _without_words(problem) from None
        turn.fail(_fault(), note)


def _without_words(problem: Exception) -> RuntimeError:
    """For the work engine, which writes down what it is raised."""
    return RuntimeError(type(problem).__name__)


def _fault() -> UploadFault:
    return UploadFault(
        "Reading stopped because of a fault in everyfamily.",
        "Nothing went in. Tell whoever looks after everyfamily: the log has its kind.",
    )


def _content(turn: UploadTurn) -> bytes:
    data = content_of(turn)
    if digest_of_file(data) != turn.digest:
        raise UploadDamaged("The stored file is damaged.", "Nothing went in. Upload it again.")
    return data


def _rows(turn: UploadTurn, note: Note, school: SchoolFacts, answers: KnownAnswers) -> Roll:
    roll = read_data(_content(turn), note.name, school, None, answers)
    roll.whole = roll.whole and turn.whole
    return roll


def _read(turn: UploadTurn, note: Note) -> None:
    school = school_by_id(turn.school_id)
    answers = saved_answers(school.id)
    try:
        roll = _rows(turn, note, school, answers)
    except ColumnsNotFound as problem:
        if not problem.columns:
            raise
        if not any(one.values for one in problem.columns):
            # What columns without a value mean is no question.
            raise no_rows(SourceLocation(note.name)) from None
        turn.to(UploadState.COLUMNS, _asking(note, problem.layout, problem))
        return
    is_known = not roll.layout or roll.layout in answers.by_layout
    if not is_known and (roll.questions or roll.format.startswith(_UNKNOWN_SYSTEM)):
        turn.to(UploadState.COLUMNS, _asking(note, roll.layout, roll))
        return
    _review(turn, note, school, roll)


def _asking(note: Note, layout: str, found: Roll | ColumnsNotFound) -> Note:
    return Note(note.name, layout, found.columns, found.questions)


def _review(turn: UploadTurn, note: Note, school: SchoolFacts, roll: Roll) -> None:
    file = replace(_file(turn, turn.asked_by), dry_run=True, review=True)
    file = replace(file, gone_on=turn.keep_until.astimezone(LONDON).date())
    report = commit_roll(school, roll, file)
    state = UploadState.HELD if report.held else UploadState.REVIEW
    shown = replace(_reviewed(note, report, roll), before=note.before)
    turn.to(state, shown, seen_decisions=report.decisions)


def _file(turn: UploadTurn, by: Actor) -> File:
    return File(turn.digest, by, turn.clock(), although_few_match=turn.is_ours, waits=True, each_child=True)


def _reviewed(note: Note, report: ImportReport, roll: Roll) -> Note:
    return Note(note.name, roll.layout, roll.columns, roll.questions, Review.of(report))


def _put_in(turn: UploadTurn, note: Note) -> None:
    school = school_by_id(turn.school_id)
    roll = _rows(turn, note, school, saved_answers(school.id))

    def also(report: ImportReport) -> None:
        state = UploadState.HELD if report.held else UploadState.IN
        turn.to_within(state, _reviewed(note, report, roll).without_values())

    same = None if note.review is None else note.review.shows_the_rows_of
    file = replace(_file(turn, turn.put_by), seen=turn.seen_decisions, same=same, also=also)
    try:
        commit_roll(school, roll, file)
    except DecidedMeanwhile:
        before = note.review.counts if note.review is not None else None
        _review(turn, replace(note, before=before), school, roll)
