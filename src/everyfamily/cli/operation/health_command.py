"""health: whether somebody looks after the mailings, for a person and for a monitor."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.hints import steps_as_lines
from everyfamily.config.start import prepare


@click.command()
@json_option
def health(as_json: bool) -> None:
    """Say whether a worker is alive and whether every wave that is due has begun.

    It also says whether an account asks for many pages that are not theirs, and whether second factors need an earlier
    key for sign-in.
    For a monitor: it ends with 0 if all is well, 1 if somebody must act, and 2 or 75 if it could not look.
    """
    prepare(migrate=False)
    from everyfamily.accounts.refusal_queries import steps_of, who_tries_doors
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries import health
    from everyfamily.mailings.queries.health_steps import health_steps
    from everyfamily.staff.doors.sealing_again import other_keys

    found, doors, keys = health.health(), who_tries_doors(clock.now), other_keys()
    of_keys = list(keys.steps()) if keys else []
    is_good = found.is_good and not doors and not of_keys
    if as_json:
        rows = asdict(found) | {"trying_doors": [asdict(one) for one in doors], "is_good": is_good}
        rows["second_factors"] = None if keys is None else asdict(keys)
        click.echo(json.dumps(rows, default=date.isoformat, ensure_ascii=False))
    else:
        good = f"All is well. Workers alive: {found.workers.alive}. Mailings open: {found.open_mailings}."
        click.echo("\n".join(steps_as_lines([*health_steps(found), *steps_of(doors), *of_keys])) or good)
    click.get_current_context().exit(0 if is_good else 1)
