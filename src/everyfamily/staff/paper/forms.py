"""What the pages of paper are sent: ticks by class, words by child, and a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from django.http import QueryDict

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.core.text.row_numbers import row_number
from everyfamily.mailings.messages.hand_out_lists import CAME_BACK, HANDED_OVER, NOT_HANDED_OVER

WORDS: Mapping[str, AttemptStatus] = {"yes": HANDED_OVER, "no": NOT_HANDED_OVER, "back": CAME_BACK}
"""What can be said of one copy. Anything else says nothing yet."""
MOST_DAYS = 15
"""Days that can be chosen. What was handed out before them is said with the command."""


class NothingSaid(EveryfamilyError):
    """No class was ticked, or no child marked."""

    code = "EF639"


class DayNotChosen(EveryfamilyError):
    """The day that came in is none of those that the page offered."""

    code = "EF640"


def days_to_choose(first: date, today: date) -> list[tuple[str, str]]:
    """Today and the days before it, back to when the first copy was printed: value and words."""
    days = [today - timedelta(days=back) for back in range(max(min((today - first).days + 1, MOST_DAYS), 1))]
    names = {0: "Today, ", 1: "Yesterday, "}
    return [(day.isoformat(), names.get(back, "") + day_with_weekday(day)) for back, day in enumerate(days)]


def day_of(form: QueryDict, today: date) -> date:
    """The day that was chosen. Raises DayNotChosen."""
    try:
        day = date.fromisoformat(form.get("on", ""))
    except ValueError:
        day = date.max
    if not today - timedelta(days=MOST_DAYS) < day <= today:
        raise DayNotChosen("The day is none of those that can be chosen.", "Choose the day from the list.")
    return day


def ticked_classes(form: QueryDict) -> dict[int, str]:
    """What the page had shown of each class that was ticked, by row number: both are in the tick's value, because a
    form may have a hundred fields only. Raises NothingSaid."""
    pairs = (value.partition("-") for value in form.getlist("class"))
    ticked = {child: seen[:40] for number, _, seen in pairs for child in numbers([number])}
    if not ticked:
        raise NothingSaid("No class is ticked.", "Tick each class whose copies were handed out.")
    return ticked


def children_shown(form: QueryDict) -> list[int]:
    """The row numbers of the children that a page had shown."""
    return numbers(form.get("shown", "").split(","))


def said_of_children(
    form: QueryDict, waiting: Collection[int], keep_back: Collection[int], shown: Iterable[int]
) -> dict[int, AttemptStatus]:
    """What is said of the children `shown`, by row number. Blank ones that wait took theirs home if the form says so,
    and copies that must be kept back were then kept back. Raises NothingSaid."""
    others_have_it = form.get("others") == "yes"
    said = {}
    for child in shown:
        word = form.get(f"said-{child}", "")
        if word in WORDS:
            said[child] = WORDS[word]
        elif not word and others_have_it and child in waiting:
            said[child] = NOT_HANDED_OVER if child in keep_back else HANDED_OVER
    if not said:
        raise NothingSaid("Nothing is marked.", "Mark at least one child, or say that the others took it home.")
    return said


def numbers(texts: Iterable[str]) -> list[int]:
    """Row numbers that came in. What is none is left out."""
    return [number for number in map(row_number, texts) if number]
