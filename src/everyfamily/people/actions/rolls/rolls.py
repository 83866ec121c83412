"""A roll is imported: children, adults, their links and contact points, in one transaction.

A file is a change set (core/adults/change_set.py). Children on the roll who are missing from the file are *proposed* as
leavers and stay. Adults who are no longer listed with a child in the file are held. Restrictions can only close. A
contact point that died stays dead. A file that may be the wrong one (core/adults/right_file.py) is held as a whole:
nothing in it is imported until a named person says that it is right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.adults.right_file import SMALLEST_SCHOOL, FileQuestion, questions_of, size_in_words
from everyfamily.core.adults.same_adult import adults_of
from everyfamily.core.keys.vault import Vault
from everyfamily.core.rolls.model.question import Question
from everyfamily.core.rolls.model.roll_rows import Roll, SetAside
from everyfamily.core.rolls.rows import hold_for_notes, lift_values
from everyfamily.people.actions.decided.notes import NotesOfFile
from everyfamily.people.actions.decided.responsibility import end_words_that_the_file_denies
from everyfamily.people.actions.decisions import count_decision, decisions_at_last
from everyfamily.people.actions.known_adults import KnownAdults
from everyfamily.people.actions.roll_lock import lock_roll, wait_for_roll
from everyfamily.people.actions.roll_tasks import open_held_task, settle_tasks
from everyfamily.people.actions.rolls.right_file import compared, is_said_to_be_right
from everyfamily.people.actions.rolls.roll_adults import Adults
from everyfamily.people.actions.rolls.roll_changes import ChildChange, changes_of
from everyfamily.people.actions.rolls.roll_children import Children
from everyfamily.people.actions.rolls.roll_links import DecidedMeanwhile, Links
from everyfamily.people.actions.rolls.taking_back import begin_file, end_file
from everyfamily.people.database.long_statements import allow_long_statements
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.closing_keys import fill_closing_keys
from everyfamily.people.keys.name_hashes import hash_older_names
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import RollImport
from everyfamily.people.queries import SchoolFacts, decisions_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file did to a roll. `set_aside` holds the sheet's row numbers, codes and sentences, but no values."""

    format: str
    rows: int
    accepted: int
    set_aside: tuple[SetAside, ...]
    children: int
    joined: int = 0
    left_proposed: int = 0
    changed: int = 0
    """Children, adults and links that were known and are different now."""
    restrictions_unknown: int = 0
    """Links between the file's adults and children that are held because no restriction can be read."""
    adults: int = 0
    adults_missing: int = 0
    """Adults whose child is in the file but who are no longer listed with the child: held for that child."""
    adults_staying: int = 0
    """The same in a file of changes, which names only adults who changed: they stay as they are."""
    refilled: int = 0
    """Names, contact values and children's ids that had been purged and are filled in again."""
    forgotten: int = 0
    """Contact values that are no longer in the file. Nothing is sent there again."""
    held: bool = False
    """Nothing was imported, because a person must look at the file first."""
    asked: tuple[FileQuestion, ...] = ()
    """What that person is asked."""
    look_twice: str = ""
    """What is said and holds nothing: the size of a first file."""
    dry_run: bool = False
    """Nothing was written. This is what would have happened."""
    tasks: Mapping[str, int] = field(default_factory=dict)
    """Decisions that were opened for a named person, by kind."""
    questions: tuple[Question, ...] = ()
    """What a person must be asked once about this layout (core/rolls/model/question.py)."""
    ignored: tuple[str, ...] = ()
    """Headings that nobody here knows. Their cells count only for words that may keep an adult away."""
    not_read: tuple[tuple[str, int], ...] = ()
    """What sheets are called that were not read, and how many rows they have."""
    hidden: tuple[int, int] = (0, 0)
    """How many rows and columns of a workbook were read that it does not show."""
    file: str = ""
    """The first characters of the file's digest."""
    child_of_row: Mapping[int, str] = field(default_factory=dict, repr=False)
    """The school's own ids of children by row, if something was set aside: for the school, never for a log."""
    on_roll: int = 0
    """Children on the roll before the file."""
    matching: int = 0
    """Children of the file who were among them."""
    decisions: int = 0
    """How often somebody had decided about the school's people before the file."""
    changes: tuple[ChildChange, ...] = field(default=(), repr=False)
    """If it was asked for: what happens to each child, for the school, never for a log."""


@dataclass(frozen=True, slots=True)
class File:
    """How a roll came: its digest, who brings it and when."""

    digest: str
    by: Actor
    now: datetime
    although_few_match: bool = False
    """A named person says that a file that was held belongs to this school."""
    dry_run: bool = False
    review: bool = False
    """A dry run for a person to look at. A file that is held is recorded as held, so that the lead is asked."""
    gone_on: date | None = None
    """The day on which a file that is held is deleted."""
    each_child: bool = False
    """The report says what happens to each child."""
    waits: bool = False
    """If the roll is being changed at this moment, wait instead of raising RollBeingWritten."""
    seen: int | None = None
    """The count of the school's decisions when a person looked at what the file would do. None asks nothing."""
    same: Callable[[ImportReport], bool] | None = None
    """Whether a report says of each row what the person was shown. Then the file goes in although somebody decided
    meanwhile. None: it does not."""
    also: Callable[[ImportReport], None] | None = None
    """What is written in the same transaction, at its end."""


