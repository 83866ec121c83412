"""The year's plan with its days, in the terminal and as one JSON value."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import click

from everyfamily.cli.console.shown import shown
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.plan_warnings import PlanWarning, week_of
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.calendar.year_work import ABOUT, MARKED_BY_HAND, YearWork
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.dates import day_in_words, day_with_weekday


@dataclass(frozen=True, slots=True)
class YearShown:
    """All that is shown of a year."""

    year: AcademicYear
    file: str
    letters: Sequence[PlannedLetter]
    works: Sequence[YearWork]
    done: Collection[str]
    due: Sequence[YearWork]
    not_rung: Mapping[str, Sequence[Route]]
    warnings: Sequence[PlanWarning]
    looks_at_exams: bool


def print_year(one: YearShown, today: date) -> None:
    """The plan by letter, what is doubtful, and what is due now."""
    if not one.letters:
        click.echo(f"The partnership's file has no term of {one.year}.")
        return
    click.echo(f"Letters of {one.year}")
    for planned in one.letters:
        click.echo()
        click.echo(shown(f"{planned.address}  {_what(planned)}"))
        for work in one.works:
            if work.planned == planned:
                state = "done" if work.key in one.done else "late" if work.due_on < today else ""
                click.echo(f"  {work.due_on:%a %-d %b %Y}".ljust(19) + f"{state:<6}{ABOUT[work.step].what}")
    _print_warnings(one)
    click.echo()
    click.echo("Due now" if one.due else "Nothing of it is due now.")
    for work in one.due:
        _print_due(work, one, today)


def _print_warnings(one: YearShown) -> None:
    if one.warnings or not one.looks_at_exams:
        click.echo()
        click.echo("To think about")
    for warning in one.warnings:
        click.echo(shown(f"  {one.file}:{warning.line}: {warning.words}"))
    if not one.looks_at_exams:
        click.echo("  No weeks of exams are in the file (exam_weeks), so none were looked for.")


def _print_due(work: YearWork, one: YearShown, today: date) -> None:
    about, day = ABOUT[work.step], day_with_weekday(work.due_on)
    when = f"by {day}" if work.due_on >= today else f"was due on {day}"
    click.echo(shown(f"  {work.planned.address}, {when}: {about.what}. Who: {about.who}."))
    for route in one.not_rung.get(work.key, ()):
        click.echo(shown(f"    not rung since: {route.id}  {route.place}"))
    if work.step in MARKED_BY_HAND:
        click.echo(f"    When it is done: everyfamily year done {work.planned.address} {work.step}")


def year_json(one: YearShown) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "year": str(one.year),
        "letters": [
            {
                "address": planned.address,
                "topic": planned.topic,
                "about": planned.about,
                "beside": planned.beside,
                "send_week": planned.send_week.isoformat() if planned.send_week else None,
                "half_term": planned.half_term.number if planned.half_term else None,
            }
            for planned in one.letters
        ],
        "work": [
            {
                "address": work.planned.address,
                "step": work.step.value,
                "due_on": work.due_on.isoformat(),
                "what": ABOUT[work.step].what,
                "who": ABOUT[work.step].who,
                "done": work.key in one.done,
                "due": work in one.due,
                "not_rung": [route.id for route in one.not_rung.get(work.key, ())],
            }
            for work in one.works
        ],
        "warnings": [
            {"doubt": warning.doubt.value, "words": warning.words, "line": warning.line}
            for warning in one.warnings
        ],
    }


def _what(planned: PlannedLetter) -> str:
    if planned.topic is None:
        words = "no topic yet"
    elif planned.beside:
        words = f"{planned.topic}, a short letter beside {planned.beside}"
    else:
        words = f"{planned.topic}: {planned.about}"
    return words + (f", week of {day_in_words(week_of(planned.send_week)[0])}" if planned.send_week else "")
