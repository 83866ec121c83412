"""Who may be written to: what waits for the lead's decision, and the decision, one by one or for a class.

A link is given by a number from a list, because a name on a command line stays in the shell's history.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.rows import as_json_rows, school_id_of
from everyfamily.cli.console.shown import of, shown, value
from everyfamily.cli.people.shared_way_commands import list_shared, one_home, tell_homes_apart
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.adults.batches import KINDS, MAY_BE_OPENED

if TYPE_CHECKING:
    from everyfamily.people.actions.decided.batch_decisions import BatchDecided
    from everyfamily.people.actions.decided.restrictions import LinkToReview

DECISIONS = ("none", "hold", "do not send")
PAGE = 50
"""Links with names shown in a terminal at once."""
SHOWN_UNASKED = 20
"""If there are this many or fewer, names are shown although no class or kind was asked for."""

_by = by_option("Who decides")
_class = click.option("--class", "class_name", help="Only children of this class.")
_year = click.option("--year", "year_group", help="Only children of this year group.")


@click.group()
def restrictions() -> None:
    """See what waits for the lead's decision about who may be written to, and decide."""


@restrictions.command(name="list")
@school_option
@click.option(
    "--stale", "which", flag_value="stale", help="Links that a person closed or opened over a term ago."
)
@click.option("--closed", "which", flag_value="closed", help="Every link that is not open, decided or not.")
@_class
@_year
@click.option("--kind", type=click.Choice(KINDS), help="Only links that wait for this reason.")
@click.option("--page", type=click.IntRange(1), default=1, help=f"Which {PAGE} of them to show with names.")
@json_option
def list_restrictions(
    urn: int,
    which: str | None,
    class_name: str | None,
    year_group: str | None,
    kind: str | None,
    page: int,
    as_json: bool,
) -> None:
    """Show the links that wait for a decision, by class and kind, and then with names, for the school's lead.

    Names are shown if you ask for a class, a year, a kind or a page, or if there are few.
    """
    prepare()
    from everyfamily.people.actions.decided.restrictions import LinksShown, links_to_review

    links_shown = LinksShown(which or "waiting")
    links = links_to_review(
        school_id_of(urn),
        now=datetime.now(UTC),
        shown=links_shown,
        class_name=class_name,
        year_group=year_group,
        kind=kind,
    )
    if as_json_rows(links, as_json):
        return
    _say_counts(links)
    asked = click.get_current_context().get_parameter_source("page") is not click.core.ParameterSource.DEFAULT
    if class_name or year_group or kind or asked or len(links) <= SHOWN_UNASKED:
        _say_links(links, page)
    elif links:
        click.echo(
            f'To see them with names: --class, --year or --kind, such as --class "{shown(links[0].class_name)}".'
        )
    _say_how_to_decide(urn, links, links_shown.value)


def _say_counts(links: Sequence[LinkToReview]) -> None:
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for link in links:
        kinds = counts.setdefault((link.year_group, link.class_name), {})
        kinds[link.kind] = kinds.get(link.kind, 0) + 1
    for (year, class_name), kinds in sorted(counts.items()):
        where = f"class {value(class_name, blank='not given')}" + (f", year {shown(year)}" if year else "")
        click.echo(f"{where}: " + ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())))


def _say_links(links: Sequence[LinkToReview], page: int) -> None:
    first = (page - 1) * PAGE
    for link in links[first : first + PAGE]:
        why = f" ({link.reason})" if link.reason and link.restriction != "none" else ""
        when = f", since {link.since:%-d %B %Y}" if link.since else ""
        who = f", decided by {link.reviewed_by}" if link.reviewed_by else ""
        click.echo(
            f"link {link.link}: child {value(link.pupil)}, {value(link.adult_name)} ({link.relationship}): "
            f"{link.restriction}{why}{when}{value(who, blank='')}"
        )
    left = len(links) - first - PAGE
    if left > 0:
        click.echo(f"{left:,} more: --page {page + 1}")


