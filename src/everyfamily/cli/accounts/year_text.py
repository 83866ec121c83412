"""A year's report in the terminal and as one JSON value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import click

from everyfamily.cli.console.shown import shown
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.published import Figure
from everyfamily.core.accounting.year_report import LetterOfYear, YearReport
from everyfamily.core.text.dates import day_in_words
from everyfamily.reports import wording, year_words

_WIDE = 13


def print_report(report: YearReport, *, area: str, as_of: date) -> None:
    """The report, readable at 80 columns and in a pipe."""
    click.echo(shown(f"{area}: letters of {report.year}, as of {day_in_words(as_of)}"))
    click.echo(f"{year_words.heading(report)}. {year_words.summary(report)}")
    if not report.letters:
        return
    click.echo()
    click.echo(_line(["on roll", *(wording.OUTCOMES[outcome].lower() for outcome in Outcome)]))
    for one in report.counted:
        click.echo(shown(f"{one.reference}  {year_words.name_of(one)}"))
        click.echo(_figures(one.children, [one.outcomes[outcome] for outcome in Outcome]))
        if words := year_words.also(one):
            click.echo(shown(f"    {words}"))
        for words in year_words.reviewed(one):
            click.echo(shown(f"    {words}"))
    click.echo("All letters together")
    click.echo(_figures(report.children, list(report.outcomes.values())))
    if report.others:
        click.echo()
        click.echo("Not in the sum")
    for one in report.others:
        click.echo(shown(f"{one.reference}  {year_words.name_of(one)}. {year_words.also(one)}"))
        click.echo(_figures(one.children, [one.outcomes[outcome] for outcome in Outcome]))
    _print_end(report)


def _print_end(report: YearReport) -> None:
    click.echo()
    if words := year_words.joiners(report):
        click.echo(words)
    click.echo(year_words.reviews(report))
    for words in year_words.returns(report):
        click.echo(words)
    click.echo(year_words.cost(report))
    for line in report.costs:
        click.echo(f"    {year_words.cost_line(line)}")
    click.echo()
    for words in year_words.HOW_COUNTED:
        click.echo(words)


def report_json(report: YearReport) -> dict[str, Any]:
    """The report as plain values. A figure is {"number", "exact"}, an amount is in pounds."""
    return {
        "year": str(report.year),
        "letters": [_letter(one, report) for one in report.letters],
        "total": {"children": _figure(report.children), "outcomes": _outcomes(report.outcomes)},
        "cost": {
            "pounds": None if report.cost is None else float(report.cost),
            "channels": [
                {
                    "channel": line.channel.value,
                    "messages": line.messages,
                    "price": None if line.price is None else float(line.price),
                    "pounds": None if line.pounds is None else float(line.pounds),
                }
                for line in report.costs
            ],
        },
    }


def _letter(one: LetterOfYear, report: YearReport) -> dict[str, Any]:
    cost = report.cost_of(one)
    return {
        "reference": one.reference,
        "title": one.title,
        "term": one.term,
        "begun_on": one.begun_on.isoformat(),
        "state": one.state,
        "as_of": one.as_of.isoformat(),
        "counts": one.counts,
        "follows": one.follows or None,
        "follows_as": one.follows_as or None,
        "children": _figure(one.children),
        "outcomes": _outcomes(one.outcomes),
        "messages": {way.value: count for way, count in one.messages.items()},
        "schools_that_send": one.schools_that_send,
        "returns_in": one.returns_in,
        "pounds": None if cost is None else float(cost),
        "calls": one.review.all_calls,
        "review": one.review.as_json(),
    }


def _outcomes(outcomes: Any) -> dict[str, Any]:
    return {outcome.value: _figure(outcomes[outcome]) for outcome in Outcome}


def _figure(figure: Figure) -> dict[str, Any]:
    return {"number": figure.number, "exact": figure.exact}


def _figures(children: Figure, outcomes: Sequence[Figure]) -> str:
    return _line([str(one) for one in (children, *outcomes)])


def _line(cells: Sequence[str]) -> str:
    return "  " + "".join(f"{cell:>{_WIDE}}" for cell in cells)
