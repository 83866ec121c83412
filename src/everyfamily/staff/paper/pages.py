"""What the pages of paper show: letters, classes and children, with what waits and what was said."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404, QueryDict

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.sending.fallback import AttemptStatus, moves_forward
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.core.text.in_order import in_order
from everyfamily.mailings.actions.paper.by_class import Letter
from everyfamily.mailings.actions.paper.hand_outs import Recorded
from everyfamily.mailings.messages.hand_out_lists import CAME_BACK, HANDED_OVER
from everyfamily.mailings.messages.paper_bundles import is_printed
from everyfamily.mailings.queries.hand_outs import WAITING, Copy
from everyfamily.mailings.queries.paper import (
    ClassOnPaper,
    LetterOnPaper,
    classes_on_paper,
    due_of,
    letter_on_paper,
    letters_on_paper,
    of_the_class,
    seen_of,
)
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values
from everyfamily.staff.paper.forms import days_to_choose, numbers

NO_CLASS = "No class in your file"


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter on paper at one school, as it is now."""

    on_paper: LetterOnPaper
    copies: list[Copy]
    school: int
    own_ids: Mapping[int, str]
    """The school's own ids of the children of one class, by row number, if one is looked at."""

    @property
    def letter(self) -> Letter:
        """As the actions take it."""
        return Letter(self.school, self.on_paper.mailing, self.on_paper.is_withdrawn)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class in the table."""

    it: ClassOnPaper
    name: str
    due: str
    is_late: bool
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class ChildRow:
    """One child of a class, by the school's own id."""

    child: int
    own_id: str
    state: str
    keep_back: bool
    is_waiting: bool
    may_come_back: bool
    may_have_it_after_all: bool
    said: str
    """What was typed, if the page is shown again."""


def opened(school: SchoolFacts, mailing_id: int, now: datetime, child: int | None = None) -> Opened:
    """The letter on paper at the school, and who is in the class of a child. 404 if there are no such copies."""
    with tenant(school.id):
        found = letter_on_paper(school.id, mailing_id)
        if found is None or (child is not None and not of_the_class(found[1], child)):
            raise Http404
        own_ids = {} if child is None else own_ids_of(school, of_the_class(found[1], child), now)
    return Opened(*found, school.id, own_ids)


def own_ids_of(school: SchoolFacts, copies: Iterable[Copy], now: datetime) -> dict[int, str]:
    """The school's own ids of the children who get these copies, inside `tenant(school.id)`."""
    vault = open_vault(school.id, now=now)
    return {one.pupil: vault.decrypt("pupil", one.pupil, one.pupil_id) for one in copies if one.pupil_id}


def list_values(school: SchoolFacts) -> dict[str, Any]:
    """The letters of which the school has copies."""
    with tenant(school.id):
        letters = letters_on_paper(school.id)
    rows = [(one, letter_of_term(one.term)) for one in reversed(letters)]
    return {"here": "schools", "school": school, "letters": rows}


