"""What a school's lead may set for their own school, and how it is read from what they typed. Pure.

Who sends the letter, and the mailbox, are the partnership's to set. Whoever changes the mailbox can let a first lead in
and gets the link of the return, so one lead must not be able to take a school over with it (ADR 44).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.contacts.recipients import ValueNotGood
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.schools.school_cells import line_of_text, school_phone, whole_number
from everyfamily.core.schools.school_list import LONGEST_KEPT, LONGEST_LEAD_ROLE
from everyfamily.core.sending.channel_policy import chosen

RUNG = "the number was rung"


class SettingNotGood(EveryfamilyError):
    """Something that cannot be set. `field` says which, and `each` has it and all others of the same form."""

    code = "EF566"

    def __init__(self, field: str, fact: str, fix: str) -> None:
        super().__init__(fact, fix)
        self.field = field
        self.each: tuple[SettingNotGood, ...] = (self,)


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What a school has set."""

    lead_role: str
    phone: str
    phone_checked_at: datetime | None
    phone_checked_by: str | None
    keep_days: int
    channel_policy: Mapping[str, object]

    @property
    def mark(self) -> str:
        """What changes with any of them, for a form that was filled in before."""
        checked = self.phone_checked_at.isoformat() if self.phone_checked_at else ""
        values = [self.lead_role, self.phone, checked, self.keep_days, dict(self.channel_policy)]
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed. `channels` is a word of CHOICES, or blank to keep a policy that no choice makes."""

    lead_role: str
    phone: str
    has_rung: bool
    """Somebody rang the number today, and the school answered."""
    keep_days: str
    channels: str


def changed(before: OwnSettings, typed: Typed, *, by: str, now: datetime) -> OwnSettings:
    """What the school has set after this. Raises SettingNotGood with all that cannot be set, and PolicyNotGood for a
    choice that is none."""
    problems: list[SettingNotGood] = []

    def read[T](how: Callable[[], T], otherwise: T) -> T:
        try:
            return how()
        except SettingNotGood as problem:
            problems.append(problem)
            return otherwise

    role = read(lambda: _role(typed.lead_role), "")
    phone = read(lambda: _phone(typed.phone, has_rung=typed.has_rung), "")
    days = read(lambda: _days(typed.keep_days), 0)
    if problems:
        problems[0].each = tuple(problems)
        raise problems[0]
    checked: tuple[datetime | None, str | None] = (before.phone_checked_at, before.phone_checked_by)
    if phone != before.phone:
        checked = (None, None)
    if typed.has_rung:
        checked = (now, by)
    policy = chosen(typed.channels, before.channel_policy) if typed.channels else dict(before.channel_policy)
    return OwnSettings(role, phone, *checked, days, policy)


def what_changed(before: OwnSettings, after: OwnSettings) -> list[str]:
    """In words for the audit trail. The number and the role's name are not in it."""
    words = {
        "the lead’s role": (before.lead_role, after.lead_role),
        "the telephone number": (before.phone, after.phone),
        "how we send": (before.channel_policy, after.channel_policy),
        f"days kept, from {before.keep_days} to {after.keep_days}": (before.keep_days, after.keep_days),
    }
    said = [name for name, (was, is_now) in words.items() if was != is_now]
    if after.phone_checked_at is not None and after.phone_checked_at != before.phone_checked_at:
        said.append(RUNG)
    return said


def _role(raw: str) -> str:
    role = line_of_text(raw, LONGEST_LEAD_ROLE)
    if not role:
        raise SettingNotGood(
            "lead_role",
            f"Say what your safeguarding lead is called, in at most {LONGEST_LEAD_ROLE} letters.",
            "It is a role and not a name, such as “Designated safeguarding lead”.",
        )
    return role


def _phone(raw: str, *, has_rung: bool) -> str:
    if has_rung and not raw.strip():
        raise SettingNotGood(
            "phone", "There is no number that somebody could have rung.", "Type it, or untick this."
        )
    try:
        return school_phone(raw) if raw.strip() else ""
    except ValueNotGood as problem:
        raise SettingNotGood(
            "phone", problem.problem.value, "Type it as people ring it: 0151 496 0100."
        ) from problem


def _days(raw: str) -> int:
    days = whole_number(raw.strip())
    if days is None or days > LONGEST_KEPT:
        raise SettingNotGood(
            "keep_days", f"The days are not a whole number up to {LONGEST_KEPT}.", "Type a number, such as 30."
        )
    return days
