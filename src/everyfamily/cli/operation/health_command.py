"""health: whether somebody looks after the mailings, for a person and for a monitor."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import of
from everyfamily.config.start import prepare

if TYPE_CHECKING:
    from everyfamily.mailings.queries.health import Health, NotBegun, Workers


@click.command()
@json_option
def health(as_json: bool) -> None:
    """Say whether a worker is alive and whether every wave that is due has begun.

    For a monitor: it ends with 0 if all is well, 1 if somebody must act, and 2 or 75 if it could not look.
    """
    prepare(migrate=False)
    from everyfamily.mailings.queries import health

    found = health.health()
    if as_json:
        rows = asdict(found) | {"is_good": found.is_good}
        click.echo(json.dumps(rows, default=datetime.isoformat, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(found)))
    click.get_current_context().exit(0 if found.is_good else 1)


def _lines(found: Health) -> list[str]:
    lines = []
    if found.is_unattended:
        lines += nobody_works(found.workers)
    lines += [f"Letter {one.reference}, school {one.urn}: {has_not_begun(one)}" for one in found.not_begun]
    lines += [
        f"Letter {one}: its mailing has stopped by itself. See why: everyfamily tasks" for one in found.paused
    ]
    if found.failed_jobs:
        lines.append(
            f"{of(found.failed_jobs, 'job')} failed in the last hour. The workers' log says why: please report it."
        )
    if lines:
        return lines
    return [f"All is well. Workers alive: {found.workers.alive}. Mailings open: {found.open_mailings}."]


def nobody_works(workers: Workers) -> list[str]:
    """A line that says that no worker is alive, since when, and what to do."""
    since = (
        f"The last sign of life was {_long(workers.silent_for)} ago. " if workers.silent_for is not None else ""
    )
    return [
        f"No worker is alive, and a mailing is open. {since}Letters wait, and nothing that comes back is heard.",
        "  Start one: everyfamily worker (docs/howto/run-the-workers.md has a service for it).",
    ]


def has_not_begun(one: NotBegun) -> str:
    """When a school's wave should have begun."""
    return f"its wave was due on {one.due_at:%-d %B at %H:%M} and has not begun."


def _long(seconds: float) -> str:
    if seconds < 120:
        return of(round(seconds), "second")
    if seconds < 7200:
        return of(round(seconds / 60), "minute")
    return of(round(seconds / 3600), "hour")
