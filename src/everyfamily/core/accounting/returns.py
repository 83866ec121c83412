"""What a school that sends the letter itself files: five numbers, read as people type them, and what is implausible in
them.

Nothing here refuses a number that could be true. If a number cannot be read or lines do not add up, that is a problem
and goes back to the person. If a number is only strange, that is a doubt: it is asked about once and then filed with
its code, so that the partnership knows which return to look at but never which number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.accounting.coverage import Return

LINES: Mapping[str, str] = {
    "on_roll": "Children on roll",
    "by_email": "Whole letter by email",
    "on_paper": "Whole letter on paper",
    "by_text": "Text message only",
    "not_reached": "Not reached yet",
}
"""The five numbers in the order of the page. The last four add up to the first."""
WAYS = tuple(LINES)[1:]
REASONS: Mapping[str, str] = {
    "handing-out": "Still to be handed out",
    "away": "Child away",
    "no-contact": "No contact details",
    "other": "Another reason",
}
"""Why some have not been reached yet: what is stored, and what people tick."""
MOST = 50_000
"""More children than any school or list has. A longer number is a typing mistake."""
MANY = 10
"""A difference of this many children or fewer is never asked about."""

_WHOLE = re.compile(r"[0-9]+|[0-9]{1,3}(?:[, '’][0-9]{3})+")
_NEGATIVE = re.compile(r"[-−–][ ]?[0-9].*")
_DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")
_LONGEST = 40


class CountNotGood(Exception):
    """A line cannot be read as a number of children. `sentence` says what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to correct at one line (a key of LINES, or "emails")."""

    line: str
    sentence: str
    """At the line."""
    summary: str
    """On top of the page, where the line must be named."""


@dataclass(frozen=True, slots=True)
class Filing:
    """A return that adds up, and the reasons ticked (keys of REASONS)."""

    counts: Return
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person sent: a filing, or what to correct."""

    filing: Filing | None
    problems: tuple[Problem, ...] = ()
    together: int | None = None
    """The sum of the four ways, if it is not the roll."""


