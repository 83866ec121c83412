"""Does a letter's record match its files? The letter is rendered and checked again before anyone approves or seals.

A record by itself proves nothing about the files next to it, and those are what people read. Somebody who edits the
record can edit its digests too. So this version renders the letter in the record and checks it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from pydantic import ValidationError

from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.report.report import as_rows
from everyfamily.checks.run.runner import CheckReport
from everyfamily.core.agreement.seals import signatory_faults
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.artefacts import check_letter, record_of, render_artefacts
from everyfamily.letters.files.record import letter_of, waivers_of

_PLACE = SourceLocation("record.json")
_ROUND = "Ring or ask first, write the day it was done, and compose the letter again."
_AGAIN = "Compose the letter again, into another folder, and ask again for every approval."


class RecordNotProven(EveryfamilyError):
    """The record, the letter it holds, its files or its findings do not agree with each other."""

    code = "EF314"


def other_renderings(record: Mapping[str, Any]) -> list[str]:
    """Names of artefacts that this version renders differently from the record's digests, or that only one of them has.

    Empty if this version still renders the record's letter exactly as it was approved. This takes about 0.3 s. Raises
    RecordNotProven if the record holds no letter, and anything that the renderers raise.
    """
    return _differing(record, render_artefacts(letter_in(record)))


def check_record(
    record: Mapping[str, Any], *, today: date, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> CheckReport:
    """Run the rules on the letter and the waivers in a record. Can also raise RecordNotProven."""
    letter, waivers = letter_in(record), waivers_in(record)
    with _refusing():
        return check_letter(letter, today=today, select=select, ignore=ignore, waivers=waivers)


def prove_record(record: Mapping[str, Any], files: Mapping[str, bytes], *, today: date) -> None:
    """Raise RecordNotProven unless the record, its letter, `files` (name -> bytes) and the findings agree.

    The findings are those on the letter's own date, when it was composed, with the record's waivers applied. Each
    waiver must be valid for the letter's signatories and cover a finding. Otherwise it is a finding itself, and the
    findings differ. If `today` is later, nothing may have come up since that would stop approval: a route may have
    expired, or a waiver ended. A real letter that is dated later than `today` may not rest on calls that nobody has
    made yet. Also raises the errors with a code of their own that the renderers raise.
    """
    letter, waivers = letter_in(record), waivers_in(record)
    with _refusing():
        faults = signatory_faults(record)
    for fault in faults:
        raise RecordNotProven(fault, _AGAIN, _PLACE)
    with _refusing():
        rendered = render_artefacts(letter)
        report = check_letter(letter, today=letter.dated, waivers=waivers, artefacts=rendered)
        honest = record_of(letter, rendered, report, waivers)
    if record.get("engine") != honest["engine"]:
        raise RecordNotProven("It was composed with another version of everyfamily.", _AGAIN, _PLACE)
    if record.get("rule_set") != honest["rule_set"]:
        raise RecordNotProven(
            f"It was checked with another set of rules than {honest['rule_set']}, which is this version's.",
            _AGAIN,
            _PLACE,
        )
    if other := _differing(record, rendered):
        raise RecordNotProven(f"The record's letter does not look like {other[0]}.", _AGAIN, _PLACE)
    for name in sorted({*files, *rendered}):
        if files.get(name) != rendered.get(name):
            raise RecordNotProven(
                f"The file {name} does not show the record's letter.", _AGAIN, SourceLocation(name)
            )
    if not report.is_complete:
        # If something is not known, it is refused: the record says what was found, not what nobody looked for.
        left = (*(skipped.code for skipped in report.skipped), *report.left_out)
        raise RecordNotProven(f"{left[0]} could not look at the letter.", _AGAIN, _PLACE)
    if record.get("findings") != as_rows(report):
        raise RecordNotProven("The findings in the record are not what the checks find.", _AGAIN, _PLACE)
    if record != honest:
        raise RecordNotProven("The record has something in it that composing does not put there.", _AGAIN, _PLACE)
    require_still_good(letter, rendered, waivers, today)


def require_still_good(
    letter: Letter, rendered: Mapping[str, bytes], waivers: Sequence[Waiver], today: date
) -> None:
    """Raise RecordNotProven if something on `today` would stop approval of a letter (files: name -> bytes)."""
    if today <= letter.dated:
        if not letter.demonstration and (ahead := later_than(letter, today)):
            raise RecordNotProven(f"{ahead[0]}.", _ROUND, _PLACE)
        return
    report = check_letter(letter, today=today, waivers=waivers, artefacts=rendered)
    stopping = next((found for found in report.findings if found.severity is not Severity.ADVICE), None)
    if stopping is not None:
        raise RecordNotProven(
            f"Since it was composed, {stopping.code} came up: {stopping.message}.", _AGAIN, _PLACE
        )


def later_than(letter: Letter, today: date) -> list[str]:
    """What a letter rests on that is dated after `today`, as sentences without their full stop."""
    checks = [
        f'The route "{route.id}" was not checked yet: checked_on {route.checked_on} is in the future'
        for route in letter.routes
        if route.checked_on is not None and route.checked_on > today
    ]
    return checks + [
        f'The promise "{promise.id}" was not agreed yet: agreed_on {promise.agreed_on} is in the future'
        for promise in letter.promises
        if promise.agreed_on > today
    ]


@contextmanager
def _refusing() -> Iterator[None]:
    """A record comes from another body, so it may hold a letter that no template or rule expects."""
    try:
        yield
    except EveryfamilyError:
        raise
    except Exception as problem:
        # The message may quote the record. The class does not.
        raise RecordNotProven(
            f"This version cannot render and check the record's letter ({type(problem).__name__}).",
            _AGAIN,
            _PLACE,
        ) from problem


def letter_in(record: Mapping[str, Any]) -> Letter:
    """The letter that a record holds. Raises RecordNotProven if it is not a letter."""
    try:
        return letter_of(record)
    except (ValidationError, KeyError, TypeError) as problem:
        raise RecordNotProven("The record has no letter that can be read.", _AGAIN, _PLACE) from problem


def waivers_in(record: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """The waivers that a record holds. Raises RecordNotProven if they are not waivers."""
    try:
        return waivers_of(record)
    except (ValidationError, KeyError, TypeError) as problem:
        raise RecordNotProven("The record's waivers cannot be read.", _AGAIN, _PLACE) from problem


def _differing(record: Mapping[str, Any], rendered: Mapping[str, bytes]) -> list[str]:
    sealed = record.get("artefacts")
    if not isinstance(sealed, dict):
        raise RecordNotProven("The record does not name its files.", _AGAIN, _PLACE)
    return [
        name
        for name in sorted({*sealed, *rendered})
        if name not in rendered or sealed.get(name) != hashlib.sha256(rendered[name]).hexdigest()
    ]
