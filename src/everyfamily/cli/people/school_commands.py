"""Schools: the national list and the council's own lists."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.who_acts import named
from everyfamily.cli.hints import steps_as_lines
from everyfamily.cli.people.figure_commands import figure, take_back
from everyfamily.cli.people.official_command import import_official_file
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.text.counts import of

_file = click.Path(path_type=Path)


@click.command(name="schools")
@click.argument("file", type=_file)
@click.option(
    "--la", "areas", type=int, multiple=True, help="Code of the local authority. Repeat it for several."
)
@click.option("--links", type=_file, help="The links file, if it is not in the zip file.")
@click.option("--although-older", is_flag=True, help="Take a list that is older than the last one.")
@click.option("--dry-run", is_flag=True, help="Say what would change, without writing it.")
@by_option("Who imports", required=False)
@click.option("--agreed-by", callback=named, help="Who compared the mailboxes in it: somebody else.")
@json_option
def import_schools_file(
    file: Path,
    areas: tuple[int, ...],
    links: Path | None,
    although_older: bool,
    dry_run: bool,
    by: Actor,
    agreed_by: Actor | None,
    as_json: bool,
) -> None:
    """Import a list of schools from FILE: the national list (zip or CSV), or your own (CSV).

    A mailbox in it takes two people, because the first lead of a school is invited there. A colleague agrees on
    the page Invite schools, or is named here with --agreed-by.
    """
    prepare()
    from everyfamily.accounts.actions.schools.mailboxes import ask_for_mailboxes
    from everyfamily.cli.people import school_report
    from everyfamily.people.edges.school_imports import import_schools

    now = datetime.now(UTC)
    done = import_schools(
        file,
        areas=areas,
        links=links,
        although_older=although_older,
        dry_run=dry_run,
        by=by,
        now=now,
    )
    mailboxes = done.changes.mailboxes
    waiting = len(mailboxes) if dry_run else ask_for_mailboxes(mailboxes, by, now, agreed_by)
    if as_json:
        said = school_report.as_json(done, dry_run=dry_run) | {"mailboxes_waiting": waiting}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    for line in school_report.as_lines(done, dry_run=dry_run):
        click.echo(line)
    if waiting and dry_run:
        click.echo(f"{of(waiting, 'school')}: the mailbox would wait for a second person.")
    elif waiting and agreed_by is None:
        click.echo(
            f"{of(waiting, 'school')}: the mailbox waits for a second person, who compares it and agrees on the"
        )
        click.echo("page Invite schools. Or import the list again with --agreed-by.")
    elif waiting:
        click.echo(
            f"{of(waiting, 'school')}: another mailbox waits for 24 hours. The school was told and can stop it."
        )


@click.group(name="schools", invoke_without_command=True)
@json_option
@click.pass_context
def show_schools(context: click.Context, as_json: bool) -> None:
    """Show the schools: who sends, what is known about each, and what is missing."""
    if context.invoked_subcommand is None:
        _show_schools(as_json)


def _show_schools(as_json: bool) -> None:
    prepare()
    from everyfamily.core.accounting.published import Figure
    from everyfamily.people.actions.schools.school_steps import school_steps
    from everyfamily.people.queries import school_standings

    schools = school_standings()
    if as_json:
        click.echo(json.dumps([asdict(school) for school in schools], ensure_ascii=False, default=str))
        return
    if not schools:
        click.echo(
            "There is no school yet. Next: everyfamily import schools FILE (docs/howto/import-schools.md)."
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("URN", "Name", "Kind", "Sends", "Roll", "Lead", "Mailbox", "Phone checked", "Roll here"):
        table.add_column(heading, justify="right" if heading.startswith("Roll") else "left")
    for school in schools:
        table.add_row(
            str(school.urn),
            escape(school.name),
            school.kind,
            school.sends,
            "not known" if school.roll_expected is None else f"{school.roll_expected:,}",
            *("yes" if known else "-" for known in (school.lead, school.mailbox, school.phone_checked)),
            "-" if school.children_held is None else str(Figure(school.children_held, exact=False)),
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    console.print(table)
    for line in steps_as_lines(school_steps(schools)):
        click.echo(line)


show_schools.add_command(figure)
show_schools.add_command(take_back)

IMPORTS: tuple[click.Command, ...] = (import_schools_file, import_official_file)
COMMANDS: tuple[click.Command, ...] = (show_schools,)
"""In the order of the help."""
