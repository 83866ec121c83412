"""families: one school's children, each with what happened to its letter. For the school's lead."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import json_option, school_option
from everyfamily.cli.console.shown import of, shown, value
from everyfamily.config.start import prepare
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.files.whole_files import written

if TYPE_CHECKING:
    from everyfamily.reports.families import FamilyLine

_OUTCOMES = {outcome.value.replace("_", "-"): outcome for outcome in Outcome}


@click.command()
@school_option
@click.option("--reference", help="Reference of the letter. If not given, the mailing that began last.")
@click.option("--outcome", "only", type=click.Choice(list(_OUTCOMES)), help="Only children with this outcome.")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(path_type=Path),
    help="Write the table here. Only you can read it.",
)
@json_option
def families(urn: int, reference: str | None, only: str | None, csv_file: Path | None, as_json: bool) -> None:
    """Show a school's children as of now: outcome, reason, what happens next, who does it and by when.

    This is only for the school's own lead. It gives each child by the school's own id, without names. It adds
    up to the school's figures in `coverage`.
    """
    prepare()
    from everyfamily.core.calendar.year_groups import from_year_in_words
    from everyfamily.mailings.queries.mailings import first_mailing_of_letter, from_year_of, latest_mailing
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import school_by_urn
    from everyfamily.reports.families import families_of, too_young
    from everyfamily.reports.wording import not_for_their_year

    now = datetime.now(UTC)
    mailing = first_mailing_of_letter(reference) if reference else latest_mailing(now)
    school = school_by_urn(urn)
    lines = families_of(mailing.id, school.id, now)
    wanted = (line for line in lines if only is None or line.outcome is _OUTCOMES[only])
    if csv_file is not None:
        found = _write_table(csv_file, wanted)
        if as_json:
            click.echo(json.dumps({"csv": str(csv_file), "children": sum(found.values())}))
        else:
            click.echo(f"{csv_file}: {_sum(found)}")
    elif as_json:
        _print_json(wanted)
    else:
        click.echo(_sum(_print_lines(wanted)))
        from_year = from_year_of(mailing.id)
        with tenant(school.id):
            others = too_young(school.id, from_year)
        if said := not_for_their_year(from_year_in_words(from_year), others):
            click.echo(said)


def _print_lines(lines: Iterator[FamilyLine]) -> Counter[Outcome]:
    from everyfamily.reports.family_rows import adult_in_words, child_in_words

    found: Counter[Outcome] = Counter()
    for line in lines:
        found[line.outcome] += 1
        click.echo(child_in_words(line, value(line.own_id), shown(line.class_name)))
        for adult in line.adults:
            click.echo(f"  {shown(adult_in_words(adult))}")
    return found


def _print_json(lines: Iterator[FamilyLine]) -> None:
    """One array, written one child at a time."""
    from everyfamily.reports.family_rows import as_values

    before = "["
    for line in lines:
        click.echo(before + json.dumps(as_values(line), ensure_ascii=False), nl=False)
        before = ",\n"
    click.echo("[]" if before == "[" else "]")


def _write_table(path: Path, lines: Iterator[FamilyLine]) -> Counter[Outcome]:
    from everyfamily.reports.family_rows import COLUMNS, as_cells

    found: Counter[Outcome] = Counter()
    with written(path) as whole:
        file = io.TextIOWrapper(whole, "utf-8", newline="", write_through=True)
        # A byte order mark, because Excel reads a file without one in the machine's own code page.
        file.write("\ufeff")
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
        writer.writeheader()
        for line in lines:
            found[line.outcome] += 1
            writer.writerow(as_cells(line))
        file.detach()
    return found


def _sum(found: Counter[Outcome]) -> str:
    from everyfamily.reports.wording import OUTCOMES

    parts = ", ".join(f"{found[one]:,} {OUTCOMES[one].lower()}" for one in Outcome if found[one])
    return f"{of(sum(found.values()), 'child')}{f': {parts}' if parts else ''}."


COMMANDS: tuple[click.Command, ...] = (families,)
"""In the order of the help."""
