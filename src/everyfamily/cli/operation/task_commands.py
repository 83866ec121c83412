"""What waits for a person, and how fast a carrier may be called."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import of, shown
from everyfamily.cli.hints import hint, in_words
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor


@click.command()
@json_option
def tasks(as_json: bool) -> None:
    """Show what waits for a person, in every mailing and school: what, whose, by when.

    For a roll before its first mailing, see `everyfamily restrictions list`, `parents list` and `leavers list`.
    """
    prepare()
    from everyfamily.mailings.queries.health import health
    from everyfamily.mailings.queries.health_steps import nobody_works
    from everyfamily.mailings.queries.tasks import open_tasks, waves_as_tasks
    from everyfamily.work.queries.work import failed_work

    state = health()
    found = sorted(
        [*open_tasks(), *waves_as_tasks(state.not_begun)],
        key=lambda task: (task.due_on, task.urn or 0, task.kind),
    )
    failed = failed_work()
    if as_json:
        rows = [{**asdict(task), "due_on": task.due_on.isoformat()} for task in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if state.is_unattended:
        click.echo(in_words(nobody_works(state.workers)))
    elif not found and not failed:
        click.echo("Nothing waits for a person.")
    for work in failed:
        click.echo(f"{work.at:%a %-d %b %Y}  {work.what[:1].upper()}{work.what[1:]} failed. Administrator.")
        click.echo(f"    {work.fact} ({work.code}; asked for by {shown(work.asked_by)})")
    for task in found:
        where = f"{task.reference}, the whole mailing"
        if task.urn:
            where = f"{task.reference}, school {task.urn}" if task.reference else f"Roll of school {task.urn}"
        count = f" ({task.count})" if task.count > 1 else ""
        click.echo(f"{task.due_on:%a %-d %b %Y}  {where}: {task.what}{count}. {task.owner}.")
        if task.fact:
            more = hint(task.kind)
            click.echo(f"    {task.fact}" + (f" ({more})" if more else ""))


@click.command()
@click.argument("provider", required=False)
@click.option("--per-minute", type=click.IntRange(1, 1_000_000), help="Messages a minute, all workers together.")
@click.option("--at-once", type=click.IntRange(1, 500), help="Workers that may call it at the same time.")
@click.option("--no-limit", is_flag=True, help="Remove every limit.")
@by_option("Who sets it", required=False)
@json_option
def pace(
    provider: str | None, per_minute: int | None, at_once: int | None, no_limit: bool, by: Actor, as_json: bool
) -> None:
    """Show, or set, how fast a PROVIDER (smtp, notify, anymail, "print folder", recording) is called.

    The limit is for all workers on all machines together. They use a new limit from their next page.
    """
    if no_limit and (per_minute is not None or at_once is not None):
        raise click.UsageError("--no-limit takes no number.")
    sets = no_limit or per_minute is not None or at_once is not None
    if sets and provider is None:
        raise click.UsageError("Name the PROVIDER whose pace you want to set.")
    prepare()
    from everyfamily.mailings.actions.guards.pace import paces, set_pace

    if sets and provider is not None:
        _know(provider)
        set_pace(provider, per_minute=per_minute, at_once=at_once, by=by, now=datetime.now(UTC))
    found = [one for one in paces() if provider in (None, one.provider)]
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found]))
        return
    if not found:
        click.echo("No limit is set: a carrier is called as fast as it answers.")
    for one in found:
        parts = [
            of(one.per_minute, "message") + " a minute" if one.per_minute else "",
            of(one.at_once, "worker") + " at once" if one.at_once else "",
        ]
        click.echo(f"{one.provider}: {', '.join(part for part in parts if part)}.")


def _know(provider: str) -> None:
    from everyfamily.mailings.actions.guards.pace import PROVIDERS

    if provider not in PROVIDERS:
        raise click.UsageError(f"No provider of this name. There are: {', '.join(PROVIDERS)}.")


COMMANDS: tuple[click.Command, ...] = (tasks, pace)
"""In the order of the help."""