def _say_how_to_decide(urn: int, links: Sequence[LinkToReview], which: str) -> None:
    words = {"waiting": "waits for a decision", "stale": "needs a new look", "closed": "is closed"}
    if not links:
        click.echo(f"No link {words[which]}.")
        return
    click.echo(f"{of(len(links), 'link')}. A link is one adult of one child. To decide about one:")
    click.echo(f'  everyfamily restrictions decide --school {urn} --link NUMBER none --by "First Last"')
    click.echo('  (or hold, or "do not send")')
    silent = next((link for link in links if which == "waiting" and link.kind in MAY_BE_OPENED), None)
    if silent and len(links) > 1:
        click.echo(f"About all links that are {silent.kind} in a class, once somebody has looked:")
        click.echo(
            f"  everyfamily restrictions decide-batch --school {urn} {_group_of(silent)} "
            f'--kind "{silent.kind}" none --reason "..." --by "First Last" --dry-run'
        )


def _group_of(link: LinkToReview) -> str:
    if link.class_name:
        return f'--class "{shown(link.class_name)}"'
    return f'--year "{shown(link.year_group)}"' if link.year_group else "--all"


@restrictions.command()
@school_option
@click.option("--link", type=int, required=True, help="The link's number in the list.")
@click.argument("decision", type=click.Choice(DECISIONS))
@_by
def decide(urn: int, link: int, decision: str, by: Actor) -> None:
    """Decide about one link. Only a named person can open a link that was closed."""
    prepare()
    from everyfamily.people.actions.decided.restrictions import review_restriction

    reviewed = review_restriction(school_id_of(urn), link=link, decision=decision, by=by, now=datetime.now(UTC))
    click.echo(f"Link {link} was: {reviewed.was}. It is now: {decision}. Open mailings follow at once.")
    _say_also_held(reviewed.also_held)


@restrictions.command(name="decide-batch")
@school_option
@_class
@_year
@click.option("--all", "every", is_flag=True, help="Every class of the school.")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Links that wait for this reason.")
@click.argument("decision", type=click.Choice(DECISIONS))
@click.option(
    "--reason", required=True, help="What you looked at, in one line without names. Shown in the audit trail."
)
@click.option("--dry-run", is_flag=True, help="Say how many links would change, without changing them.")
@_by
def decide_batch(
    urn: int,
    class_name: str | None,
    year_group: str | None,
    every: bool,
    kind: str,
    decision: str,
    reason: str,
    dry_run: bool,
    by: Actor,
) -> None:
    """Decide about every link of one kind in a class, a year or the school, with one reason.

    You can open links together only if the file says nothing about them ("not said"). You can close all others
    together, but open them only one at a time with `decide`.
    """
    if every == bool(class_name or year_group):
        raise click.UsageError("Say which children: --class, --year or both, or --all.")
    prepare()
    from everyfamily.people.actions.decided.batch_decisions import Group, decide_in_a_batch

    done = decide_in_a_batch(
        school_id_of(urn),
        kind=kind,
        decision=decision,
        group=Group(class_name, year_group),
        reason=reason,
        by=by,
        now=datetime.now(UTC),
        dry_run=dry_run,
    )
    _say_batch(done, kind, decision, dry_run=dry_run)


def _say_batch(done: BatchDecided, kind: str, decision: str, *, dry_run: bool) -> None:
    if not done.links:
        click.echo(f"No link there is {kind}, so nothing {'would change' if dry_run else 'changed'}.")
    else:
        click.echo(
            f"{of(done.links, 'link')} ({kind}) between {of(done.adults, 'adult')} and {of(done.children, 'child')} "
            f"{'would be' if dry_run else 'are now'}: {decision}."
            + ("" if dry_run else " Open mailings follow at once.")
        )
    _say_also_held(done.also_held)
    if done.others:
        left = ", ".join(f"{count:,} {name}" for name, count in done.others)
        click.echo(f"Not touched, and still waiting there: {left}.")
    if dry_run:
        click.echo("This was a dry run: nothing was written.")


def _say_also_held(links: int) -> None:
    if links:
        click.echo(
            f"{of(links, 'link')} of the same name, at another address, may be the same adult. They are held "
            "until you decide about each."
        )


restrictions.add_command(list_shared)
restrictions.add_command(tell_homes_apart)
restrictions.add_command(one_home)

COMMANDS: tuple[click.Command, ...] = (restrictions,)
"""In the order of the help."""
