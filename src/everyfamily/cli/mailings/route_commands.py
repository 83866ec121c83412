"""The numbers and addresses in the hands of families: when each was last rung, and what somebody found."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.partnership.routes import Route

if TYPE_CHECKING:
    from everyfamily.mailings.queries.routes import RouteInUse

_name = click.argument("name")
_number = click.option("--number", help="Which number, if letters print different ones under this name.")
_note = click.option("--note", default="", help="What you found, in a few words without names or numbers.")
_partnership = click.option(
    "--partnership",
    "partnership_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The partnership's file, for routes that no letter prints yet. Otherwise the settings in force.",
)


@click.group()
def routes() -> None:
    """Ring the numbers that letters print, and record what you found."""


@routes.command(name="list")
@_partnership
@json_option
def list_(partnership_file: Path | None, as_json: bool) -> None:
    """Show the numbers and addresses of letters that still count: those to ring first come first."""
    prepare()
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries.routes import routes_in_use

    found = routes_in_use(clock.now(), _register(partnership_file))
    if as_json:
        click.echo(json.dumps([_row(one) for one in found], ensure_ascii=False))
        return
    if not found:
        click.echo("No letter that still counts prints a route.")
    for one in found:
        click.echo(shown(f"{one.route.id}  {one.route.place}: {_state(one)}. {one.route.owner}."))
        if one.letters:
            click.echo(f"    in {', '.join(one.letters)}")


@routes.command()
@_name
@_number
@_note
@_partnership
@by_option("Who rang it")
def rung(name: str, number: str | None, note: str, partnership_file: Path | None, by: Actor) -> None:
    """Record that you rang the number of the route NAME, or opened its address, just now, and that it is right.

    This counts for letters that are sealed already too. A mailing that a dead number stopped is resumed by a
    person.
    """
    prepare()
    from everyfamily.mailings.actions.guards.route_checks import route_is_good
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries.routes import route_in_use, routes_in_use

    now, register = clock.now(), _register(partnership_file)
    route = route_in_use(name, number, now, register)
    route_is_good(route, note=note, by=by, now=now)
    after = next(one for one in routes_in_use(now, register) if (one.route.id, one.route.place) == _key(route))
    click.echo(shown(f"Recorded: {route.place} is {_state(after)}."))


@routes.command()
@_name
@_number
@_note
@_partnership
@by_option("Who rang it")
def dead(name: str, number: str | None, note: str, partnership_file: Path | None, by: Actor) -> None:
    """Record that the number of the route NAME does not answer, or that its address does not open.

    Every mailing whose letter prints it stops before its next message.
    """
    prepare()
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries.routes import route_in_use

    now = clock.now()
    route = route_in_use(name, number, now, _register(partnership_file))
    stopped = route_is_dead(route, note=note, by=by, now=now)
    click.echo(shown(f"Recorded: {route.place} is dead."))
    for reference in stopped:
        click.echo(
            f"The mailing of {reference} is paused. Withdraw the letter, or resume when the number answers:"
        )
        click.echo(f'  everyfamily resume --reference {reference} --by "First Last"')
    click.echo("Make the parent site again, so that it shows the number no more: everyfamily site --route-checks")


def _register(file: Path | None) -> tuple[Route, ...]:
    """The routes of the file, or otherwise of the settings in force."""
    if file is not None:
        return load_partnership(file).routes
    from everyfamily.partnership.queries import in_force

    # A number that is dead can be reported while somebody mends the settings.
    with suppress(EveryfamilyError):
        found = in_force()
        return found.partnership.routes if found is not None else ()
    return ()


def _key(route: Route) -> tuple[str, str]:
    return route.id, route.place


def _state(one: RouteInUse) -> str:
    route = one.route
    if one.until is not None:
        return f"good until {one.until:%-d %B %Y}, checked by {route.checked_by} on {route.checked_on:%-d %B %Y}"
    if route.dead_since is not None:
        return f"dead since {route.dead_since:%-d %B %Y}"
    if route.expires_on is not None and route.checked_by is not None:
        return f"to be checked again since {route.expires_on:%-d %B %Y}"
    return "not checked by anybody yet"


def _row(one: RouteInUse) -> dict[str, object]:
    return {
        "id": one.route.id,
        "place": one.route.place,
        "state": one.state.value,
        "until": one.until.isoformat() if one.until else None,
        "checked_on": one.route.checked_on.isoformat() if one.route.checked_on else None,
        "checked_by": one.route.checked_by,
        "owner": one.route.owner,
        "letters": list(one.letters),
    }


COMMANDS: tuple[click.Command, ...] = (routes,)
"""In the order of the help."""
