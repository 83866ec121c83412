"""year.html: a year of letters on one page that a council member can read. It shows only what was published before."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

from markupsafe import Markup

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.year_report import YearReport
from everyfamily.core.text.dates import day_in_words
from everyfamily.reports import wording, year_words
from everyfamily.reports.page import digest_of_style, style, template


@cache
def _own() -> str:
    return (files("everyfamily.reports") / "templates" / "year.css").read_text(encoding="utf-8")


def year_page(report: YearReport, *, area: str, as_of: date, demonstration: bool) -> str:
    """The report as HTML. `area` is the partnership's name."""
    css = style() + _own()
    rows = [(one, [one.outcomes[outcome] for outcome in Outcome], year_words.also(one)) for one in report.counted]
    return template("year.html").render(
        area=area,
        year=str(report.year),
        as_of=day_in_words(as_of),
        demonstration=demonstration,
        css=Markup(css),  # noqa: S704 - our own file, and its digest is in the page's policy
        css_digest=digest_of_style(css),
        report=report,
        heading=year_words.heading(report),
        summary=year_words.summary(report),
        names=[wording.OUTCOMES[outcome] for outcome in Outcome],
        rows=rows,
        totals=[report.outcomes[outcome] for outcome in Outcome],
        others=[(one, year_words.also(one)) for one in report.others],
        withdrawn=[one for one in report.counted if one.is_withdrawn],
        joiners=year_words.joiners(report),
        returns=year_words.returns(report),
        reviews=year_words.reviews(report),
        reviewed=[(one, words) for one in report.counted if (words := year_words.reviewed(one))],
        costs=[year_words.cost_line(line) for line in report.costs],
        cost=year_words.cost(report),
        how=year_words.HOW_COUNTED,
        day=day_in_words,
        reached=Outcome.REACHED,
    )