def letter_values(
    visit: Visit, school: SchoolFacts, found: Opened, problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    """The classes of one letter: what waits, and how far each is."""
    classes, form = classes_on_paper(found.copies), visit.request.POST
    after = next(iter(numbers([form.get("after", "")])), after_of(visit))
    start = next((place for place, one in enumerate(classes, start=1) if one.child == after), 0)
    ticked = numbers(value.partition("-")[0] for value in form.getlist("class")) if problem else []
    rows = [_class_row(one, found.on_paper, visit.now, ticked) for one in classes[start : start + ON_A_PAGE + 1]]
    waiting = sum(one.waiting for one in classes)
    to_hand_out = sum(one.to_hand_out for one in classes)
    return {
        **_frame(school, found, problem),
        **page_values(rows, after if start else 0, lambda row: row.it.child),
        "classes": sum(bool(one.waiting) for one in classes),
        "waiting": waiting,
        "to_hand_out": to_hand_out,
        "keep_back": waiting - to_hand_out,
        "handed_over": sum(one.handed_over for one in classes),
        "not_handed_over": sum(one.not_handed_over for one in classes),
        "seen": seen_of(copy for copy in found.copies if copy.status in WAITING),
        "may_print": bool(to_hand_out)
        and not (found.on_paper.is_withdrawn or found.on_paper.is_paused)
        and is_printed(school, found.on_paper.reference),
        "days": _days(found.copies, visit.now),
        "on": form.get("on", ""),
    }


def class_values(
    visit: Visit, school: SchoolFacts, found: Opened, child: int, problem: EveryfamilyError | None = None
) -> dict[str, Any]:
    """The children of one class, fifty on a page, by the school's own ids."""
    of_class, form = of_the_class(found.copies, child), visit.request.POST
    after = next(iter(numbers([form.get("after", "")])), after_of(visit))
    shown = [copy for copy in of_class if copy.pupil > after][: ON_A_PAGE + 1]
    values = page_values(shown, after, lambda copy: copy.pupil)
    copies: list[Copy] = values["rows"]
    rows = [_child_row(copy, found.own_ids.get(copy.pupil, ""), form if problem else None) for copy in copies]
    return {
        **_frame(school, found, problem),
        **values,
        "rows": sorted(rows, key=lambda row: in_order(row.own_id)),
        "shown": [copy.pupil for copy in copies],
        "seen": seen_of(copies),
        "child": child,
        "name": _name(of_class[0].group),
        "waiting": sum(copy.status in WAITING for copy in of_class),
        "keep_back": sum(copy.status in WAITING and not copy.may_go_home for copy in of_class),
        "copies": len(of_class),
        "days": _days(of_class, visit.now),
        "on": form.get("on", ""),
        "others": form.get("others", "") if problem else "",
    }


def today_of(visit: Visit) -> date:
    """The day on which somebody looks at the page."""
    return _day(visit.now)


def recorded_words(done: Recorded) -> str:
    """What was recorded, for the next page."""
    new = done.handed_over + done.not_handed_over + done.came_back
    if not new:
        return "That was recorded before, and nothing changed."
    parts = [
        f"{count:,} {words}"
        for count, words in (
            (done.handed_over, "handed out"),
            (done.not_handed_over, "not handed out"),
            (done.came_back, "came back"),
        )
        if count
    ]
    after = " Those families are written to by the next way, if they have one." if new > done.handed_over else ""
    return f"Recorded: {', '.join(parts)}.{after}"


def _frame(school: SchoolFacts, found: Opened, problem: EveryfamilyError | None) -> dict[str, Any]:
    return {
        "here": "schools",
        "school": school,
        "on_paper": found.on_paper,
        "letter": letter_of_term(found.on_paper.term),
        "problem": problem,
    }


def _class_row(one: ClassOnPaper, letter: LetterOnPaper, now: datetime, ticked: Collection[int]) -> ClassRow:
    if one.since is None:
        return ClassRow(one, _name(one.group), "", is_late=False, is_ticked=False)
    due = due_of(one.since, letter.calendar)
    return ClassRow(one, _name(one.group), day_with_weekday(due), _day(now) > due, one.child in ticked)


def _child_row(copy: Copy, own_id: str, typed: QueryDict | None) -> ChildRow:
    status, is_waiting = AttemptStatus(copy.status), copy.status in WAITING
    return ChildRow(
        copy.pupil,
        own_id or "No id",
        _STATES.get(status, "Did not get it"),
        is_waiting and not copy.may_go_home,
        is_waiting,
        not is_waiting and status is HANDED_OVER,
        not is_waiting and moves_forward(status, HANDED_OVER),
        typed.get(f"said-{copy.pupil}", "") if typed is not None else "",
    )


_STATES = {HANDED_OVER: "Took it home", CAME_BACK: "It came back"}


def _days(copies: Sequence[Copy], now: datetime) -> list[tuple[str, str]]:
    return days_to_choose(_day(min(copy.printed_at for copy in copies)), _day(now))


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _name(group: str) -> str:
    return group or NO_CLASS
