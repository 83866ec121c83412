"""everyfamily demo: the whole process on this machine, with an invented city."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from everyfamily.cli.console.shown import of
from everyfamily.parentsite.serving import require_free, serve
from everyfamily_demo.schools import CitySize, demo_schools
from everyfamily_demo.workspace import BEGINS, Workspace, choose_workspace, open_database, prepare_workspace
from everyfamily_postgres.folders import default_home
from everyfamily_postgres.throwaway import Throwaway, holds_database, read_mark, remove, throwaways


@click.command(name="demo")
@click.option("--city", "size", type=click.Choice(["small", "full"]), default="small", help="24 schools, or all.")
@click.option("--year", "whole_year", is_flag=True, help="Play a school year of five letters, and stop.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), help="Folder to make (and remake).")
@click.option("--seed", default=7, help="A different seed makes different families.")
@click.option("--no-serve", is_flag=True, help="Stop at the end, instead of serving the product until Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(1024, 65535),
    default=8047,
    show_default=True,
    help="Port of the parent site. The pages for staff have the next one.",
)
@click.option(
    "--list",
    "lists",
    is_flag=True,
    help="Show the databases that demonstrations and tests left behind, and stop.",
)
@click.option("--remove", "removes", is_flag=True, help="Remove those that nobody is using, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print only one JSON object with the figures.")
def run_demo(
    size: CitySize,
    whole_year: bool,
    out: Path,
    seed: int,
    no_serve: bool,
    port: int,
    lists: bool,
    removes: bool,
    as_json: bool,
) -> None:
    """Play one letter from start to end: make it, agree it, send it to an invented city, account for every child.

    Nothing leaves this machine, and every person in it is invented. Each checkout has its own database, and the
    demo refuses any other. At the end it serves the parent site and the pages for staff, only on this machine, with a
    second letter on its way, a third that waits for approval, and an account for each role.
    """
    if lists or removes:
        _left_over(removes, as_json)
        return
    console = Console(quiet=as_json, highlight=False)
    serves = not no_serve and not as_json and not whole_year
    if serves:
        require_free(port)
        require_free(port + 1)
    workspace = choose_workspace(out, seed=seed)
    stop_database = open_database(BEGINS)
    try:
        prepare_workspace(workspace)
        play = _play_year if whole_year else _play
        figures = play(workspace, console, size, seed)
        if as_json:
            click.echo(json.dumps(figures, ensure_ascii=False))
        elif serves:
            _serve(workspace, port, size, seed)
    finally:
        stop_database()


def _serve(workspace: Workspace, port: int, size: CitySize, seed: int) -> None:
    """The parent site and the pages for staff, until Ctrl-C."""
    from everyfamily.people.queries import open_schools
    from everyfamily_demo.served import print_sign_ins, product

    # Like Ctrl-C: what was started for the pages must end with them.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    attest = {int(school.urn) for school in demo_schools(size, seed) if school.attests}
    with product(workspace, port + 1, [one.id for one in open_schools() if one.urn in attest]) as sign_ins:
        click.echo(f"\nThe parent site: http://127.0.0.1:{port}/")
        for line in print_sign_ins(sign_ins, port + 1, workspace.keys):
            click.echo(line)
        click.echo("Ctrl-C ends both.")
        serve(workspace.folder / "site" / "public", "", port)


def _left_over(removes: bool, as_json: bool) -> None:
    """List what demonstrations and tests left, recognised by their mark. A real database has none."""
    found = throwaways(os.environ)
    if removes:
        for one in found:
            if not one.running:
                remove(one)
    if as_json:
        click.echo(json.dumps([_as_values(one, removes) for one in found]))
        return
    for one in found:
        click.echo(_as_line(one, removes))
    gone = sum(one.bytes for one in found if removes and not one.running)
    click.echo(
        f"Removed: {_megabytes(gone)}."
        if removes
        else f"{_megabytes(sum(one.bytes for one in found))} in {of(len(found), 'place')}. "
        "`everyfamily demo --remove` removes those that nobody is using."
    )
    if (old := _of_an_earlier_version()) is not None:
        click.echo(
            f"{old} has no mark. A demonstration of an earlier version may have made it; look into it, and delete it "
            "yourself."
        )


def _as_line(one: Throwaway, removes: bool) -> str:
    state = "in use" if one.running else "removed" if removes else "stopped"
    gone = ", whose checkout is gone" if one.is_orphan else ""
    who = "a demonstration" if one.made_by == "demo" else "tests"
    return f"{_megabytes(one.bytes):>9}  {one.place}  made by {who}{gone}; {state}"


def _as_values(one: Throwaway, removes: bool) -> dict[str, Any]:
    return {
        "place": str(one.place),
        "made_by": one.made_by,
        "made_for": str(one.made_for),
        "in_use": one.running,
        "bytes": one.bytes,
        "removed": removes and not one.running,
    }


def _of_an_earlier_version() -> Path | None:
    old = default_home(os.environ) / "demo"
    return old if holds_database(old) and read_mark(old) is None else None


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f} MB"


def _play(workspace: Workspace, console: Console, size: CitySize, seed: int) -> dict[str, Any]:
    # Only now, because what follows needs Django to be set up on the demo's database.
    from everyfamily_demo import steps
    from everyfamily_demo.outcome import print_outcome

    run = steps.DemoRun(workspace, console)
    sealed, sealing_key = steps.make_letter(run)
    schools = demo_schools(size, seed)
    steps.import_city(run, schools)
    mailing_id = steps.reach_city(run, schools, sealed, sealing_key, kills_one=size == "full")
    city = steps.account_city(run, mailing_id, sealed)
    steps.publish_site(run)
    return print_outcome(run, city, size=size)


def _play_year(workspace: Workspace, console: Console, size: CitySize, seed: int) -> dict[str, Any]:
    from everyfamily_demo import steps, year
    from everyfamily_demo.year_outcome import print_year

    run = steps.DemoRun(workspace, console)
    return print_year(year.play_year(run, demo_schools(size, seed)), size=size)
