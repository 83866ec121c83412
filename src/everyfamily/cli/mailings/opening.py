"""Open the mailing of a sealed letter, or show what opening it would do: the same steps, but a plan keeps none of
them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
from django.db import transaction

from everyfamily.cli.mailings.follow_up import follows_as
from everyfamily.cli.mailings.school_needs import needs_as_json, needs_as_lines
from everyfamily.cli.mailings.uncertain_lines import lines_on_uncertain
from everyfamily.cli.mailings.wave_plan import WavePlan, plan_as_json, plan_as_lines, plan_by_partnership
from everyfamily.core.actors import Actor
from everyfamily.core.letter.nothing_invented import require_letter_of_real_people
from everyfamily.core.sending.opening_times import require_not_past, require_routes_good
from everyfamily.letters.actions import record_sealed_letter
from everyfamily.letters.files.folder import read_artefacts, read_seal
from everyfamily.letters.files.record import letter_of
from everyfamily.mailings.actions.planning.opening import OpenMailing, open_mailing
from everyfamily.mailings.installation.stand_ins import require_carried
from everyfamily.mailings.queries.opening import Part, needs_of, parts_of

_OPEN = timedelta(days=42)
"""How long after its last wave a mailing stays open."""


@dataclass(frozen=True, slots=True)
class ToOpen:
    """The options that `send` was called with."""

    letter: Path
    sealing_key: str
    opens_at: datetime
    partnership_file: Path
    schools_a_day: int
    replaces: str | None
    by: Actor


def show_plan(asked: ToOpen, now: datetime, *, as_json: bool) -> None:
    """Say what `open_and_say` would do. Raises what it would raise, and writes nothing."""
    with _nothing_kept():
        opened, plan, parts = _open(asked, now)
    needs = needs_of(parts)
    if as_json:
        click.echo(json.dumps({"waves": plan_as_json(plan), "schools": needs_as_json(needs)}, ensure_ascii=False))
        return
    click.echo("\n".join([*plan_as_lines(plan), *needs_as_lines(needs), *_uncertain(asked, opened)]))


def open_and_say(asked: ToOpen, now: datetime, *, as_json: bool) -> None:
    """Open the mailing. Raises anything that stops a letter from being imported, planned or opened, and then nothing is
    written."""
    with transaction.atomic():
        opened, plan, parts = _open(asked, now)
    if as_json:
        click.echo(json.dumps(asdict(opened)))
        return
    click.echo("\n".join([*plan_as_lines(plan), *needs_as_lines(needs_of(parts)), *_uncertain(asked, opened)]))
    days = len({at for _, at in plan.at().values()})
    click.echo(f"Mailing {opened.id} is open. We send for: {opened.schools_by_us} (in waves: {days}).")
    click.echo(
        f"Schools that send it themselves: {opened.schools_by_themselves}. Start `everyfamily worker` to begin."
    )


def _uncertain(asked: ToOpen, opened: OpenMailing) -> Iterator[str]:
    return lines_on_uncertain(letter_of(read_seal(asked.letter / "seal.json").record).reference, opened)


def _open(asked: ToOpen, now: datetime) -> tuple[OpenMailing, WavePlan, list[Part]]:
    require_not_past(asked.opens_at, now)
    sealed = read_seal(asked.letter / "seal.json")
    artefacts = read_artefacts(asked.letter, sealed.record)
    record_sealed_letter(sealed, artefacts, sealing_key=asked.sealing_key, by=asked.by, now=now)
    letter = letter_of(sealed.record)
    require_letter_of_real_people(letter)
    require_carried(demonstration=letter.demonstration)
    plan = plan_by_partnership(
        asked.partnership_file, opens_at=asked.opens_at, schools_a_day=asked.schools_a_day, term=letter.term
    )
    waves = plan.at()
    moments = [at for _, at in waves.values()]
    require_routes_good(letter, moments)
    opened = open_mailing(
        reference=letter.reference,
        term=letter.term,
        waves=waves,
        closes_at=max(moments, default=asked.opens_at) + _OPEN,
        reply_mailbox=letter.reply_mailbox,
        reply_owner=letter.reply_owner,
        by=asked.by,
        now=now,
        sending=plan.times(),
        own_days=plan.own_days(),
        follows=follows_as("replacement", asked.replaces) if asked.replaces is not None else None,
    )
    return opened, plan, parts_of(opened.id)


@contextmanager
def _nothing_kept() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
