"""What the pages of a return show: plain values for the templates, with all words in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everyfamily.core.accounting.coverage import Outcome, Return, from_return
from everyfamily.core.accounting.returns import LINES, REASONS, WAYS, Doubt, Problem, Question, Reading
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.partnership.bodies import Enquiries
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.letters.queries import kit_of_letter, letter_by_id
from everyfamily.mailings.actions.returns.returns import MOST_FILINGS
from everyfamily.mailings.installation import clock
from everyfamily.mailings.queries.mailings import latest_mailing
from everyfamily.mailings.queries.returns import FiledReturn, LinkFacts, returns_of
from everyfamily.mailings.queries.school_letters import LetterAtSchool, letter_at
from everyfamily.people.queries import school_by_id
from everyfamily.reports.wording import long_day

HINTS: Mapping[str, str] = {
    "on_roll": "As on the school’s register today",
    "by_email": "Sent, and not bounced",
    "on_paper": "Handed to the child or to an adult",
    "by_text": "Told, but without the whole letter",
    "not_reached": "Everyone else",
}
_QUESTIONS: Mapping[Doubt, str] = {
    Doubt.NOBODY_ON_ROLL: "You wrote that no child is on roll.",
    Doubt.ROLL_NOT_AS_PUBLISHED: "You wrote {given} on roll. The published number is {expected}.",
    Doubt.ROLL_NOT_AS_BEFORE: "You wrote {given} on roll. Your last return said {expected}.",
    Doubt.ALL_IN_ONE_LINE: "All {given} children are in one line: {line}.",
    Doubt.EVERY_EMAIL_ARRIVED: "You wrote that all {given} emails arrived. Usually a few do not.",
    Doubt.FEWER_THAN_BEFORE: "Your last return said that {expected} children have the whole letter. Now it is {given}.",
}
ProblemKind = Literal[
    "forged",
    "over",
    "withdrawn",
    "too many",
    "filed too often",
    "not here",
    "from elsewhere",
    "not readable",
    "our fault",
]
_PROBLEMS: Mapping[ProblemKind, tuple[int, str, str]] = {
    "forged": (403, "This link does not work", "It may have been cut short when it was copied."),
    "over": (410, "This link has ended", "Returns have closed, or your school was sent a newer link."),
    "too many": (429, "This page was asked for too often", "Please try again in ten minutes."),
    "filed too often": (
        409,
        "These numbers were not taken in",
        f"This link has been used for {MOST_FILINGS} returns, which is as many as it takes. The last one counts.",
    ),
    "withdrawn": (410, "This letter was withdrawn", "Please do not send it: something in it is wrong."),
    "not here": (404, "There is no page here", "The address may have been cut short when it was copied."),
    "from elsewhere": (403, "These numbers were not sent", "They came from another page. Nothing was changed."),
    "not readable": (400, "These numbers were not sent", "What came in could not be read. Nothing was changed."),
    "our fault": (
        500,
        "Something went wrong here",
        "It is our fault, not yours. Nothing was changed. Please try again in a few minutes.",
    ),
}


@dataclass(frozen=True, slots=True)
class Door:
    """Which return somebody files, and how they came to it: with a link, or signed in."""

    letter: LetterAtSchool
    school_id: int
    school_name: str
    link: int | None = None

    @property
    def mailing_id(self) -> int:
        """The letter's mailing."""
        return self.letter.mailing

    @classmethod
    def of_link(cls, link: LinkFacts) -> Self:
        """The return of a link."""
        letter = letter_at(link.school_id, link.mailing_id)
        assert letter is not None  # a link is made for a school's part
        return cls(letter, link.school_id, school_by_id(link.school_id).name, link.id)


@dataclass(frozen=True, slots=True)
class Line:
    """One of the five numbers, as drawn."""

    name: str
    label: str
    hint: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What is in the form: what somebody typed, or the last filing."""

    lines: Mapping[str, str]
    emails: str = ""
    reasons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Earlier:
    """One filing in the list of filings."""

    when: str
    how: str
    counts: Return


def typed_of(filed: FiledReturn | None) -> Typed:
    """The form when it opens: empty, or with the last filing."""
    if filed is None:
        return Typed({})
    answer = ("yes" if filed.counts.emails_confirmed else "no") if filed.counts.by_email else ""
    return Typed({name: str(getattr(filed.counts, name)) for name in LINES}, answer, frozenset(filed.reasons))


def frame(door: Door, said_at: datetime | None) -> dict[str, object]:
    """What is on every page of a return: which school, which letter, by when, and whom to ring. `said_at` is when the
    school said that it had not sent a withdrawn letter."""
    letter, at_school = letter_by_id(door.letter.letter), door.letter
    due, close = at_school.returns_due_on, at_school.returns_close_on
    return {
        "reference": letter.reference,
        "is_withdrawn": at_school.is_withdrawn,
        "follows_as": at_school.follows_as,
        "follows": at_school.follows,
        "years": "" if at_school.follows_as == "correction" else from_year_in_words(letter.from_year),
        **_service(letter),
        "school_name": door.school_name,
        "not_sent_at": day_with_weekday(said_at.astimezone(LONDON).date()) if said_at else "",
        "letter": letter_of_term(at_school.term),
        "due": day_with_weekday(due) if due else "",
        "close": day_with_weekday(close) if close else "",
        "ring": letter.enquiries,
    }


def kit_of_link(link: LinkFacts) -> tuple[str, dict[str, bytes] | None]:
    """The reference of the link's letter and its kit. None once the letter is withdrawn."""
    letter_id = returns_of(link.mailing_id).letter_id
    return letter_by_id(letter_id).reference, kit_of_letter(letter_id, school_by_id(link.school_id).phase)


