"""Ways that are closed because somebody who may not have the letter shares them, and homes that are told apart."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.rows import as_json_rows, school_id_of
from everyfamily.cli.console.shown import of, value
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor

_by = by_option("Who decides")
_SHARED = {"email": "in the inbox", "text": "on the phone", "post": "at the home"}


@click.command(name="shared")
@school_option
@json_option
def list_shared(urn: int, as_json: bool) -> None:
    """Show the ways closed because somebody who may not have the letter shares them, with names, for the lead."""
    prepare()
    from everyfamily.people.actions.decided.shared_homes import shared_ways

    ways = shared_ways(school_id_of(urn), now=datetime.now(UTC))
    if as_json_rows(ways, as_json):
        return
    for way in ways:
        doubt = ": perhaps another home, the two addresses do not say" if way.is_doubted else ""
        shut = f" ({value(way.shut_name)}, way {way.shut})"
        children = ", ".join(value(pupil) for pupil in way.pupils)
        click.echo(
            f"way {way.way}: {value(way.adult_name)} (child {children}), {_SHARED[way.channel]} of somebody who may "
            f"not have the letter{shut}{doubt}"
        )
    if not ways:
        click.echo("No way of an adult who may have the letter is closed because of somebody who may not.")
        return
    click.echo(f"{of(len(ways), 'way')}. The letter goes to these adults by another way, or not at all.")
    click.echo("If a home is another home, a named person says so, one at a time:")
    click.echo(
        f'  everyfamily restrictions tell-apart --school {urn} --way NUMBER --from NUMBER --by "First Last"'
    )
    click.echo("  (or one-home, if the addresses are one)")


@click.command(name="tell-apart")
@school_option
@click.option("--way", type=int, required=True, help="The home's number in `restrictions shared`.")
@click.option("--from", "shut", type=int, required=True, help="The way of the adult who may not have the letter.")
@_by
def tell_homes_apart(urn: int, way: int, shut: int, by: Actor) -> None:
    """Say that the adult who may not have the letter does not live in this home. It counts only for that adult."""
    prepare()
    from everyfamily.people.actions.decided.shared_homes import tell_apart

    tell_apart(school_id_of(urn), way=way, shut=shut, by=by, now=datetime.now(UTC))
    click.echo(f"Way {way} is another home than way {shut}. Open mailings follow at once.")


@click.command(name="one-home")
@school_option
@click.option("--way", type=int, required=True, help="The home's number in `restrictions shared`.")
@click.option("--from", "shut", type=int, required=True, help="The way of the adult who may not have the letter.")
@_by
def one_home(urn: int, way: int, shut: int, by: Actor) -> None:
    """Say that two addresses are one home, also if they were told apart. It stays closed, and nobody asks again."""
    prepare()
    from everyfamily.people.actions.decided.shared_homes import say_one_home

    new = say_one_home(school_id_of(urn), way=way, shut=shut, by=by, now=datetime.now(UTC))
    click.echo(f"Way {way} is one home with way {shut}." if new else "That was already recorded.")
