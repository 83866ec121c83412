"""Send the letter that follows a wrong one: a correction at once, to exactly those who had it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.cli.hints import steps_as_lines
from everyfamily.cli.mailings.opening import sealed_in
from everyfamily.core.actors import Actor
from everyfamily.mailings.actions.planning.opened_steps import correction_steps, steps_of_those_who_send
from everyfamily.mailings.actions.planning.starting import start_correction
from everyfamily.mailings.queries.returns import return_standings


def send_correction(letter: Path, *, corrects: str, sealing_key: str, by: Actor, as_json: bool) -> None:
    """Open the mailing of a sealed correction: every school at once, by day and on any day."""
    sent = sealed_in(letter, sealing_key)
    opened = start_correction(sent, corrects=corrects, by=by, now=datetime.now(UTC))
    reference = sent.seal.record["reference"]
    themselves = [school.urn for school in return_standings(opened.id)]
    if as_json:
        click.echo(json.dumps(asdict(opened) | {"corrects": corrects, "send_themselves": themselves}))
        return
    steps = [
        *correction_steps(opened, reference=reference, corrects=corrects),
        *steps_of_those_who_send(themselves, reference=reference),
    ]
    click.echo("\n".join(steps_as_lines(steps)))
