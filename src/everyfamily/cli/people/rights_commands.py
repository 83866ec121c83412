"""What a school's lead says about all its people: that restrictions, leavers and deaths are right as of now."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.shown import of
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor

NOT_SEEN = (
    "What everyfamily cannot see: what another school knows of a court order, also the school that a child came from, "
    "in this partnership too; and who else lives in the home that a copy goes to in a school bag. If an order or a "
    "child is new, ring the family's other schools."
)


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
    from everyfamily.people.actions.attesting import attest as attest_now
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    now = datetime.now(UTC)
    done = attest_now(school.id, restrictions=checked, parents=parents_checked, by=by, now=now)
    if as_json:
        click.echo(json.dumps({"attested_at": now.isoformat()} | asdict(done)))
        return
    lifted, left, parents, unclear = done.lifted, done.not_said, done.parents, done.parents_not_said
    click.echo(f"Attested for {school.name}. This counts for 24 hours.")
    if school.sends != "us":
        click.echo("This school sends the letter itself, so nothing of ours waits for it.")
    if lifted:
        click.echo(f"{of(lifted, 'link')} said nothing; by your word they have no restriction.")
    elif checked:
        click.echo("No link was waiting for this about restrictions, so nothing changed.")
    elif left:
        click.echo(
            f"{of(left, 'link')} said nothing about restrictions, so they are on hold. Look in the school's "
            "records, then attest with --restrictions-checked."
        )
    if parents_checked and not parents:
        click.echo("No link was waiting for this about parents and carers, so nothing changed.")
    elif parents_checked:
        click.echo(
            f"{of(parents, 'link')} did not say responsibility or care. You say that they are parents or carers."
        )
    click.echo(NOT_SEEN)
    if unclear:
        click.echo(
            f"Of {of(unclear, 'link')} nobody has said that the adult is a parent or carer: they wait. See them with "
            f"`everyfamily parents list --school {urn}`"
            + ("." if parents_checked else "; if all are, attest with --parents-checked.")
        )
    click.echo(f"To see who still waits for a decision: everyfamily restrictions list --school {urn}")


COMMANDS: tuple[click.Command, ...] = (attest,)
"""In the order of the help."""
