"""joiners: the letters of the year so far, for families of children who joined since."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from everyfamily.cli.accounts.year_commands import settings_of
from everyfamily.cli.console.options import by_option, json_option
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.text.counts import of

if TYPE_CHECKING:
    from everyfamily.mailings.actions.planning.joining import ForJoiners

_opens = click.option(
    "--opens",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    required=True,
    help="Earliest time of the first letter, in London time. The next ones follow, one a week.",
)
_partnership = click.option(
    "--partnership",
    "partnership_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The partnership's file. Otherwise the settings in force.",
)


@click.group()
def joiners() -> None:
    """Send the letters of the year so far to families of children who joined since."""


@joiners.command()
@_partnership
@_opens
@json_option
def plan(partnership_file: Path | None, opens: datetime, as_json: bool) -> None:
    """Show which letters new families would get, and why not the others. Nothing is opened."""
    prepare()
    from everyfamily.core.calendar.sending_window import LONDON
    from everyfamily.mailings.actions.planning.joining import plan_for_joiners
    from everyfamily.mailings.installation import clock

    partnership = settings_of(partnership_file)
    _show(plan_for_joiners(partnership, opens_at=opens.replace(tzinfo=LONDON), now=clock.now()), as_json=as_json)


@joiners.command()
@_partnership
@_opens
@by_option("Who starts it", required=False)
@json_option
def start(partnership_file: Path | None, opens: datetime, by: Actor, as_json: bool) -> None:
    """Open a small mailing for each letter that is still good, at the schools with new children.

    Each school's lead attests before, as for any wave. Close each mailing when it is done: `everyfamily close`.
    """
    prepare()
    from everyfamily.core.calendar.sending_window import LONDON
    from everyfamily.mailings.actions.planning.joining import start_for_joiners
    from everyfamily.mailings.installation import clock

    partnership = settings_of(partnership_file)
    started = start_for_joiners(partnership, opens_at=opens.replace(tzinfo=LONDON), by=by, now=clock.now())
    _show(started, as_json=as_json)


@joiners.command()
@json_option
def account(as_json: bool) -> None:
    """Account for the new children of each mailing for late joiners.

    They are not in the account of the letter's first mailing. A child counts as reached also where an adult had the
    letter at this school before.
    """
    prepare()
    from everyfamily.mailings.installation import clock
    from everyfamily.reports.joiners import joiners_accounts

    found = joiners_accounts(clock.now())
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(one.in_words())
    if not found:
        click.echo("No letter has gone to families of new children yet.")


def _show(letters: Sequence[ForJoiners], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_as_values(one) for one in letters], ensure_ascii=False))
        return
    for one in letters:
        click.echo(_line(one))
    if not letters:
        click.echo("No letter has gone out in this school year.")


def _line(one: ForJoiners) -> str:
    if one.begins is None:
        return f"{one.reference}: not to new families. {one.why_not}"
    hour = f"{one.begins:%-I.%M%p}".lower().replace(".00", "")
    opened = f" Mailing {one.opened} is open." if one.opened is not None else ""
    return (
        f"{one.reference}: {of(one.children, 'child')} at {of(len(one.schools), 'school')}, "
        f"from {one.begins:%A %-d %B %Y}, {hour}.{opened}"
    )


def _as_values(one: ForJoiners) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "why_not": one.why_not,
        "children": one.children,
        "schools": [school.urn for school in one.schools],
        "begins": one.begins.isoformat() if one.begins is not None else None,
        "mailing": one.opened,
    }


COMMANDS: tuple[click.Command, ...] = (joiners,)
"""In the order of the help."""
