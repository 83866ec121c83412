"""Which part of the audit trail somebody asks for: the filters, as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from everyfamily.core.audit_words import Kind, actions_of
from everyfamily.core.calendar.sending_window import LONDON

LONGEST_NAME = 80
_NOT_A_DAY = "Write the day as day, month and year, such as 1 March 2027."


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters. `typed` are the days as they were given, for the form; `problems` say what cannot be used."""

    since: date | None = None
    until: date | None = None
    who: str = ""
    kind: Kind | None = None
    typed: tuple[str, str] = ("", "")
    problems: tuple[tuple[str, str], ...] = ()
    """Each the id of a field and a sentence."""

    @property
    def problem_of(self) -> dict[str, str]:
        """The problems by their fields."""
        return dict(self.problems)

    @property
    def begins(self) -> datetime | None:
        """The first moment, in London."""
        return datetime.combine(self.since, time(), LONDON) if self.since else None

    @property
    def ends(self) -> datetime | None:
        """The moment after the last one: the day `until` is included."""
        return datetime.combine(self.until + timedelta(days=1), time(), LONDON) if self.until else None

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that are asked for; none means all."""
        return actions_of(self.kind) if self.kind else ()

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the filters, for hidden fields."""
        kept = (("since", self.typed[0]), ("until", self.typed[1]), ("who", self.who), ("kind", self.kind or ""))
        return [(name, value) for name, value in kept if value]

    def query(self, **more: object) -> str:
        """The filters as the end of an address."""
        return urlencode([*self.pairs(), *((name, str(value)) for name, value in more.items())])


def asked_in(fields: Mapping[str, str]) -> Asked:
    """Read the filters. A day that is none is a problem; an unknown kind is no filter, because no form has one."""
    typed = (fields.get("since", "")[:40].strip(), fields.get("until", "")[:40].strip())
    problems: list[tuple[str, str]] = []
    days: list[date | None] = []
    for name, words in zip(("since", "until"), typed, strict=True):
        days.append(_day(words))
        if words and days[-1] is None:
            problems.append((name, _NOT_A_DAY))
    since, until = days
    if since and until and until < since:
        problems.append(("until", "The last day is before the first day."))
    who = "".join(sign for sign in fields.get("who", "") if sign.isprintable()).strip()[:LONGEST_NAME]
    kind = next((one for one in Kind if one == fields.get("kind")), None)
    return Asked(since, until, who, kind, typed, tuple(problems))


def _day(words: str) -> date | None:
    """As a browser's own date field sends it. The trail has no event of another century."""
    try:
        found = date.fromisoformat(words)
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None
