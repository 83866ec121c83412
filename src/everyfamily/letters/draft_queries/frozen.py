"""What is frozen of a draft for approval: its versions, their files, and whether they are still good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter as CoreLetter
from everyfamily.core.packs.drafting import FILE
from everyfamily.core.packs.overrides import parse_overrides
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.work import WorkState
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft
from everyfamily.letters.draft_queries.words import composed, pack_of
from everyfamily.letters.files.changes import same_but_for_checks
from everyfamily.letters.files.proof import later_than
from everyfamily.letters.files.record import letter_of, waivers_of
from everyfamily.letters.models import Frozen, FrozenFile
from everyfamily.letters.queries import FileFacts, routes_now
from everyfamily.partnership.queries import in_force
from everyfamily.work.rows import Work

LOST = (WorkState.FAILED.value, WorkState.CANCELLED.value)
"""States of a version that never came to be."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work of a worker is."""

    id: int
    state: WorkState
    done: int
    of: int
    asked_by: str
    asked_at: datetime
    is_cancelling: bool
    failed_code: str
    failed_fact: str


@dataclass(frozen=True, slots=True)
class FrozenFacts:
    """One version of a draft as it was frozen, without its record and its files."""

    id: int
    draft_id: int
    number: int
    newest_passage: int
    """The words are `drafted(draft, upto=newest_passage)`."""
    dated: date
    digest: str
    required: tuple[tuple[str, str], ...]
    """Id and organisation of everybody who must approve."""
    asked_account: int | None
    overtaken_at: datetime | None
    overtaken_by: str
    overtaken_why: str
    progress: Progress

    @property
    def is_done(self) -> bool:
        """Whether its words are frozen."""
        return self.progress.state is WorkState.DONE


def progress_of(row: Work) -> Progress:
    """How far a row of work is."""
    return Progress(
        row.pk,
        WorkState(row.state),
        row.done,
        row.of,
        row.asked_by,
        row.asked_at,
        row.cancel_asked_at is not None and row.ended_at is None,
        row.failed_code,
        row.failed_fact,
    )


def _facts(row: Frozen) -> FrozenFacts:
    return FrozenFacts(
        row.pk,
        row.draft_id,
        row.number,
        row.newest_passage,
        row.dated,
        row.digest,
        tuple((str(one["id"]), str(one["organisation"])) for one in row.required),
        row.asked_account,
        row.overtaken_at,
        row.overtaken_by,
        row.overtaken_why,
        progress_of(row),
    )


_LARGE = ("record", "overrides", "report")


def frozen(frozen_id: int) -> FrozenFacts | None:
    """One version."""
    row = Frozen.objects.filter(pk=frozen_id).defer(*_LARGE).first()
    return None if row is None else _facts(row)


def frozen_versions(draft_id: int) -> list[FrozenFacts]:
    """Every version of a draft that somebody asked for, newest first, also those that failed."""
    return [_facts(row) for row in Frozen.objects.filter(draft_id=draft_id).order_by("-number").defer(*_LARGE)]


def newest_versions() -> dict[int, FrozenFacts]:
    """The newest version of each draft that did not fail, by the draft's id."""
    rows = Frozen.objects.exclude(state__in=LOST).order_by("draft_id", "-number").distinct("draft_id")
    return {row.draft_id: _facts(row) for row in rows.defer(*_LARGE)}


def current_version(draft_id: int) -> FrozenFacts | None:
    """The newest version that did not fail: frozen, or about to be. None if nobody has asked."""
    rows = Frozen.objects.filter(draft_id=draft_id).exclude(state__in=LOST)
    row = rows.order_by("-number").defer(*_LARGE).first()
    return None if row is None else _facts(row)


def record_of_frozen(frozen_id: int) -> dict[str, Any]:
    """The record that is approved. Raises LookupError if it is not frozen yet."""
    record = (
        Frozen.objects.filter(pk=frozen_id, state=WorkState.DONE.value).values_list("record", flat=True).first()
    )
    if record is None:
        raise LookupError("this version is not frozen")
    return dict(record)


