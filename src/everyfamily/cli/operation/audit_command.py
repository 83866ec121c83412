"""audit: who did what, and when. It has no name of a family, a child or an address."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.calendar.sending_window import LONDON

if TYPE_CHECKING:
    from everyfamily.audit.queries.events import Event


@click.command()
@click.option("--school", "urn", type=int, help="What was done about one school's people: its URN.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="From this day on.")
@click.option("--action", default="", help='Only events with these words, such as "close" or "attest".')
@json_option
def audit(urn: int | None, since: datetime | None, action: str, as_json: bool) -> None:
    """Read the audit trail: who did what, and when, in the partnership or at one school.

    It shows adults and children by number. Without --school it shows what the partnership did: letters,
    mailings, lists of schools, keys. What was done about a school's people is shown for one school at a time.
    """
    prepare()
    from everyfamily.people.queries import school_by_urn

    school_id = school_by_urn(urn).id if urn is not None else None
    from_day = since.replace(tzinfo=LONDON) if since is not None else None
    events = _events(school_id, from_day, action)
    if as_json:
        _print_json(events)
        return
    first = next(events, None)
    if first is None:
        click.echo("Nothing like that is in the audit trail.")
        return
    lines = (f"{_line(event)}\n" for event in _with_first(first, events))
    if sys.stdout.isatty():
        click.echo_via_pager(lines)
        return
    for line in lines:
        click.echo(line, nl=False)


def _events(school_id: int | None, since: datetime | None, action: str) -> Iterator[Event]:
    """One page at a time, each in its own transaction, so that a slow reader does not hold one open."""
    from everyfamily.audit.queries.events import events_after
    from everyfamily.people.database.tenancy import tenant

    last = 0
    while True:
        if school_id is None:
            page = events_after(last, school_id=None, since=since, action=action)
        else:
            with tenant(school_id):
                page = events_after(last, school_id=school_id, since=since, action=action)
        if not page:
            return
        yield from page
        last = page[-1].id


def _with_first(first: Event, rest: Iterator[Event]) -> Iterator[Event]:
    yield first
    yield from rest


def _line(event: Event) -> str:
    at = f"{event.at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"
    about = " ".join(part for part in (event.subject_type, event.subject_id) if part)
    detail = ", ".join(f"{name} {_plain(value)}" for name, value in event.detail.items())
    return shown(f"{at}  {event.actor}: {event.action}, {about}" + (f" ({detail})" if detail else ""))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _print_json(events: Iterator[Event]) -> None:
    """One list, written row by row, because a trail may be too long for memory."""
    click.echo("[", nl=False)
    for n, event in enumerate(events):
        row = {name: value for name, value in asdict(event).items() if name != "id"}
        row["at"] = event.at.isoformat()
        click.echo((",\n " if n else "") + json.dumps(row, ensure_ascii=False), nl=False)
    click.echo("]")
