"""Work of a school's people, as waits: what its tasks, its part in a mailing, its paper and its colleagues ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from everyfamily.accounts.desk.counts import ResetAt
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.sending.old_rolls import is_old
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.mailings.queries.desk import PartNow
from everyfamily.mailings.queries.opening import ATTESTED_WITHIN, word_counts
from everyfamily.mailings.queries.paper import PaperNow
from everyfamily.mailings.queries.tasks import TaskAtSchool
from everyfamily.people.queries import school_names

ASKED_BEFORE = timedelta(days=4)
"""Before a wave: when its lead is asked for their word. The longest weekend is in it."""
ROLL_ASKED_BEFORE = timedelta(days=14)
"""Before a wave: when its school is asked for its roll. The lead then has days to decide what it leaves open."""
KIND_OF_TASK: Final = {
    "restriction": Kind.RESTRICTION,
    "restrictions not said": Kind.RESTRICTION,
    "relationship": Kind.RELATIONSHIP,
    "leavers": Kind.LEAVERS,
    "order ended": Kind.ORDER_ENDED,
    "call": Kind.CALL,
    "shared home": Kind.SHARED_HOME,
    "file held": Kind.FILE_HELD,
    "to tell": Kind.TO_TELL,
    "new word": Kind.WORD_AGAIN,
    "attestation": Kind.HELD,
    "roll: attestation": Kind.NOT_ATTESTED,
    "unknown attempt": Kind.UNKNOWN,
    "hand-out": Kind.HAND_OUT,
    "bin copies": Kind.BIN_COPIES,
    "take out": Kind.TAKE_OUT,
    "keep back": Kind.KEEP_BACK,
}
"""Kinds of tasks at schools, in the words of their tables. One that is not here is a fault, and a test says so.
With its prefix, a task of a roll may be of another kind."""


def of_tasks(tasks: list[TaskAtSchool]) -> Iterator[Wait]:
    """What people of schools have to decide or do."""
    own_paused: set[int] = set()
    counted: set[int] = set()
    for one in sorted(tasks, key=lambda one: one.task.due_on):
        task = one.task
        if task.kind == "paused":
            # The person who paused it looks after it: here only if they are of the school.
            if task.role == "lead" and one.school_id not in own_paused:
                # Once, however many letters: one press lets all of them go on.
                own_paused.add(one.school_id)
                yield Wait(
                    Kind.OWN_PART_PAUSED,
                    f"own paused {task.reference} {one.school_id}",
                    task.due_on,
                    school_id=one.school_id,
                    urn=task.urn,
                    place=one.name,
                    note=f"{task.owner} paused it.",
                )
            continue
        if task.kind == "take out":
            # The coordinator's, once for all schools of a letter (gathering.py).
            continue
        what = KIND_OF_TASK.get(task.kind) or KIND_OF_TASK[task.kind.removeprefix("roll: ")]
        # One letter a mailing and day, even to somebody with twelve schools.
        key = f"{what.name} {task.reference} {task.due_on}"
        wait = Wait(
            what, key, task.due_on, count=task.count, school_id=one.school_id, urn=task.urn, place=one.name
        )
        if what is Kind.WORD_AGAIN:
            wait = replace(
                wait, count=1, note=f"{of(task.count, 'adult')} came or were opened after you said it."
            )
        if what is Kind.RESTRICTION:
            # Several tasks ask for the same decisions, and the first says how many: as many as the list of them has.
            is_first = one.school_id not in counted
            counted.add(one.school_id)
            wait = replace(wait, count=one.decisions) if is_first else replace(wait, count=0, place="")
        yield wait


def of_parts(parts: list[PartNow], now: datetime) -> Iterator[Wait]:
    """What a mailing that is coming asks of schools: rolls, the lead's word, and returns."""
    for part in parts:
        if part.return_due_on is not None:
            key = f"{Kind.RETURN_DUE.name} {part.mailing_id} {part.school_id}"
            yield _at(part, Kind.RETURN_DUE, key, due_on=part.return_due_on)
        # What is paused has no day on which it goes.
        if part.state != "planned" or part.is_stopped or not now <= part.wave_at <= now + ROLL_ASKED_BEFORE:
            continue
        day = part.wave_at.astimezone(LONDON).date()
        missing = Kind.ROLL_MISSING if part.roll_at is None else None
        old = Kind.ROLL_OLD if part.roll_at is not None and is_old(part.roll_at, part.wave_at) else None
        if roll := missing or old:
            yield _at(part, roll, f"{roll.name} {part.mailing_id}", due_at=part.wave_at)
        if part.came_after_word and word_counts(part.attested_at, part.wave_at):
            key = f"{Kind.WORD_AGAIN.name} {part.mailing_id} {part.roll_at}"
            yield _at(part, Kind.WORD_AGAIN, key, due_at=part.wave_at, note="A file came in after you said it.")
        is_soon = part.wave_at <= now + ASKED_BEFORE
        if is_soon and not missing and not word_counts(part.attested_at, part.wave_at):
            yield _at(
                part,
                Kind.ATTEST,
                f"{Kind.ATTEST.name} {part.mailing_id} {day}",
                due_at=part.wave_at,
                note=_from_when(part.wave_at - ATTESTED_WITHIN, now),
            )


def of_paper(paper: list[PaperNow]) -> Iterator[Wait]:
    """Paper to print."""
    for one in paper:
        # One letter a mailing: what is printed later comes into the same pile.
        key = f"{Kind.PAPER.name} {one.mailing} {one.school}"
        yield Wait(Kind.PAPER, key, one.due_on, school_id=one.school, urn=one.urn, place=one.name)


def _from_when(opens: datetime, now: datetime) -> str:
    if opens <= now:
        return ""
    here = opens.astimezone(LONDON)
    return f"You can do it from {time_in_words(here.time())} on {day_with_weekday(here.date())}."


def _at(part: PartNow, kind: Kind, key: str, **more: object) -> Wait:
    at = more.get("due_at")
    if isinstance(at, datetime):
        more["due_on"] = at.astimezone(LONDON).date()
    return Wait(kind, key, school_id=part.school_id, urn=part.urn, place=part.name, **more)  # type: ignore[arg-type]


def of_resets(resets: list[ResetAt]) -> Iterator[Wait]:
    """Colleagues who are let in again, which somebody there can still stop."""
    names = school_names(one.school_id for one in resets) if resets else {}
    for one in resets:
        urn, name = names[one.school_id]
        yield Wait(
            Kind.RESET,
            f"{Kind.RESET.name} {one.id} {one.school_id}",
            one.opens_at.astimezone(LONDON).date(),
            one.opens_at,
            school_id=one.school_id,
            urn=urn,
            place=name,
            note=f"It is for {one.colleague}, and {one.asked_by} asked for it.",
        )
