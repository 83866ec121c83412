"""A letter's words are frozen for approval: an author asks, and a worker renders and checks them once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from time import monotonic

from django.db import transaction

from everyfamily.checks.model.waiver_file import parse_waivers
from everyfamily.checks.report.report import as_rows
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.seals import digest_of, fingerprint
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.waiver_file import FILE as WAIVERS
from everyfamily.core.letter.nothing_invented import require_nothing_invented
from everyfamily.core.work import WorkState
from everyfamily.letters.actions.open_drafts import locked, note, overtake
from everyfamily.letters.draft_queries.agreeing import waivers_file, waivers_of_draft
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft
from everyfamily.letters.draft_queries.frozen import current_version, letter_of_version, settings_moved
from everyfamily.letters.draft_queries.words import newest_passage, overrides_of, partnership_now
from everyfamily.letters.files.agreeing import CheckStopsApproval, checked, require_no_stopping_finding
from everyfamily.letters.files.artefacts import artefact_steps
from everyfamily.letters.files.proof import RecordNotProven, require_still_good
from everyfamily.letters.models import Frozen, FrozenFile
from everyfamily.partnership.queries import newest_version
from everyfamily.work.actions.asking import ask_for, cancel, leave_to_asker
from everyfamily.work.actions.doing import Turn, work_on

type Clock = Callable[[], datetime]


class FreezingUnderWay(EveryfamilyError):
    """An older version of the letter is being frozen just now."""

    code = "EF338"


class VersionOvertaken(EveryfamilyError):
    """The letter has other words now than those that were frozen."""

    code = "EF339"


_OF_THE_WORDS = (CheckStopsApproval.code, RecordNotProven.code, VersionOvertaken.code)
"""Why a version is not frozen although everything works: the author looks, and nobody else."""


def ask_approval(draft_id: int, queue: Callable[[int], object], *, by: Actor, now: datetime) -> int:
    """Queue the freezing of a letter as it is now, so that it can be approved; the version's id.

    Who asks again for the same words gets the version that is there. Raises FreezingUnderWay, DraftOver and what
    `compose` raises for words that make no letter.
    """
    with transaction.atomic():
        facts = locked(draft_id)
        partnership = partnership_now(now)
        require_nothing_invented(partnership)
        overrides = overrides_of(facts)
        letter = letter_of_version(facts, overrides, partnership)
        waivers = waivers_file(waivers_of_draft(draft_id), tuple(who.id for who in letter.signatories))
        before = current_version(draft_id)
        if before is not None and before.overtaken_at is None:
            same = Frozen.objects.filter(pk=before.id, overrides=overrides, waivers=waivers, dated=facts.dated)
            if same.exists() and not (before.is_done and settings_moved(before)):
                return before.id
        overtake(facts, "asked again", by=by, now=now)
        _cancel_older(draft_id, by=by, now=now)
        number = Frozen.objects.filter(draft_id=draft_id).count() + 1
        row = Frozen(
            draft_id=draft_id,
            number=number,
            newest_passage=newest_passage(draft_id),
            overrides=overrides,
            waivers=waivers,
            dated=facts.dated,
        )
        asked = ask_for(row, queue, by=by, now=now)
        if asked is None:
            raise FreezingUnderWay(
                "An older version of this letter is being frozen just now, and stops at its next step.",
                "Ask again in a few seconds.",
            )
        note("ask for approval", facts, by=by, now=now, version=number)
    return asked


def _cancel_older(draft_id: int, *, by: Actor, now: datetime) -> None:
    open_ones = Frozen.objects.filter(draft_id=draft_id, ended_at=None).values_list("id", flat=True)
    for frozen_id in list(open_ones):
        cancel(Frozen, frozen_id, by=by, now=now)


def cancel_freezing(frozen_id: int, *, by: Actor, now: datetime) -> bool:
    """Stop it before its next step. Returns whether it was not over yet."""
    return cancel(Frozen, frozen_id, by=by, now=now)


def freeze(frozen_id: int, clock: Clock) -> None:
    """A worker renders and checks a version. Done once, however often it is begun."""
    work_on(Frozen, frozen_id, _freeze, clock)
    leave_to_asker(Frozen, frozen_id, _OF_THE_WORDS, clock())


def _freeze(turn: Turn) -> None:
    row = Frozen.objects.get(pk=turn.id)
    facts, now = draft(row.draft_id), turn.clock()
    if facts is None or row.overtaken_at is not None:
        raise overtaken()
    facts = replace(facts, dated=row.dated)
    settings_version, partnership = newest_version(), partnership_now(now)
    letter = letter_of_version(facts, row.overrides, partnership)
    waivers = parse_waivers(row.waivers, WAIVERS) if row.waivers else ()
    versions = [letter.in_version(one) for one in letter.versions]
    of = sum(len(one.texts) + len(one.short) for one in versions) + 2
    artefacts, seconds = dict[str, bytes](), dict[str, float]()
    turn.reached(0, of)
    began = monotonic()
    for done, (what, files) in enumerate(artefact_steps(letter)):
        artefacts |= files
        seconds[what] = round(monotonic() - began, 2)
        began = monotonic()
        turn.reached(min(done, of), of)
    made, report = checked(letter, artefacts, today=letter.dated, waivers=waivers)
    record = json.loads(json.dumps(made))
    require_no_stopping_finding(record)
    require_still_good(letter, artefacts, waivers, now.astimezone(LONDON).date())
    seconds["checks"] = round(monotonic() - began, 2)
    digest = digest_of(record)
    with transaction.atomic():
        # Here it is done or not done: files, record and state are written together.
        turn.reached(of, of, seconds=seconds)
        FrozenFile.objects.bulk_create(
            FrozenFile(frozen_id=row.pk, name=name, content=data) for name, data in artefacts.items()
        )
        turn.end(
            WorkState.DONE,
            settings_version=settings_version,
            record=record,
            digest=digest,
            required=[
                {"id": who["id"], "organisation": who["organisation"]} for who in record["required_signatories"]
            ],
            report=as_rows(report),
        )
        _note_frozen(facts, row, digest, now)


def _note_frozen(facts: DraftFacts, row: Frozen, digest: str, now: datetime) -> None:
    mark = fingerprint(digest)
    note("freeze letter", facts, by=Actor.worker(), now=now, version=row.number, fingerprint=mark)


def overtaken() -> VersionOvertaken:
    """The words moved on."""
    return VersionOvertaken(
        "The letter has other words now, so this version counts for nothing.",
        "Ask for approval of the new version.",
    )


def overtake_by_settings(*, by: Actor, now: datetime) -> int:
    """Mark every frozen version of which the settings would make another letter today. Returns how many."""
    waiting = Frozen.objects.filter(state=WorkState.DONE.value, overtaken_at=None, draft__ended_at=None)
    count = 0
    for draft_id in waiting.order_by("draft_id").values_list("draft_id", flat=True).distinct():
        version = current_version(draft_id)
        if version is None or not settings_moved(version):
            continue
        with transaction.atomic():
            facts = draft(draft_id)
            if facts is None or facts.is_sealed:
                continue
            overtake(locked(draft_id), "settings", by=by, now=now)
        count += 1
    return count
