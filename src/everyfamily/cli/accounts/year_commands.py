"""The year: its plan, what is due, and its report."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from everyfamily.cli.accounts.year_plan_text import YearShown, print_year, year_json
from everyfamily.cli.accounts.year_text import print_report, report_json
from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.calendar_file import calendar_file
from everyfamily.core.calendar.plan_warnings import plan_warnings
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_work import MARKED_BY_HAND, due_work, year_work
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.whole_files import AS_USUAL, written
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import Partnership, load_partnership

_YEAR = re.compile(r"(20[0-9]{2})-([0-9]{2})")


class NoSettings(EveryfamilyError):
    """Nobody has said what the partnership's plan and prices are."""

    code = "EF473"


class NotInThePlan(EveryfamilyError):
    """The year plan has no letter at this address."""

    code = "EF474"


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


_packs = click.option(
    "--packs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of content packs, if not this checkout's.",
)


@click.group(invoke_without_command=True)
@_partnership
@click.option("--year", "school_year", type=_Year(), help="Such as 2026-27. This school year if not given.")
@_packs
@click.option(
    "--ics", type=click.Path(path_type=Path), help="Write its days to this file, for your own calendar."
)
@json_option
@click.pass_context
def year(
    ctx: click.Context,
    partnership_file: Path | None,
    school_year: AcademicYear | None,
    packs: Path | None,
    ics: Path | None,
    as_json: bool,
) -> None:
    """See the plan of a year of letters: who does what by when, what is doubtful, and what is due now.

    Six weeks before a letter its pack and promises are agreed, two weeks before it is sealed, two days before
    schools are briefed and its numbers are rung again, and four weeks after it is reviewed.
    """
    if ctx.invoked_subcommand is not None:
        return
    prepare()
    from everyfamily.mailings.installation import clock

    now = clock.now()
    partnership = settings_of(partnership_file)
    today = now.astimezone(LONDON).date()
    found = _shown(partnership, school_year or AcademicYear.of(today), packs or packs_folder(), now)
    if ics is not None:
        name = f"{partnership.area}: letters of {found.year}"
        with written(ics, mode=AS_USUAL) as file:
            file.write(calendar_file(found.works, site=partnership.site, name=name, at=now))
    if as_json:
        click.echo(json.dumps(year_json(found) | ({"ics": str(ics)} if ics else {}), ensure_ascii=False))
        return
    print_year(found, today)
    if ics is not None:
        click.echo(f"As a calendar: {ics}")


def _shown(partnership: Partnership, school_year: AcademicYear, folder: Path, now: datetime) -> YearShown:
    from everyfamily.mailings.queries.year_done import year_done

    plan, sending = partnership.year_plan, partnership.sending
    calendar = sending.calendar(plan.terms, bank_holidays())
    letters = [one for one in plan.letters if one.term.academic_year == school_year]
    packs = {
        topic: load_pack(folder / topic, site_languages=())
        for topic in {one.topic for one in letters if one.topic}
        if (folder / topic / "pack.toml").is_file()
    }
    register = {route.id: route for route in partnership.routes}
    routes = {
        topic: tuple(
            register[key] for key in (*pack.about.routes.card, *pack.about.routes.apart) if key in register
        )
        for topic, pack in packs.items()
    }
    works = year_work(plan, school_year, sending.times, calendar)
    done = year_done(works, now, routes)
    reviews = {topic: pack.about.review_on for topic, pack in packs.items()}
    return YearShown(
        school_year,
        partnership.file,
        letters,
        works,
        done.keys,
        due_work(works, done.keys, now.astimezone(LONDON).date()),
        done.not_rung,
        plan_warnings(plan, school_year, reviews, sending, calendar),
        bool(sending.exam_weeks),
    )


@year.command()
@click.argument("address")
@click.argument("step", type=click.Choice(sorted(step.value for step in MARKED_BY_HAND)))
@_partnership
@by_option("Who says so")
def done(address: str, step: str, partnership_file: Path | None, by: Actor) -> None:
    """Say that a STEP is done for the planned letter at ADDRESS, such as spring-2027-2.

    "prepare": the pack is chosen, the partners' words and the promises are agreed. "approve": it is sealed, and
    schools know that it comes. Everything else everyfamily sees for itself.
    """
    prepare()
    from everyfamily.letters.actions.sealed_letters import mark_done
    from everyfamily.mailings.installation import clock

    known = [one.address for one in settings_of(partnership_file).year_plan.letters]
    if address not in known:
        raise NotInThePlan(f'The year plan has no letter at "{address}".', f"Use one of: {', '.join(known)}.")
    made = mark_done(address, step, by=by, now=clock.now())
    click.echo("Recorded." if made else "Somebody had said so before.")


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
