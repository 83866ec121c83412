"""What the council says about its list of schools: a newer figure, and a list for the wrong area."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.rows import school_id_of
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.schools.official_figures import LARGEST

_by = by_option("Who says so")


@click.command(name="figure")
@click.option("--school", "urn", type=int, required=True, help="URN of the school, or of a list of your own.")
@click.option("--children", type=click.IntRange(0, LARGEST), required=True, help="How many children it has.")
@click.option(
    "--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The day they were counted."
)
@click.option("--source", required=True, help="Where the figure is from, such as: school census, October 2026.")
@_by
@json_option
def figure(urn: int, children: int, as_of: datetime, source: str, by: Actor, as_json: bool) -> None:
    """File a newer official figure of a school or list: the school census, or a return on children educated at home.

    The newest figure counts, and coverage names it with its day.
    """
    prepare()
    from everyfamily.people.actions.schools.figures import file_figure

    filed = file_figure(
        school_id_of(urn), children=children, as_of=as_of.date(), source=source, by=by, now=datetime.now(UTC)
    )
    before = None if filed.before is None else filed.before.children
    if as_json:
        click.echo(
            json.dumps(
                {"urn": filed.urn, "children": children, "as_of": as_of.date().isoformat(), "before": before}
            )
        )
        return
    was = "No figure was known." if before is None else f"It was {before:,}."
    click.echo(f"Filed for {shown(filed.name)} ({filed.urn}): {children:,} children. {was}")
    click.echo("Tomorrow's coverage uses it. --live shows it now.")


@click.command(name="take-back")
@click.option(
    "--la", "areas", type=int, multiple=True, required=True, help="Code of the area whose list was wrong."
)
@click.option(
    "--school", "urns", type=int, multiple=True, help="Only this school of the list. Repeat it for several."
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed, without removing it.")
@_by
@json_option
def take_back(areas: tuple[int, ...], urns: tuple[int, ...], dry_run: bool, by: Actor, as_json: bool) -> None:
    """Take back a national list that was imported for the wrong area, and remove its schools.

    This is refused if one of them has a roll, a return or a part in a mailing.
    """
    prepare()
    from everyfamily.mailings.queries.mailings import schools_in_mailings
    from everyfamily.people.actions.schools.taking_back import take_back_schools

    gone = take_back_schools(
        areas=areas, urns=urns, in_mailings=schools_in_mailings(), dry_run=dry_run, by=by, now=datetime.now(UTC)
    )
    if as_json:
        schools = [{"urn": school.urn, "name": school.name} for school in gone]
        click.echo(json.dumps({"dry_run": dry_run, "taken_back": schools}, ensure_ascii=False))
        return
    for school in gone:
        click.echo(f"  {school.urn} {shown(school.name)}")
    word = "would be taken back" if dry_run else "taken back"
    click.echo(f"{len(gone):,} {'school' if len(gone) == 1 else 'schools'} {word}.")
    if dry_run:
        click.echo("This was a dry run: nothing was written.")