def commit_roll(school: SchoolFacts, roll: Roll, file: File) -> ImportReport:
    """Write a roll that was read to the database, all or nothing.

    Raises RollBeingWritten, DecidedMeanwhile, FileWasNotHeld or SchoolKeyDestroyed, and then nothing was imported.
    """
    with tenant(school.id):
        allow_long_statements()
        (wait_for_roll if file.waits else lock_roll)(school.id)
        decisions = decisions_of(school.id)
        if file.same is None:
            _require_seen(decisions, file)
        vault = open_vault(school.id, now=file.now)
        children = Children(school.id, vault, roll.rows)
        notes = NotesOfFile(school.id, vault, roll.notes)
        if notes.values_read:
            roll = replace(roll, rows=lift_values(roll.rows, notes.values_read))
        if notes.unread:
            roll = replace(roll, rows=hold_for_notes(roll.rows, notes.unread))
        hash_older_names(school.id, vault)
        fill_closing_keys(school.id, vault)
        known = KnownAdults(school.id, vault, adults_of(roll.rows), children.ids)
        before = compared(school, roll, children, known)
        asked = questions_of(before)
        if asked and not (file.although_few_match and is_said_to_be_right(school.id, file.digest, asked)):
            report = _hold(school, roll, children, file, asked)
        else:
            report = _commit(school, roll, vault, children, known, notes, file, decisions)
        report = replace(
            report,
            on_roll=before.on_roll,
            matching=before.matching,
            decisions=decisions,
            look_twice=size_in_words(before) if before.on_roll < SMALLEST_SCHOOL else "",
        )
        if file.same is not None and not file.same(report):
            _require_seen(decisions, file)
        stays = not report.dry_run
        if file.also is not None and stays:
            file.also(report)
        if not stays:
            transaction.set_rollback(True)
        return report


def _require_seen(decisions: int, file: File) -> None:
    if file.seen is not None and decisions != file.seen:
        raise DecidedMeanwhile(
            "Something about this school's roll was decided, or another file went in, after you looked at this one.",
            "Nothing of this file went in. Look at it again.",
        )


def _hold(
    school: SchoolFacts, roll: Roll, children: Children, file: File, asked: tuple[FileQuestion, ...]
) -> ImportReport:
    report = replace(_report(roll, children, file), held=True, asked=asked)
    report = replace(report, dry_run=file.dry_run and not file.review)
    open_held_task(school.id, owner=school.lead_role, now=file.now, gone_on=file.gone_on)
    _record(school.id, roll, report, file, action="hold roll")
    return report


def _commit(
    school: SchoolFacts,
    roll: Roll,
    vault: Vault,
    children: Children,
    known: KnownAdults,
    notes: NotesOfFile,
    file: File,
    decisions: int,
) -> ImportReport:
    newest = None if file.dry_run else begin_file(school.id)
    children.write(roll, file.now)
    notes.keep(children.ids, file.now)
    adults = Adults(school.id, vault, known, file.now)
    adults.write_parents()
    links = Links(school.id, known, children.ids, file.now)
    linked = links.write(roll, file.by)
    end_words_that_the_file_denies(school.id, by=file.by, now=file.now)
    adults.write_contact_points(roll)
    report = replace(
        _report(roll, children, file),
        joined=children.joined,
        left_proposed=children.left_proposed,
        changed=children.moved + adults.changed + linked.changed,
        restrictions_unknown=linked.unknown,
        adults=len(known.adults),
        adults_missing=linked.adults_missing,
        adults_staying=linked.adults_staying,
        refilled=children.refilled + adults.refilled,
        forgotten=adults.forgotten,
        tasks=settle_tasks(school.id, owner=school.lead_role, now=file.now),
        changes=tuple(changes_of(school.id, vault, children, known, adults, links)) if file.each_child else (),
    )
    if file.seen is not None:
        # What was decided while this went in is in no report.
        _require_seen(decisions_at_last(school.id), replace(file, seen=decisions))
    count_decision(school.id)
    _record(school.id, roll, report, file, action="import roll")
    if newest is not None:
        end_file(school.id, newest, not_clean=adults.not_clean, decisions=decisions, now=file.now)
    return report


def _report(roll: Roll, children: Children, file: File) -> ImportReport:
    return ImportReport(
        format=roll.format,
        rows=roll.read,
        accepted=roll.read - len({problem.row for problem in roll.set_aside if problem.whole_row}),
        set_aside=tuple(roll.set_aside),
        children=len(children),
        dry_run=file.dry_run,
        ignored=roll.ignored,
        not_read=roll.not_read,
        hidden=roll.hidden,
        questions=roll.questions,
        file=file.digest[:12],
        child_of_row=roll.child_of_row,
    )


def _record(school_id: int, roll: Roll, report: ImportReport, file: File, *, action: str) -> None:
    RollImport.objects.create(
        school_id=school_id,
        state="held" if report.held else "committed",
        file_digest=file.digest,
        format=report.format[:30],
        rows=report.rows,
        accepted=report.accepted,
        set_aside=[[problem.row, problem.code] for problem in report.set_aside],
        imported_at=file.now,
        imported_by=file.by.text,
        doubts=[one.about for one in report.asked],
        printed_on=roll.dates.printed_on,
        academic_year=roll.dates.academic_year,
    )
    detail: dict[str, object] = {"rows": report.rows, "accepted": report.accepted, "file": report.file}
    if report.asked:
        detail["asked"] = [one.about for one in report.asked]
    if file.although_few_match:
        detail["although few match"] = True
    record_event(
        action=action,
        by=file.by,
        subject_type="school",
        subject_id=school_id,
        now=file.now,
        school_id=school_id,
        detail=detail,
    )


def digest_of_file(data: bytes) -> str:
    """SHA-256 of the file, in hex, so that the same file can be recognised."""
    return hashlib.sha256(data).hexdigest()
