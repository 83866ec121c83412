"""What schools that send the letter themselves report: counts that add up to the roll, and nothing about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from everyfamily.core.calendar.year_groups import EVERY_YEAR, years_of_phase
from everyfamily_demo.chance import chance, share_out
from everyfamily_demo.schools import DemoSchool

ReturnReason = Literal["", "still to be handed out", "child away", "no contact details", "another reason"]
_REASONS: tuple[ReturnReason, ...] = (
    "still to be handed out",
    "child away",
    "no contact details",
    "another reason",
)


@dataclass(frozen=True, slots=True)
class ReturnCounts:
    """One school's return: every child once, in the first line that fits. The four lines add up to `on_roll`."""

    on_roll: int
    by_email: int
    by_text: int
    on_paper: int
    not_reached: int
    reason: ReturnReason
    """Why most of those not reached were not, or empty if there are none."""
    emails_confirmed: bool
    """Whether the school's own system shows which emails arrived. If not, they count as accepted."""


def return_counts(school: DemoSchool, seed: int, from_year: int = EVERY_YEAR) -> ReturnCounts | None:
    """Return what the school files, or None if it has not filed or if we send for it. For a letter from a year group it
    counts an even share of its children, year by year."""
    if school.returns in (None, "missing") or school.roll is None:
        return None
    first, last = years_of_phase(school.phase)
    years = last + 1 - max(first, from_year)
    if years <= 0:
        return None
    roll = school.roll * years // (last + 1 - first)
    dice = chance(seed, "return", school.urn)
    text, paper, missed = dice.randint(8, 30), dice.randint(30, 130), dice.randint(5, 25)
    email = 1_000 - text - paper - missed
    by_email, by_text, on_paper, not_reached = share_out(roll, (email, text, paper, missed))
    return ReturnCounts(
        on_roll=roll,
        by_email=by_email,
        by_text=by_text,
        on_paper=on_paper,
        not_reached=not_reached,
        reason=dice.choice(_REASONS) if not_reached else "",
        emails_confirmed=school.emails_confirmed,
    )
