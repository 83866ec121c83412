"""Send the letter that follows a wrong one: a correction at once, to exactly those who had it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.cli.console.shown import of
from everyfamily.cli.mailings.opening import sealed_in
from everyfamily.cli.mailings.uncertain_lines import lines_on_uncertain
from everyfamily.core.actors import Actor
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
    click.echo(f"Mailing {opened.id} is open. It goes to the adults who had {corrects}, and to nobody else.")
    click.echo("It goes out between 9am and 6pm, today if it is earlier: start `everyfamily worker`.")
    click.echo(
        "Adults who had it and may not be written to now, for each school's lead: everyfamily owed list --school URN"
    )
    for line in lines_on_uncertain(reference, opened):
        click.echo(line)
    if themselves:
        urns = ", ".join(str(urn) for urn in themselves)
        click.echo(f"Send themselves: {of(len(themselves), 'school')} ({urns}).")
        click.echo(
            "Each gets a mail with the new kit behind a link, and files a new return there, once you give:"
        )
        click.echo(f"  everyfamily returns open --reference {reference} --due DAY --closes DAY")
        click.echo("The kit for handing over by another way:")
        click.echo(f"  everyfamily send-kit {letter} --out kit-{reference}")