def letter_of_frozen(frozen_id: int) -> CoreLetter:
    """The letter as it is frozen. Raises LookupError."""
    return letter_of(record_of_frozen(frozen_id))


def report_of(frozen_id: int) -> list[dict[str, Any]]:
    """What the checks found when it was frozen, as rows."""
    return list(Frozen.objects.values_list("report", flat=True).get(pk=frozen_id))


def files_of(frozen_id: int) -> list[FileFacts]:
    """The files of a version, without their bytes."""
    rows = FrozenFile.objects.filter(frozen_id=frozen_id).order_by("name")
    return [FileFacts(row_id, name) for row_id, name in rows.values_list("id", "name")]


def file_of(frozen_id: int, file_id: int) -> tuple[str, bytes] | None:
    """Name and bytes of one file, or None if it is none of this version's."""
    row = FrozenFile.objects.filter(pk=file_id, frozen_id=frozen_id).values_list("name", "content").first()
    return None if row is None else (row[0], bytes(row[1]))


def artefacts_of(frozen_id: int) -> dict[str, bytes]:
    """All files of a version, name -> bytes."""
    rows = FrozenFile.objects.filter(frozen_id=frozen_id).values_list("name", "content")
    return {name: bytes(content) for name, content in rows}


def letter_of_version(facts: DraftFacts, overrides: str, partnership: Partnership) -> CoreLetter:
    """The letter that a draft's file of overrides makes with these settings. Raises what `compose` raises."""
    parsed, places = parse_overrides(overrides, FILE)
    tongues = {one.language for one in parsed.changes} | {one.language for one in parsed.additions}
    other_pages = bool(tongues - {"en"})
    return composed(facts, with_overrides(pack_of(facts, pages=other_pages), parsed, places), partnership)


def settings_moved(version: FrozenFacts, settings: str = "") -> bool:
    """Whether the settings would make another letter today than the one that is frozen. Rings of a route make no
    difference, and nor do lines that moved in the file. `settings`: the digest of those in force, if it is known."""
    if settings:
        return _would_differ(version.id, version.digest, settings)
    try:
        found = in_force()
    except EveryfamilyError:
        return True
    return found is None or _would_differ(version.id, version.digest, found.files.digest)


@lru_cache(maxsize=64)
def _would_differ(frozen_id: int, digest: str, settings: str) -> bool:
    """By the digests of both, because neither changes."""
    row, found = Frozen.objects.get(pk=frozen_id, digest=digest), in_force()
    facts = draft(row.draft_id)
    if facts is None or row.record is None or found is None or found.files.digest != settings:
        return True
    try:
        today = letter_of_version(replace(facts, dated=row.dated), row.overrides, found.partnership)
    except EveryfamilyError:
        # No letter can be made of it any more: the plan has another topic, or a route is gone.
        return True
    return not same_but_for_checks(today, letter_of(row.record))


def what_stops(frozen_id: int, now: datetime) -> list[str]:
    """What came up since it was frozen and keeps it from being approved today, as sentences: a route that is dead or
    was rung too long ago, a waiver that ended, a call that nobody has made yet."""
    return list(stops_in(record_of_frozen(frozen_id), now))


def stops_in(record: dict[str, Any], now: datetime) -> Iterator[str]:
    """The same of a record that somebody has read already."""
    letter, today = letter_of(record), now.astimezone(LONDON).date()
    for route in routes_now(letter.routes, now):
        if fault := route.fault_in_words(today):
            yield f"The line “{route.label}” ({route.place}) may not be printed. {fault}"
    for waiver in waivers_of(record):
        if waiver.ends_on < today:
            yield f"The waiver of {waiver.code} in {waiver.passage} ended on {day_in_words(waiver.ends_on)}."
    if not letter.demonstration:
        yield from (f"{ahead}." for ahead in later_than(letter, today))
