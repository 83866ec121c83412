"""The year: its plan, what is due, and its report."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from everyfamily.cli.accounts.year_text import print_report, report_json
from everyfamily.cli.console.options import json_option
from everyfamily.config.start import prepare
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.whole_files import AS_USUAL, written
from everyfamily.core.partnership.partnership import Partnership, load_partnership

_YEAR = re.compile(r"(20[0-9]{2})-([0-9]{2})")


class NoSettings(EveryfamilyError):
    """Nobody has said what the partnership's plan and prices are."""

    code = "EF473"


class _Year(click.ParamType[AcademicYear]):
    """An academic year, such as 2026-27."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> AcademicYear:
        if isinstance(value, AcademicYear):
            return value
        found = _YEAR.fullmatch(value)
        if found is None or str(AcademicYear(int(found[1]))) != value:
            self.fail(f"{value!r} is not a school year. Write it as 2026-27.", param, ctx)
        return AcademicYear(int(found[1]))


_partnership = click.option(
    "--partnership",
    "partnership_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The partnership's file. Otherwise the settings in force.",
)


@click.group()
def year() -> None:
    """See the year of letters: what it came to, in a report."""


@year.command()
@click.argument("school_year", metavar="YEAR", type=_Year(), required=False)
@_partnership
@click.option(
    "--html", type=click.Path(path_type=Path), help="Write it to this file as a page that prints on A4."
)
@json_option
def report(
    school_year: AcademicYear | None, partnership_file: Path | None, html: Path | None, as_json: bool
) -> None:
    """Report on a school YEAR (such as 2026-27; this year if not given): letters, outcomes, corrections, cost.

    The figures are those of each letter's published account.
    """
    prepare()
    from everyfamily.mailings.installation import clock
    from everyfamily.reports.wording import LONDON
    from everyfamily.reports.year import year_report
    from everyfamily.reports.year_page import year_page

    now = clock.now()
    today: date = now.astimezone(LONDON).date()
    partnership = settings_of(partnership_file)
    made = year_report(school_year or AcademicYear.of(today), now, partnership.prices)
    if html is not None:
        page = year_page(made, area=partnership.name, as_of=today, demonstration=partnership.demonstration)
        with written(html, mode=AS_USUAL) as file:
            file.write(page.encode())
    if as_json:
        click.echo(json.dumps(report_json(made) | ({"page": str(html)} if html else {}), ensure_ascii=False))
        return
    print_report(made, area=partnership.name, as_of=today)
    if html is not None:
        click.echo(f"As a page: {html}")


def settings_of(file: Path | None) -> Partnership:
    """The partnership of a file, or otherwise the settings in force. Raises NoSettings and what reading them raises."""
    if file is not None:
        return load_partnership(file)
    from everyfamily.partnership.queries import in_force

    found = in_force()
    if found is None:
        raise NoSettings(
            "No settings of the partnership are in force, so its plan and prices are not known.",
            "Name the partnership's file.",
        )
    return found.partnership


COMMANDS: tuple[click.Command, ...] = (year,)
"""In the order of the help."""