def form_values(typed: Typed, problems: Sequence[Problem] = (), together: int | None = None) -> dict[str, object]:
    """The form: five lines, the answer, the reasons, and what to correct."""
    at = {problem.line: problem.sentence for problem in problems}
    lines = [Line(name, LINES[name], HINTS[name], typed.lines.get(name, ""), at.get(name, "")) for name in LINES]
    return {
        "lines": lines,
        "emails": typed.emails,
        "emails_problem": at.get("emails", ""),
        "reasons": [(key, label, key in typed.reasons) for key, label in REASONS.items()],
        "problems": problems,
        "problem_title": "The lines do not add up yet"
        if together is not None
        else "There is something to put right",
        "together": together,
    }


def problems_of(reading: Reading, typed: Typed) -> dict[str, object]:
    """The form with what to correct."""
    return form_values(typed, reading.problems, reading.together)


def questions_of(asked: Iterable[Question]) -> dict[str, object]:
    """What is asked once, and the one tick box that answers all of it."""
    asked = tuple(asked)
    sentences = [
        (
            question.line,
            _QUESTIONS[question.doubt].format(
                given=f"{question.given:,}",
                expected=f"{question.expected:,}",
                line=LINES[question.line][0].lower() + LINES[question.line][1:],
            ),
        )
        for question in asked
    ]
    return {"asked": sentences, "answer": "|".join(question.key for question in asked)}


def filed_values(filed: FiledReturn, history: Sequence[FiledReturn], door: Door) -> dict[str, object]:
    """The last filing as a ledger, what would help most, and what was filed before."""
    counts = filed.counts
    coverage = from_return(counts, counts.on_roll)
    reached, accepted = coverage.outcomes[Outcome.REACHED], coverage.outcomes[Outcome.ACCEPTED]
    return {
        "filed_at": _moment(filed.filed_at),
        "ways": [(LINES[name], getattr(counts, name)) for name in WAYS],
        "counts": counts,
        "reached": reached,
        "accepted": accepted,
        "to_look_at": bool(filed.doubts),
        "earlier": [
            Earlier(_moment(row.filed_at), _how(row, door), row.counts) for row in history if row.id != filed.id
        ],
    }


def _moment(at: datetime) -> str:
    """ "Tuesday 23 March 2027, 9am"."""
    here = at.astimezone(LONDON)
    return f"{long_day(here.date())}, {time_in_words(here.time())}"


def _how(row: FiledReturn, door: Door) -> str:
    """By whom. Colleagues are named only to whoever is signed in."""
    if row.by_school:
        return row.filed_by if door.link is None else "somebody at your school who signed in"
    if row.link is None:
        return "the partnership"
    if door.link is None:
        return "a link in your school’s mailbox"
    return "this link" if row.link == door.link else "an earlier link"


_OF_A_LINK: frozenset[ProblemKind] = frozenset({"forged", "over", "withdrawn", "filed too often"})
"""The problems that need a query to the database, counted by link or address. Anybody can cause the others, without
limit."""


def problem_page(request: HttpRequest, kind: ProblemKind, reference: str = "") -> HttpResponse:
    """One calm page that says what to do and nothing about any school. `reference` is of a line in the log."""
    status, title, why = _PROBLEMS[kind]
    whom = _whom_to_ring() if kind in _OF_A_LINK else _NOBODY
    return render(
        request,
        "staff/problem.html",
        {
            **whom,
            "title": title,
            "why": why,
            "reference": reference,
            "show_link_help": kind in ("forged", "over", "not here"),
        },
        status=status,
    )


_NOBODY: Mapping[str, object] = {"service": "Family letters", "partnership": "", "ring": None}


def _whom_to_ring() -> dict[str, object]:
    """From the latest letter. Without one, or without a database, the page says it in words."""
    try:
        letter = letter_by_id(latest_mailing(clock.now()).letter_id)
    except (EveryfamilyError, DatabaseError):
        return dict(_NOBODY)
    enquiries: Enquiries = letter.enquiries
    return {**_service(letter), "ring": enquiries}


def _service(letter: Letter) -> dict[str, object]:
    return {
        "service": f"{letter.area} family letters",
        "partnership": letter.partnership,
        "demonstration": letter.demonstration,
    }
