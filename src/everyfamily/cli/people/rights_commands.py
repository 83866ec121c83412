"""What a school's lead says about all its people: that restrictions, leavers and deaths are right as of now."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.hints import steps_as_lines
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor


@click.command()
@school_option
@by_option("Name of the school's lead")
@click.option(
    "--restrictions-checked",
    "checked",
    is_flag=True,
    help="The lead has checked: anyone who is not marked in the school's records has no restriction.",
)
@click.option(
    "--parents-checked",
    is_flag=True,
    help="The lead has checked: anyone who is listed without responsibility or care being said is a parent or carer.",
)
@json_option
def attest(urn: int, by: Actor, checked: bool, parents_checked: bool, as_json: bool) -> None:
    """A school's lead says that its restrictions, leavers and deaths are right as of now.

    This counts for 24 hours. If a wave begins later, the school is on hold until its lead attests again. If the
    file said nothing about restrictions, families are on hold until the lead gives --restrictions-checked. If
    the file said nothing about responsibility and care, adults wait until the lead gives --parents-checked.
    """
    prepare()
    from everyfamily.people.actions.attest_steps import attest_steps
    from everyfamily.people.actions.attesting import attest as attest_now
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    now = datetime.now(UTC)
    done = attest_now(school.id, restrictions=checked, parents=parents_checked, by=by, now=now)
    if as_json:
        click.echo(json.dumps({"attested_at": now.isoformat()} | asdict(done)))
        return
    steps = attest_steps(done, school, restrictions=checked, parents=parents_checked)
    click.echo("\n".join(steps_as_lines(steps)))


COMMANDS: tuple[click.Command, ...] = (attest,)
"""In the order of the help."""
