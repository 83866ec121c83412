"""Coverage as files and on the terminal; what is shown is decided below (core/disclosure.py)."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click
from rich.console import Console

from everyfamily.cli.summary import coverage_table, summary_json
from everyfamily.core.letters import Letter
from everyfamily.letters.queries import letter_by_id
from everyfamily.mailings.queries import latest_mailing, mailing_of_letter, schools_paused
from everyfamily.reports.csv_file import coverage_csv
from everyfamily.reports.page import coverage_page
from everyfamily.reports.queries import CityCoverage, city_coverage


def show_coverage(
    *, reference: str | None, html: Path | None, csv_file: Path | None, as_json: bool, now: datetime
) -> None:
    """Account for the mailing of a letter, or for the one that began last, as of `now`."""
    mailing = mailing_of_letter(reference) if reference else latest_mailing(now)
    city = city_coverage(mailing.id, now)
    letter = letter_by_id(mailing.letter_id)
    written = write_coverage(city, letter, page=html, table=csv_file)
    if as_json:
        click.echo(json.dumps(summary_json(city, paths=written), ensure_ascii=False))
        return
    console = Console(highlight=False)
    console.print(f"Letter {letter.reference}, {letter.english.title.text}, {letter.term}", style="bold")
    coverage_table(console, city)
    if mailing.state == "paused":
        click.echo(f"This mailing is paused and sends nothing. {mailing.paused_reason}")
        click.echo(
            f'  When that is put right: everyfamily resume --reference {letter.reference} --by "First Last"'
        )
    for urn in schools_paused(mailing.id):
        click.echo(f"School {urn} is paused in it. To let it go on:")
        click.echo(f'  everyfamily resume --reference {letter.reference} --school {urn} --by "First Last"')


def write_coverage(
    city: CityCoverage,
    letter: Letter,
    *,
    page: Path | None,
    table: Path | None,
    term_ends: date | None = None,
    next_update: datetime | None = None,
) -> dict[str, str]:
    """Write the page and the table where a path is given; all of each or nothing. Returns where."""
    written = {}
    if page is not None:
        text = coverage_page(
            city,
            area=letter.partnership,
            letter_title=letter.english.title.text,
            term=letter.term,
            next_update=next_update,
            demonstration=letter.demonstration,
            term_ends=term_ends,
        )
        written["coverage"] = _write(page, text)
    if table is not None:
        text = coverage_csv(
            city,
            area=letter.partnership,
            letter_title=letter.english.title.text,
            term=letter.term,
            demonstration=letter.demonstration,
            term_ends=term_ends,
        )
        written["csv"] = _write(table, text)
    return written


def _write(path: Path, text: str) -> str:
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    beside.replace(path)
    return str(path)
