"""What the list of a school's families shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from everyfamily.core.accounting.coverage import NEXT, Outcome, Reason
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.people.queries import SchoolFacts
from everyfamily.reports.families import FamilyLine
from everyfamily.reports.family_list import FamilyList, families_page
from everyfamily.reports.wording import MEANINGS, OUTCOMES, not_for_their_year
from everyfamily.staff.access import Visit
from everyfamily.staff.families.asked import Asked
from everyfamily.staff.families.letters import letters_of, name_of
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values


@dataclass(frozen=True, slots=True)
class Row:
    """One child, as the list shows it."""

    pupil: int
    own_id: str
    class_name: str
    outcome: str
    why: str
    next: str
    who: str
    by: str


@dataclass(frozen=True, slots=True)
class Sum:
    """An outcome with its number of children, which leads to them."""

    name: str
    count: int
    meaning: str
    query: str
    is_chosen: bool


def list_values(visit: Visit, school: SchoolFacts, asked: Asked) -> dict[str, Any]:
    """The school's children and what became of one letter, fifty a page."""
    values: dict[str, Any] = {"here": "schools", "school": school, "asked": asked, "as_of": moment_words(visit)}
    letter, every = letters_of(visit, school, asked.mailing)
    if letter is None or letter.sends_itself:
        return values | {"letter": None, "letters": every.mailings}
    asked = replace(asked, mailing=letter.id)
    after = after_of(visit)
    try:
        found = families_page(letter, every, school, visit.now, asked.wanted, after=after, limit=ON_A_PAGE)
    except EveryfamilyError as problem:
        # The school's key was destroyed, so nothing can be read.
        return values | {"letter": None, "letters": every.mailings, "problem": problem}
    rows = [_row(line) for line in found.lines]
    # A correction and a letter for new children are about some of these children only.
    years = "" if letter.follows_as in ("correction", "joiners") else from_year_in_words(letter.from_year)
    return (
        values
        | {"asked": asked}
        | page_values(rows, after, lambda row: row.pupil, kept=asked.query())
        | {
            "letter": letter,
            "letter_name": name_of(letter),
            "letters": [
                (one.id, f"{name_of(one)}, {one.reference}") for one in every.mailings if not one.sends_itself
            ],
            "total": found.children,
            "sums": _sums(found, asked),
            "every": asked.query(outcome="", reason=""),
            "reasons": [(one, f"{NEXT[one].why} ({count})") for one, count in sorted(found.reasons.items())],
            "classes": found.classes,
            "class": found.wanted_class,
            "heading": _heading(found, asked),
            "lead": _lead(found),
            "years": years,
            "others": not_for_their_year(years, found.too_young),
        }
    )


def moment_words(visit: Visit) -> str:
    """ "Friday 12 March, 8:30am"."""
    local = visit.now.astimezone(LONDON)
    return f"{day_with_weekday(local.date())}, {time_in_words(local.time())}"


def _row(line: FamilyLine) -> Row:
    return Row(
        line.pupil,
        line.own_id,
        line.class_name,
        OUTCOMES[line.outcome],
        line.why,
        next_words(line),
        who_words(line),
        by_words(line),
    )


_NEXT_HERE = {
    Reason.SCHOOL_HELD: "say that your roll is right, so that the letter goes",
    Reason.UNDECIDED: "decide who may have the letter",
    Reason.NOBODY_ENTITLED: "look again at who may have the letter",
    Reason.OBJECTED: "nothing: it is their right",
    Reason.UNKNOWN: "the partnership asks whether it went; if nobody knows, a copy goes home on paper",
}
"""What comes next, where the partnership’s words are about the school and not for it."""


def next_words(line: FamilyLine) -> str:
    """What comes next, for the school itself, or blank."""
    said = _NEXT_HERE.get(line.reason, line.action) if line.reason else line.action
    said = said.replace("none: ", "nothing: it ").replace("'", "’")
    return said[:1].upper() + said[1:]


def who_words(line: FamilyLine) -> str:
    """Who does it, or blank for nobody."""
    return "" if line.owner in ("", "no one") else line.owner[:1].upper() + line.owner[1:]


def by_words(line: FamilyLine) -> str:
    """ "Friday 12 March", "the end of term", or blank."""
    if line.due_on is not None:
        return day_with_weekday(line.due_on)
    return "the end of term" if line.by_end_of_term else ""


def _sums(found: FamilyList, asked: Asked) -> list[Sum]:
    return [
        Sum(
            OUTCOMES[one],
            found.outcomes.get(one, 0),
            MEANINGS[one],
            asked.query(outcome=one, reason=""),
            asked.wanted.outcome is one,
        )
        for one in Outcome
    ]


def _heading(found: FamilyList, asked: Asked) -> str:
    outcome, reason = asked.wanted.outcome, asked.wanted.reason
    parts = [of(found.found, "child")]
    if outcome is not None:
        parts.append(OUTCOMES[outcome].lower())
    said = " ".join(parts)
    if reason is not None:
        said += f": {NEXT[reason].why[:1].lower()}{NEXT[reason].why[1:]}"
    return said


def _lead(found: FamilyList) -> str:
    reached = found.outcomes.get(Outcome.REACHED, 0)
    return f"{reached:,} of your {of(found.children, 'child')} {'is' if reached == 1 else 'are'} reached."
