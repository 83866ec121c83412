"""The drawings of the coverage page as shapes: numbers in, coordinates out. Fills are classes in coverage.css."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.accounting.published import WITH_FIGURES, Disclosed, SchoolLine
from everyfamily.reports.wording import OUTCOMES

FILLS: Mapping[Outcome, str] = {
    Outcome.REACHED: "f-reached",
    Outcome.ACCEPTED: "f-acc",
    Outcome.TOLD_BY_TEXT: "f-text",
    Outcome.ON_ITS_WAY: "f-way",
    Outcome.NOT_REACHED: "f-not",
}
_BAR = 44.0
_GAP = 34.0
_LETTER = 7.6
"""The most pixels that a character of a 15 px label takes, on average. Labels that do not fit are only in the list
below."""
SCHOOL_BAR = 420.0
_MOST_LEFT = 0.34
"""If more than this share is left, the bar at true scale shows the rest well enough."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    fill: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word in the drawing."""

    x: float
    y: float
    text: str
    kind: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class CityChart:
    """The five outcomes at true scale, and what is left of the children drawn again, larger."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    labels: tuple[Label, ...]
    wedge: str
    wedge_lines: str
    times: int
    """How much larger the second bar is, or 0 if there is none."""


def city_chart(shown: Disclosed, width: float, *, wide: bool) -> CityChart:
    """Draw the city's bar `width` units wide; the narrow drawing has fewer words."""
    numbers = {outcome: shown.outcomes[outcome].number for outcome in Outcome}
    total = sum(numbers.values())
    left = total - numbers[Outcome.REACHED]
    enlarge = 0 < left <= total * _MOST_LEFT
    boxes = _row(numbers, width, 0.0, total)
    labels: list[Label] = []
    first = width * numbers[Outcome.REACHED] / total if total else 0.0
    inside = _inside(shown, total, wide=wide)
    if len(inside) * _LETTER + 24 < first:
        labels.append(Label(14.0, 28.0, inside, "t-in"))
    if not enlarge:
        return CityChart(width, _BAR, tuple(boxes), tuple(labels), "", "", 0)
    rest: dict[Outcome, int] = {
        outcome: number for outcome, number in numbers.items() if outcome is not Outcome.REACHED
    }
    below = _row(rest, width, _BAR + _GAP, left)
    times = round(total / left)
    note = f"the other {shown.left}{' children' if wide else ''}, enlarged {times} times"
    labels.append(Label(width - 5, _BAR + 22, note, "t-b", "end"))
    if wide:
        words = {FILLS[outcome]: OUTCOMES[outcome] for outcome in rest}
        labels += [
            Label(box.x + 1, _BAR * 2 + _GAP + 21, words[box.fill], "t-soft")
            for box in below
            if len(words[box.fill]) * _LETTER < box.width
        ]
    top, foot = _BAR, _BAR + _GAP
    wedge = f"M{first:.1f} {top}L0 {foot}H{width}V{top}z"
    lines = f"M{first:.1f} {top}L0 {foot}M{width} {top}V{foot}"
    height = _BAR * 2 + _GAP + (26 if wide else 2)
    return CityChart(width, height, (*boxes, *below), tuple(labels), wedge, lines, times)


def _inside(shown: Disclosed, total: int, *, wide: bool) -> str:
    reached = shown.outcomes[Outcome.REACHED]
    if not wide:
        return f"Reached {reached}"
    hundred = reached.number * 100 // total if total else 0
    return f"Reached: {reached}, or {hundred} in every 100 children"


def _row(numbers: Mapping[Outcome, int], width: float, y: float, total: int) -> list[Box]:
    """One bar. Outlined parts stay within their own width, so that the scale stays true."""
    boxes: list[Box] = []
    x = 0.0
    for outcome, number in numbers.items():
        share = width * number / total if total else 0.0
        if number:
            edge = 0.0 if outcome is Outcome.REACHED else min(0.75, share / 4)
            boxes.append(Box(FILLS[outcome], _r(x + edge), y + edge, _r(share - edge * 2), _r(_BAR - edge * 2)))
        x += share
    return boxes


def school_bar(line: SchoolLine, longest: int) -> tuple[Box, ...]:
    """One school: length is its roll, solid to the band's floor, hatched within the band, outlined beyond."""
    if not line.about or not longest:
        return ()
    length = max(SCHOOL_BAR * line.about / longest, 8.0)
    if line.band is None:
        return (Box("f-plain" if line.standing in WITH_FIGURES else "f-none", 0.75, 2.0, _r(length - 1.5), 14.0),)
    floor, ceiling = length * line.band.floor / 100, length * line.band.ceiling / 100
    return (
        Box("f-reached", 0.0, 2.0, _r(floor), 14.0),
        Box("f-maybe", _r(floor), 2.0, _r(ceiling - floor), 14.0),
        Box("f-track", 0.75, 2.0, _r(length - 1.5), 14.0),
    )


def _r(number: float) -> float:
    return round(max(number, 0.0), 1)
