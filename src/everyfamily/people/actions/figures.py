"""The council says how many children a school or a list of its own has, before the next official list does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.dates import day_in_words
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.official_figures import LONGEST_SOURCE, OfficialFigure, newest
from everyfamily.core.school_cells import line_of_text
from everyfamily.people.models import School

_LONDON = ZoneInfo("Europe/London")


class FigureNotGood(EveryfamilyError):
    """A figure is of a day to come, or does not say where it is from."""

    code = "EF225"


class NewerFigureKnown(EveryfamilyError):
    """A newer figure of the school is known, and the newest counts."""

    code = "EF226"


@dataclass(frozen=True, slots=True)
class FiledFigure:
    """What was filed, over what was known."""

    urn: int
    name: str
    before: OfficialFigure | None
    after: OfficialFigure


def file_figure(
    school_id: int, *, children: int, as_of: date, source: str, by: str, now: datetime
) -> FiledFigure:
    """File how many children a school or a list has, as counted on `as_of` (the school census, say).

    It counts until a newer figure comes in, from whichever source. Raises FigureNotGood or NewerFigureKnown.
    """
    words = line_of_text(source, LONGEST_SOURCE)
    if not words:
        raise FigureNotGood(
            "The source of the figure is blank, too long, or no text.",
            f"Name it in 1 to {LONGEST_SOURCE} characters, such as: school census, October 2026.",
        )
    if as_of > now.astimezone(_LONDON).date():
        raise FigureNotGood(
            f"{day_in_words(as_of)} has not come yet.", "Give the day on which the children were counted."
        )
    offered = OfficialFigure(children, as_of, words)
    with transaction.atomic():
        row = School.objects.select_for_update().get(pk=school_id)
        known = _figure(row)
        if newest(known, offered) != offered:
            raise NewerFigureKnown(
                f"A newer figure is known: {_in_words(known)}.",
                "The newest counts. If that one is wrong, file the right one with its day or a later one.",
            )
        row.roll_expected, row.roll_expected_on, row.roll_source = children, as_of, words
        row.save(update_fields=["roll_expected", "roll_expected_on", "roll_source"])
        record_event(
            action="file figure",
            by=by,
            subject_type="school",
            subject_id=row.urn,
            now=now,
            detail={"children": children, "as of": as_of.isoformat(), "source": words, "before": _before(known)},
        )
    return FiledFigure(row.urn, row.name, known, offered)


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
