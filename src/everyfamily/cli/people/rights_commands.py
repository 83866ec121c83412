"""What a school's lead says about all its people: that restrictions, leavers and deaths are right as of now."""

from __future__ import annotations

import json
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
    from everyfamily.people.actions.decided.responsibility import attest_parents, unclear_count
    from everyfamily.people.actions.decided.restrictions import attest_restrictions, links_not_said
    from everyfamily.people.actions.schools.schools import attest_school
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    now = datetime.now(UTC)
    attest_school(school.id, by=by, now=now)
    lifted = attest_restrictions(school.id, by=by, now=now) if checked else 0
    parents = attest_parents(school.id, by=by, now=now) if parents_checked else 0
    left, unclear = links_not_said(school.id), unclear_count(school.id)
    if as_json:
        counts = {"lifted": lifted, "not_said": left, "parents": parents, "parents_not_said": unclear}
        click.echo(json.dumps({"attested_at": now.isoformat()} | counts))
        return
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
            f"{of(parents, 'link')} said neither responsibility nor care; by your word they are parents or carers."
        )
    click.echo(NOT_SEEN)
    if unclear:
        click.echo(
            f"Of {of(unclear, 'link')} nobody has said that the adult is a parent or carer: they wait. See them with "
            f"`everyfamily parents list --school {urn}`"
            + ("." if parents_checked else "; if all are, attest with --parents-checked.")
        )
    click.echo(f"Who still waits for a decision: everyfamily restrictions list --school {urn}")


COMMANDS: tuple[click.Command, ...] = (attest,)
"""In the order of the help."""
