"""coverage.html: one file without a script, which opens from a folder as well as from a server. It shows only what
`disclose` gives."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from everyfamily.core.accounting.account_record import ShownNews
from everyfamily.core.accounting.coverage import NextAction, Outcome
from everyfamily.core.accounting.published import Disclosed, Figure, ReasonLine, SchoolLine, Standing
from everyfamily.reports import not_known, wording
from everyfamily.reports.cards import Task, cards_of
from everyfamily.reports.charts import FILLS, Box, city_chart, school_bar

_FOR_A_PERSON = frozenset(
    {Standing.RETURN_MISSING, Standing.RETURN_TO_LOOK_AT, Standing.ROLL_MISSING, Standing.HELD, Standing.PAUSED}
)
"""Schools that are listed first, because somebody has to ring them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of reasons. `group` lines are outcomes; the others are reasons under "not reached"."""

    name: str
    note: str
    figure: Figure
    action: str = ""
    owner: str = ""
    day: str = ""
    group: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A school with its bar."""

    line: SchoolLine
    about: str
    bar: tuple[Box, ...]
    still: str
    state: str


@dataclass(frozen=True, slots=True)
class Fold:
    """The schools of one band."""

    name: str
    schools: tuple[Drawn, ...]
    summary: str
    is_open: bool
    words: str = ""
    """Used instead of lines, for schools that are shown as one."""


def coverage_page(
    shown: Disclosed,
    *,
    area: str,
    letter_title: str,
    term: str,
    next_update: datetime | None,
    demonstration: bool,
    term_ends: date | None = None,
    tasks: Sequence[Task] = (),
    news: ShownNews | None = None,
) -> str:
    """The partnership's page about one letter, as HTML.

    `shown` is what `core.disclosure` lets through. `area` is the partnership's name, `letter_title` the letter's,
    `term` "spring term 2027". Dates are counted from the day of `shown.at` in London. If `term_ends` is known, none is
    later than it. `news` is what was heard since the last account.
    """
    today = shown.at.astimezone(wording.LONDON).date()
    css = style()
    return template("coverage.html").render(
        area=area,
        letter_title=letter_title,
        term=term,
        demonstration=demonstration,
        moment=wording.moment(shown.at),
        next_update=wording.moment(next_update) if next_update else None,
        css=Markup(css),  # noqa: S704 - our own file, and its digest is in the page's policy
        css_digest=digest_of_style(css),
        shown=shown,
        news=wording.news_sentence(news) if news else "",
        for_whom=wording.for_whom(shown),
        on_roll=wording.on_roll(shown.from_year),
        not_counted=wording.sentence_case(wording.not_counted(shown.from_year)),
        reached=shown.outcomes[Outcome.REACHED],
        missed=shown.outcomes[Outcome.NOT_REACHED],
        parts=[(wording.OUTCOMES[o], FILLS[o], shown.outcomes[o], wording.MEANINGS[o]) for o in Outcome],
        wide=city_chart(shown, 1080.0, wide=True),
        narrow=city_chart(shown, 350.0, wide=False),
        spoken=_spoken(shown),
        cards=cards_of(shown, tasks),
        rows=_rows(shown, today, term_ends),
        attention=_attention(shown),
        folds=_folds(shown),
        **_not_known(shown),
        school_count=wording.count(shown.school_count, "school", "schools"),
    )


def _not_known(shown: Disclosed) -> dict[str, object]:
    found = shown.not_known_to_us
    if found is None:
        return {"missing": None}
    return {
        "missing": not_known.heading(found),
        "missing_aside": not_known.aside(found),
        "missing_words": not_known.explained(found),
        "missing_rows": list(not_known.missing_rows(found)),
        "missing_remarks": list(not_known.remarks(found, shown.from_year)),
    }


@cache
def style() -> str:
    """The style sheet of the partnership's pages."""
    return (files("everyfamily.reports") / "templates" / "coverage.css").read_text(encoding="utf-8")


def digest_of_style(css: str) -> str:
    """As a page's policy names it."""
    return base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