class Doubt(StrEnum):
    """Why somebody should look at a return."""

    NOBODY_ON_ROLL = "nobody_on_roll"
    ROLL_NOT_AS_PUBLISHED = "roll_not_as_published"
    ROLL_NOT_AS_BEFORE = "roll_not_as_before"
    ALL_IN_ONE_LINE = "all_in_one_line"
    EVERY_EMAIL_ARRIVED = "every_email_arrived"
    FEWER_THAN_BEFORE = "fewer_than_before"


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt with its two numbers, as the person who files is asked."""

    doubt: Doubt
    given: int
    expected: int
    line: str

    @property
    def key(self) -> str:
        """What a tick on the question answers: only these numbers, and no others typed afterwards."""
        return f"{self.doubt.value} {self.given} {self.expected}"


def read_count(text: str) -> int:
    """A number of children as people type it: "1,233", "1 233", " 412 ". Raises CountNotGood."""
    plain = " ".join(unicodedata.normalize("NFKC", text[: _LONGEST + 1]).split())
    if len(plain) <= _LONGEST and _WHOLE.fullmatch(plain):
        number = int(re.sub(r"[^0-9]", "", plain))
        if number > MOST:
            raise CountNotGood("This is more children than a school can have. Check the number.")
        return number
    if not plain:
        raise CountNotGood("Write a number. Write 0 if there are none.")
    if _NEGATIVE.fullmatch(plain):
        raise CountNotGood("This cannot be less than 0.")
    if _DECIMAL.fullmatch(plain):
        raise CountNotGood("Write a whole number of children, such as 412.")
    raise CountNotGood("Write the number in digits, such as 412.")


def read_return(lines: Mapping[str, str], *, emails: str, reasons: Iterable[str] = ()) -> Reading:
    """Read what a person sent.

    `lines` has the text of each of LINES. `emails` answers whether the school's system shows which emails arrived
    ("yes", "no" or ""), and is not asked for if nobody was emailed. A blank way counts as none if the others add up to
    the roll without it.
    """
    counts, problems = _read_lines(lines)
    if not problems:
        problems = _sum_problems(counts)
    if counts.get("by_email") and emails not in ("yes", "no"):
        sentence = "Say whether your system shows which emails arrived."
        problems = [*problems, Problem("emails", sentence, sentence)]
    if problems:
        whole = all(name in counts for name in LINES)
        together = sum(counts[name] for name in WAYS) if whole else None
        return Reading(None, tuple(problems), None if whole and together == counts["on_roll"] else together)
    confirmed = bool(counts["by_email"]) and emails == "yes"
    ticked = tuple(name for name in REASONS if name in set(reasons)) if counts["not_reached"] else ()
    return Reading(Filing(Return(**counts, emails_confirmed=confirmed), ticked))


def _read_lines(lines: Mapping[str, str]) -> tuple[dict[str, int], list[Problem]]:
    counts: dict[str, int] = {}
    problems = []
    for name in LINES:
        try:
            counts[name] = read_count(lines.get(name, ""))
        except CountNotGood as problem:
            problems.append(_problem(name, problem.sentence))
    blank = [name for name in WAYS if not lines.get(name, "").strip()]
    if "on_roll" not in counts or not blank or len(counts) + len(blank) < len(LINES):
        return counts, problems
    left = counts["on_roll"] - sum(counts[name] for name in WAYS if name in counts)
    if left == 0:
        return counts | dict.fromkeys(blank, 0), []
    if left > 0 and len(blank) == 1:
        return counts, [_problem(blank[0], f"Is this {left:,}? Write the number, or 0 if there are none.")]
    return counts, problems


def _problem(line: str, sentence: str) -> Problem:
    return Problem(line, sentence, f"{LINES[line]}: {sentence[0].lower()}{sentence[1:]}")


def _sum_problems(counts: Mapping[str, int]) -> list[Problem]:
    """The lines do not add up: by how much, and the likely number at the line where the mistake probably is."""
    roll, together = counts["on_roll"], sum(counts[name] for name in WAYS)
    if roll == together:
        return []
    apart = abs(roll - together)
    children = "1 child is" if apart == 1 else f"{apart:,} children are"
    summary = f"They make {together:,}; you have {roll:,} on roll. {children} {_TOO[together > roll]}."
    left = roll - together + counts["not_reached"]
    if left >= 0:
        return [Problem("not_reached", f"Should be {left:,}, or check the other lines.", summary)]
    return [Problem("on_roll", f"Should be {together:,}, or check the other lines.", summary)]


_TOO = {False: "missing", True: "too many"}


def questions(
    counts: Return, *, roll_expected: int | None, before: Return | None, corrects: bool
) -> tuple[Question, ...]:
    """What is implausible in a return, to be asked once.

    `roll_expected` is the roll as published (None: not known). `before` is what the school filed last, in this mailing
    if `corrects`, and otherwise in an earlier one.
    """
    if counts.on_roll == 0:
        expected = roll_expected or (before.on_roll if before else 0)
        return (Question(Doubt.NOBODY_ON_ROLL, 0, expected, "on_roll"),)
    found = []
    if roll_expected is not None and _far(counts.on_roll, roll_expected):
        found.append(Question(Doubt.ROLL_NOT_AS_PUBLISHED, counts.on_roll, roll_expected, "on_roll"))
    if before is not None and _far(counts.on_roll, before.on_roll):
        found.append(Question(Doubt.ROLL_NOT_AS_BEFORE, counts.on_roll, before.on_roll, "on_roll"))
    found += _one_line(counts)
    if before is not None and corrects and _has_it(counts) < _has_it(before) - MANY:
        found.append(Question(Doubt.FEWER_THAN_BEFORE, _has_it(counts), _has_it(before), "by_email"))
    return tuple(found)


def _far(given: int, expected: int) -> bool:
    """By more than a fifth and by more than ten children, so that a small school is not asked about two leavers."""
    apart = abs(given - expected)
    return apart > MANY and apart * 5 > expected


def _one_line(counts: Return) -> list[Question]:
    if counts.on_roll <= MANY:
        return []
    for name in WAYS:
        if getattr(counts, name) == counts.on_roll:
            every = name == "by_email" and counts.emails_confirmed
            doubt = Doubt.EVERY_EMAIL_ARRIVED if every else Doubt.ALL_IN_ONE_LINE
            return [Question(doubt, counts.on_roll, counts.on_roll, name)]
    return []


def _has_it(counts: Return) -> int:
    """Children who have the whole letter, according to the school, confirmed or not."""
    return counts.by_email + counts.on_paper
