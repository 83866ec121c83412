"""everyfamily demo: the whole way on this machine, with an invented city."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from everyfamily.cli.demo.ground import BEGINS, Ground, choose_ground, lay_ground, open_database
from everyfamily.cli.demo.schools import CitySize, demo_schools
from everyfamily.parentsite.serving import require_free, serve


@click.command(name="demo")
@click.option("--city", "size", type=click.Choice(["small", "full"]), default="small", help="24 schools, or all.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), help="Folder to make (and remake).")
@click.option("--seed", default=7, help="Another seed makes other families.")
@click.option("--no-serve", is_flag=True, help="End when done, instead of serving the parent site until Ctrl-C.")
@click.option(
    "--port", type=click.IntRange(1024, 65535), default=8047, show_default=True, help="Of the parent site."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object and nothing else.")
def run_demo(size: CitySize, out: Path, seed: int, no_serve: bool, port: int, as_json: bool) -> None:
    """Make a letter, have it agreed and sealed, send it to an invented city, account for every child.

    Nothing leaves this machine, and every person in it is invented. It uses its own data folder and refuses a
    database that is not its own. At the end it serves the parent site on this machine alone.
    """
    console = Console(quiet=as_json, highlight=False)
    if not no_serve and not as_json:
        require_free(port)
    ground = choose_ground(out, seed=seed)
    stop_database = open_database(BEGINS)
    try:
        lay_ground(ground)
        figures = _play(ground, console, size, seed)
    finally:
        stop_database()
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False))
    elif not no_serve:
        click.echo(f"\nThe parent site: http://127.0.0.1:{port}/  (Ctrl-C ends it)")
        serve(ground.folder / "site" / "public", "", port)


def _play(ground: Ground, console: Console, size: CitySize, seed: int) -> dict[str, Any]:
    # Only now: what follows needs Django to be set up on the demo's database.
    from everyfamily.cli.demo import steps
    from everyfamily.cli.demo.outcome import print_outcome

    run = steps.DemoRun(ground, console)
    sealed, sealing_key = steps.make_letter(run)
    schools = demo_schools(size, seed)
    steps.import_city(run, schools)
    mailing_id = steps.reach_city(run, schools, sealed, sealing_key, kills_one=size == "full")
    city = steps.account_city(run, mailing_id, sealed)
    steps.publish_site(run)
    return print_outcome(run, city, size=size)
