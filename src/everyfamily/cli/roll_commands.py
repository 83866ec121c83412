"""Rolls: import, review, leavers."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.config.start import prepare

_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value and nothing else.")


@click.command(name="roll")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--school", "urn", type=int, required=True, help="The school's URN.")
@click.option(
    "--by", default=lambda: os.environ.get("USER", "operator"), help="Who imports; goes to the audit trail."
)
@_json
def import_roll_file(file: Path, urn: int, by: str, as_json: bool) -> None:
    """Import a school's roll from FILE (our template, CSV). Bad rows are set aside; the good ones go in."""
    prepare()
    from everyfamily.people.imports import import_roll

    report = import_roll(file, urn=urn, by=by, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
        return
    click.echo(
        f"{report.accepted} of {report.rows} rows went in: {report.children} children, {report.adults} adults."
    )
    if report.restrictions_unknown:
        click.echo(
            f"{report.restrictions_unknown} links have no restriction that can be read: they hold until a person says."
        )
    if report.adults_missing:
        click.echo(
            f"{report.adults_missing} adults no longer stand beside a child in the file: they hold for that child."
        )
    if report.left_proposed:
        click.echo(f"{report.left_proposed} children on the roll are not in the file; they stay until you say.")
    for problem in report.set_aside:
        what = "row" if problem.whole_row else "value"
        click.echo(f"  row {problem.row}: {what} set aside, {problem.code}: {problem.message}")


IMPORTS: tuple[click.Command, ...] = (import_roll_file,)
COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
