"""Files of rolls are imported here: read completely into memory, below a limit, from a file on this machine."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from everyfamily.core.actors import Actor
from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.json_text import read_json
from everyfamily.core.files.whole_files import NotAFile, TooLarge, bytes_of
from everyfamily.core.rolls.layout.mapping import ColumnMapping, ColumnsNotFound
from everyfamily.core.rolls.layout.questions import Answers, KnownAnswers, for_the_lead
from everyfamily.core.rolls.model.limits import FILE_BYTES
from everyfamily.core.rolls.model.question import ColumnShown, Question
from everyfamily.core.rolls.model.roll_rows import Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.people.actions.decided.restrictions import require_a_person
from everyfamily.people.actions.rolls.roll_answers import keep_answers, saved_answers
from everyfamily.people.actions.rolls.roll_mappings import keep_mapping, saved_mapping
from everyfamily.people.actions.rolls.rolls import File, ImportReport, commit_roll, digest_of_file
from everyfamily.people.queries import SchoolFacts, school_by_urn

FOR_THE_LEAD = "Only the school’s lead can say that a column about who may have the letter says nothing."


def _too_large(name: str) -> RollNotReadable:
    return RollNotReadable(
        f"The file is larger than {FILE_BYTES // 1024**2} MB.",
        "Export one school's roll without pictures and notes.",
        SourceLocation(name),
    )


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Do not search for reference cycles while a file is read: there are none, and it took a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def import_roll(
    path: Path,
    *,
    urn: int,
    by: Actor,
    now: datetime,
    mapping: ColumnMapping | Answers | None = None,
    save_mapping: bool = False,
    although_few_match: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Read one school's roll from a file and commit it, as `import_roll_data` does."""
    return import_roll_data(
        read_file(path),
        path.name,
        urn=urn,
        by=by,
        now=now,
        mapping=mapping,
        save_mapping=save_mapping,
        although_few_match=although_few_match,
        dry_run=dry_run,
    )


@collector_at_rest()
def import_roll_data(
    data: bytes,
    name: str,
    *,
    urn: int,
    by: Actor,
    now: datetime,
    mapping: ColumnMapping | Answers | None = None,
    save_mapping: bool = False,
    although_few_match: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Read one school's roll from a file's bytes and commit it; `name` is what the file is called.

    `mapping` says which heading means what. Without it, the mapping that the school saved is used, or it is worked out
    from the headings and values. `save_mapping` keeps it for the school's later files once this one is imported. Raises
    RollNotReadable and what `commit_roll` raises, and then nothing was imported.
    """
    if len(data) > FILE_BYTES:
        raise _too_large(name)
    school = school_by_urn(urn)
    whole = mapping if isinstance(mapping, ColumnMapping) else None
    said = {} if mapping is None or isinstance(mapping, ColumnMapping) else mapping
    if said and not by.is_person:
        _, questions, columns = _columns_of(data, name, school)
        _require_lead(for_the_lead(columns, questions, said), by)
    roll = read_data(data, name, school, whole, replace(saved_answers(school.id), of_this_file=said))
    file = File(digest_of_file(data), by, now, although_few_match=although_few_match, dry_run=dry_run)
    report = commit_roll(school, roll, file)
    if save_mapping and not (dry_run or report.held):
        if whole is not None:
            keep_mapping(school.id, whole, by=by, now=now)
        elif said:
            keep_answers(school.id, roll.layout, said, by=by, now=now)
    return report


def read_data(
    data: bytes, name: str, school: SchoolFacts, mapping: ColumnMapping | None, answers: KnownAnswers
) -> Roll:
    """A file's rows, with what the school saved about its exports. Raises what `read_roll` raises."""
    return read_roll(
        data,
        file=name,
        urn=school.urn,
        former_urns=school.former_urns,
        dfe_number=school.dfe_number,
        mapping=mapping or saved_mapping(school.id),
        answers=answers,
        demonstration=school.demonstration,
    )


def open_questions(path: Path, *, urn: int) -> tuple[str, tuple[Question, ...]]:
    """A file's layout and what must be asked about it. Nothing is written.

    Raises RollNotReadable for a file that no answer would make readable.
    """
    return open_questions_of(read_file(path), path.name, urn=urn)


def open_questions_of(data: bytes, name: str, *, urn: int) -> tuple[str, tuple[Question, ...]]:
    """The same, of a file's bytes; `name` is what the file is called."""
    layout, questions, _ = _columns_of(data, name, school_by_urn(urn))
    return layout, questions


def _columns_of(
    data: bytes, name: str, school: SchoolFacts
) -> tuple[str, tuple[Question, ...], tuple[ColumnShown, ...]]:
    try:
        found: Roll | ColumnsNotFound = read_data(data, name, school, None, saved_answers(school.id))
    except ColumnsNotFound as problem:
        if not problem.questions:
            raise
        found = problem
    return found.layout, found.questions, found.columns


def _require_lead(headings: Collection[tuple[str, int]], by: Actor) -> None:
    if headings:
        require_a_person(by, fact=FOR_THE_LEAD)


def answer_questions(
    layout: str, questions: Iterable[Question], answers: Answers, *, urn: int, by: Actor, now: datetime
) -> None:
    """Remember what a person said about one layout of a school's exports. Raises ReviewerNotNamed if the answers say of
    a column that may close that it does not, and nobody is named."""
    _require_lead(for_the_lead((), questions, answers), by)
    keep_answers(school_by_urn(urn).id, layout, answers, by=by, now=now)


def mapping_file(path: Path) -> ColumnMapping | Answers:
    """A mapping that a person wrote as JSON, or answers about single columns. Raises RollNotReadable."""
    try:
        columns = read_json(read_file(path))
    except (ValueError, RecursionError) as problem:
        raise RollNotReadable(
            "The mapping is not JSON.", "docs/howto/import-a-roll.md shows one.", SourceLocation(path.name)
        ) from problem
    answers = ColumnMapping.answers_from_json(columns)
    return ColumnMapping.from_json(columns) if answers is None else answers


def read_file(path: Path) -> bytes:
    """The bytes of a regular file. Raises RollNotReadable for anything else, and for a file over the limit."""
    place = SourceLocation(path.name)
    try:
        return bytes_of(path, most=FILE_BYTES)
    except NotAFile as problem:
        raise RollNotReadable(
            "This is a folder, a pipe or a device, not a file.", "Give the exported file itself.", place
        ) from problem
    except TooLarge as problem:
        raise _too_large(path.name) from problem
    except OSError as problem:
        raise RollNotReadable(
            "The file cannot be opened.", "Check its name and that you may read it.", place
        ) from problem