@cache
def template(name: str) -> Template:
    """One of the templates here, by its file name."""
    source = (files("everyfamily.reports") / "templates" / name).read_text(encoding="utf-8")
    room = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return room.from_string(source)


def _spoken(shown: Disclosed) -> str:
    parts = "; ".join(f"{wording.OUTCOMES[o].lower()} {shown.outcomes[o]}" for o in Outcome)
    return f"Of {shown.children} children: {parts}. The same figures follow as a list."


def _rows(shown: Disclosed, today: date, term_ends: date | None) -> list[Row]:
    rows = [
        _row(wording.OUTCOMES[outcome], action.why, shown.outcomes[outcome], action, today, term_ends, group=True)
        for outcome, action in wording.ON_THE_WAY_TO_REACHED.items()
    ]
    rows.append(Row("Not reached", "", shown.outcomes[Outcome.NOT_REACHED], group=True))
    rows += [_row(line.next.why, _note(line), line.figure, line.next, today, term_ends) for line in shown.reasons]
    return rows


def _note(line: ReasonLine) -> str:
    if line.reason is None:
        return "Not shown one by one; the rules are below"
    return wording.count(line.schools, "school", "schools") if line.schools else ""


def _row(
    name: str,
    note: str,
    figure: Figure,
    action: NextAction,
    today: date,
    term_ends: date | None,
    *,
    group: bool = False,
) -> Row:
    what, who = wording.sentence_case(action.action), wording.sentence_case(action.owner)
    return Row(
        wording.sentence_case(name), note, figure, what, who, wording.by_when(action, today, term_ends), group
    )


def _longest(shown: Disclosed) -> int:
    lines = [*shown.schools, *([shown.together] if shown.together else [])]
    return max((line.about or 0 for line in lines), default=0)


def _drawn(line: SchoolLine, longest: int) -> Drawn:
    return Drawn(
        line,
        wording.about_line(line),
        school_bar(line, longest),
        wording.still_to_reach(line),
        wording.STANDINGS[line.standing],
    )


def _attention(shown: Disclosed) -> list[Drawn]:
    longest = _longest(shown)
    return [_drawn(line, longest) for line in shown.schools if line.standing in _FOR_A_PERSON]


def _bands(shown: Disclosed) -> dict[tuple[int, int, str], list[SchoolLine]]:
    """Schools by band, keyed so that the lowest band sorts first and schools without one sort last."""
    groups: dict[tuple[int, int, str], list[SchoolLine]] = {}
    for line in shown.schools:
        if line.standing is Standing.PLANNED:
            groups.setdefault((101, 0, "Not begun: their day is set"), []).append(line)
        elif line.band is not None and line.standing is Standing.COUNTED:
            two_bands = line.band.ceiling - line.band.floor == 20
            name = line.band.name + (", schools with under 100 children" if two_bands else "")
            groups.setdefault((line.band.floor, line.band.ceiling, name), []).append(line)
        elif line.standing is Standing.COUNTED:
            groups.setdefault((102, 0, "No figure shown"), []).append(line)
    return groups


def _folds(shown: Disclosed) -> list[Fold]:
    """The bands with their schools, and the small schools as one. The first is open."""
    groups = sorted(_bands(shown).items())
    small = shown.together
    longest = _longest(shown)
    folds = [
        Fold(
            name,
            tuple(_drawn(line, longest) for line in lines),
            _summary(lines),
            at == 0,
        )
        for at, ((_, _, name), lines) in enumerate(groups)
    ]
    if small:
        share = f": {small.band.name} reached" if small.band else ""
        words = f"{'; '.join(small.members)}. Counted together{share}, {wording.still_to_reach(small)}."
        many = wording.count(len(small.members), "school", "schools")
        if small.about is not None:
            together = f"{many}, about {small.about:,}"
        else:
            words = f"{'; '.join(small.members)}. Too few children for a separate figure."
            together = f"{many}, under 20 children each"
        folds.append(Fold(small.name, (), together, False, words))
    return folds


def _summary(lines: Sequence[SchoolLine]) -> str:
    known = sum(line.about or 0 for line in lines)
    return f"{wording.count(len(lines), 'school', 'schools')}, about {known:,}"
