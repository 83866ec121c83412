"""Open the mailing of a sealed letter, or show what opening it would do: the same steps, but a plan keeps none of
them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import click
from django.db import transaction

from everyfamily.cli.hints import steps_as_lines
from everyfamily.cli.mailings.school_needs import needs_as_json, needs_as_lines
from everyfamily.cli.mailings.wave_plan import plan_as_json, plan_as_lines
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.folder import read_artefacts, read_seal
from everyfamily.letters.files.record import letter_of
from everyfamily.mailings.actions.planning.opened_steps import uncertain_steps
from everyfamily.mailings.actions.planning.opening import OpenMailing
from everyfamily.mailings.actions.planning.starting import ToSend, start_in_waves
from everyfamily.mailings.queries.opening import Part, needs_of, parts_of


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
    reference = letter_of(read_seal(asked.letter / "seal.json").record).reference
    return steps_as_lines(uncertain_steps(reference, opened))


def _open(asked: ToOpen, now: datetime) -> tuple[OpenMailing, WavePlan, list[Part]]:
    opened, plan = start_in_waves(
        sealed_in(asked.letter, asked.sealing_key),
        partnership=load_partnership(asked.partnership_file),
        opens_at=asked.opens_at,
        schools_a_day=asked.schools_a_day,
        replaces=asked.replaces,
        by=asked.by,
        now=now,
    )
    return opened, plan, parts_of(opened.id)


def sealed_in(folder: Path, sealing_key: str) -> ToSend:
    """The sealed letter in a folder."""
    seal = read_seal(folder / "seal.json")
    return ToSend(seal, read_artefacts(folder, seal.record), sealing_key)


@contextmanager
def _nothing_kept() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
