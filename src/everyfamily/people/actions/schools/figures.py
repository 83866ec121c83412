"""The council says how many children a school, or one of its own lists, has, before the next official list does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from everyfamily.audit.actions import NewEvent, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.schools.official_figures import LONGEST_SOURCE, OfficialFigure, newest
from everyfamily.core.schools.school_cells import line_of_text
from everyfamily.core.text.dates import day_in_words
from everyfamily.people.models import School

_LONDON = ZoneInfo("Europe/London")


class FigureNotGood(EveryfamilyError):
    """A figure has a day in the future, or does not say where it is from."""

    code = "EF225"


class NewerFigureKnown(EveryfamilyError):
    """A newer figure for the school is known, and the newest counts."""

    code = "EF226"


@dataclass(frozen=True, slots=True)
class FiledFigure:
    """What was filed, and what was known before."""

    urn: int
    name: str
    before: OfficialFigure | None
    after: OfficialFigure | None
    """What counts now."""
    offered: OfficialFigure

    @property
    def is_older(self) -> bool:
        """A newer figure was known, and stays."""
        return self.after != self.offered

    @property
    def is_new(self) -> bool:
        """It counts now, and says something that was not known."""
        return self.after == self.offered != self.before


def file_figure(
    school_id: int, *, children: int, as_of: date, source: str, by: Actor, now: datetime
) -> FiledFigure:
    """File how many children a school or a list has, as counted on `as_of` (for example in the school census).

    It counts until a newer figure comes in, from any source. Raises FigureNotGood or NewerFigureKnown.
    """
    words = line_of_text(source, LONGEST_SOURCE)
    if not words:
        raise FigureNotGood(
            "The source of the figure is blank, too long, or not text.",
            f"Name it in 1 to {LONGEST_SOURCE} characters, such as: school census, October 2026.",
        )
    filed = file_figures({school_id: OfficialFigure(children, as_of, words)}, dry_run=False, by=by, now=now)[0]
    if filed.is_older:
        raise NewerFigureKnown(
            f"A newer figure is known: {_in_words(filed.before)}.",
            "The newest counts. If that one is wrong, file the right one with its day or a later one.",
        )
    return filed


def file_figures(
    figures: Mapping[int, OfficialFigure], *, dry_run: bool, by: Actor, now: datetime
) -> list[FiledFigure]:
    """File figures by school (its id), all or none. A figure older than what is known changes nothing.

    With `dry_run` nothing is written. Returns what was filed, by URN. Raises FigureNotGood for a day in the future,
    because nothing counted before that day would ever replace it.
    """
    today = now.astimezone(_LONDON).date()
    for figure in figures.values():
        if figure.as_of is not None and figure.as_of > today:
            raise FigureNotGood(
                f"{day_in_words(figure.as_of)} has not come yet.",
                "Give the day on which the children were counted, or check the year in the file.",
            )
    with transaction.atomic():
        rows = list(School.objects.select_for_update().filter(pk__in=figures).order_by("urn"))
        filed = [_over(row, figures[row.pk]) for row in rows]
        if not dry_run:
            _write(rows, filed, by=by, now=now)
    return filed


def _over(row: School, offered: OfficialFigure) -> FiledFigure:
    known = _figure(row)
    return FiledFigure(row.urn, row.name, known, newest(known, offered), offered)


def _write(rows: list[School], filed: list[FiledFigure], *, by: Actor, now: datetime) -> None:
    new = [(row, one) for row, one in zip(rows, filed, strict=True) if one.is_new]
    for row, one in new:
        row.roll_expected, row.roll_expected_on = one.offered.children, one.offered.as_of
        row.roll_source = one.offered.source
    columns = ["roll_expected", "roll_expected_on", "roll_source"]
    School.objects.bulk_update([row for row, _ in new], columns, batch_size=500)
    record_events([_event(one) for _, one in new], by=by, now=now)


def _event(filed: FiledFigure) -> NewEvent:
    figure = filed.offered
    day = figure.as_of.isoformat() if figure.as_of else None
    detail: dict[str, object] = {
        "children": figure.children,
        "as of": day,
        "source": figure.source,
        "before": _before(filed.before),
    }
    return NewEvent("file figure", "school", filed.urn, detail)


def _before(known: OfficialFigure | None) -> dict[str, object] | None:
    """What was known, for the audit trail."""
    if known is None:
        return None
    day = known.as_of.isoformat() if known.as_of else None
    return {"children": known.children, "as of": day, "source": known.source}


def _figure(row: School) -> OfficialFigure | None:
    if row.roll_expected is None:
        return None
    return OfficialFigure(row.roll_expected, row.roll_expected_on, row.roll_source)


def _in_words(figure: OfficialFigure | None) -> str:
    if figure is None:
        return "none"
    day = f" of {day_in_words(figure.as_of)}" if figure.as_of else ""
    return f"{figure.children:,} children{day}{f', {figure.source}' if figure.source else ''}"
