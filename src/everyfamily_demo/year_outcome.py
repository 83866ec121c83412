"""The end of the demonstration's year: each letter and what came of it, in the terminal, as JSON, and as a page."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from everyfamily.core.accounting.coverage import Coverage, Outcome
from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.partnership.prices import Prices
from everyfamily.reports.year import year_report
from everyfamily.reports.year_page import year_page
from everyfamily_demo.schools import CitySize
from everyfamily_demo.year import ENDS, Played, Year, messages_of

_HEADINGS = {
    Outcome.REACHED: "reached",
    Outcome.ACCEPTED: "accepted",
    Outcome.TOLD_BY_TEXT: "by text",
    Outcome.ON_ITS_WAY: "on way",
    Outcome.NOT_REACHED: "not yet",
}


def print_year(year: Year, *, size: CitySize) -> dict[str, Any]:
    """Print the year's table and write its page; returns the same figures. The outcomes of a letter add up to its
    children."""
    console = year.run.console
    what = "a small invented city" if size == "small" else "an invented city"
    console.print(f"[bold]everyfamily demo --year[/]  [dim]{what}, seed {year.run.workspace.seed}[/]\n")
    _print(console, _steps(year))
    _print(console, _letters(year))
    page = _write_page(year)
    console.print(f"[dim]The year’s report  [/]  {page}", highlight=False, soft_wrap=True)
    return {
        "letters": [_as_values(played) for played in year.played],
        "joiners": [one.as_json() for one in year.joiners],
        "rolls": {name: {"left": c.left, "joined": c.joined, "moved": c.moved} for name, c in year.rolls.items()},
        "seconds": {step.name: round(step.seconds, 2) for step in year.run.steps},
    }


def _print(console: Console, table: Table) -> None:
    console.print(table, highlight=False)
    console.print()


def _steps(year: Year) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for step in year.run.steps:
        table.add_row(
            Text(step.name, style="bold cyan"), step.sentence, Text(f"{step.seconds:.1f} s", style="dim")
        )
    table.add_row("", "all", f"{sum(step.seconds for step in year.run.steps):.1f} s")
    return table


def _letters(year: Year) -> Table:
    """One row for each letter, and below them one for each time that one went to families of new children."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("Letter", no_wrap=True)
    for heading in ("children", *_HEADINGS.values()):
        table.add_column(heading, justify="right", no_wrap=True)
    for played in year.played:
        table.add_row(played.letter.words, *_numbers(played.city.total))
    table.add_row()
    table.add_row(Text("To families of new children", style="dim"))
    for one in year.joiners:
        table.add_row(f"{one.begins:%-d %B}, {one.reference}", *_numbers(one.coverage))
    return table


def _numbers(coverage: Coverage) -> list[str]:
    return [f"{number:,}" for number in (coverage.children, *(coverage.outcomes[one] for one in _HEADINGS))]


def _write_page(year: Year) -> str:
    """The report as the partnership publishes it."""
    folder = year.run.workspace.folder
    area = load_partnership(folder / "partnership" / "partnership.toml").name
    report = year_report(AcademicYear.of(ENDS.date()), ENDS, Prices())
    file = folder / "year.html"
    file.write_text(year_page(report, area=area, as_of=ENDS.date(), demonstration=True), encoding="utf-8")
    return str(file)


def _as_values(played: Played) -> dict[str, Any]:
    total = played.city.total
    return {
        "reference": played.reference,
        "topic": played.letter.topic,
        "opens": played.letter.opens.isoformat(),
        "children": total.children,
        "outcomes": {outcome.value: total.outcomes[outcome] for outcome in Outcome},
        "corrections": messages_of(played.corrected) if played.corrected else 0,
        "had_the_wrong_letter": sum(played.withdrawn.had.values()) if played.withdrawn else 0,
    }
