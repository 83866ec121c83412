"""ready: the checklist before the first real letter, as the page shows it, for whoever runs the machine."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.calendar.sending_window import LONDON

_SIGNS = {"yes": "done     ", "no": "TO DO    ", "not known": "not known"}


@click.command()
@json_option
def ready(as_json: bool) -> None:
    """Say what is done and what is left to do before the first real letter, as this machine sees it.

    It ends with 0 if nothing is left, and otherwise with 1. Run it where the worker runs and where the pages are
    served: each has its own environment.
    """
    prepare()
    from everyfamily.mailings.installation import clock
    from everyfamily.reports.readiness import checks, left
    from everyfamily.staff.ready.facts import facts_here

    now = clock.now()
    found = checks(facts_here(now), now.astimezone(LONDON).date())
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        for one in found:
            who = f" Who can do it: {one.who}." if one.answer != "yes" else ""
            click.echo(shown(f"{_SIGNS[one.answer]}  {one.name}. {one.sentence}{who}"))
        click.echo(f"{left(found)} of {len(found)} are still to be done.")
    click.get_current_context().exit(1 if left(found) else 0)
