"""A day's account as it is kept: what the partnership was shown, and the exact totals of the area. Plain JSON values.

For a single school, only what the partnership may see is kept: bands, and rolls to the nearest 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from everyfamily.core.accounting.coverage import SMALL, Coverage, Outcome, Reason
from everyfamily.core.accounting.published import (
    FEWEST_SCHOOLS,
    Band,
    Disclosed,
    Figure,
    NotKnownLine,
    NotKnownToUs,
    ReasonLine,
    SchoolLine,
    Standing,
    figure_of,
)


def totals_as_json(total: Coverage) -> dict[str, Any]:
    """The exact totals of the area."""
    return {
        "children": total.children,
        "outcomes": {outcome.value: total.outcomes[outcome] for outcome in Outcome},
        "reasons": {reason.value: total.reasons[reason] for reason in Reason if total.reasons[reason]},
        "every_adult": total.every_adult,
    }


def may_be_exact(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> bool:
    """Whether a day's figures may be exact, given the last ones that were: each is `totals` and `marks` of schools.

    Two days' totals can be subtracted from each other. If fewer schools than FEWEST_SCHOOLS have changed in between,
    the difference is theirs. If nobody can tell how many have (no marks are left), only the same totals are safe.
    """
    if before is None or before["totals"] == now["totals"]:
        return True
    if before["marks"] is None or now["marks"] is None:
        return False
    known = {*before["marks"], *now["marks"]}
    changed = sum(before["marks"].get(school) != now["marks"].get(school) for school in known)
    return bool(changed >= FEWEST_SCHOOLS)


def shown_as_json(shown: Disclosed) -> dict[str, Any]:
    """What the partnership was shown. `shown_from_json` restores an equal value."""
    kept: dict[str, Any] = asdict(shown) | {"at": shown.at.isoformat()}
    not_known = kept["not_known_to_us"] or {"schools": (), "at_home": ()}
    for line in (*not_known["schools"], *not_known["at_home"]):
        line["as_of"] = line["as_of"].isoformat() if line["as_of"] else None
    return kept


def shown_from_json(kept: Mapping[str, Any]) -> Disclosed:
    """What the partnership was shown, from the JSON of `shown_as_json`."""
    figures = {name: Figure(**kept[name]) for name in ("children", "left", "every_adult")}
    return Disclosed(
        **dict(kept)
        | figures
        | {
            "at": datetime.fromisoformat(kept["at"]),
            "outcomes": {Outcome(name): Figure(**figure) for name, figure in kept["outcomes"].items()},
            "reasons": tuple(_reason(line) for line in kept["reasons"]),
            "schools": tuple(_line(line) for line in kept["schools"]),
            "together": _line(kept["together"]) if kept["together"] else None,
            "not_known": tuple(kept["not_known"]),
            "not_known_to_us": _not_known_to_us(kept.get("not_known_to_us")),
            "too_young": Figure(**kept["too_young"]) if kept.get("too_young") else None,
        }
    )


def _not_known_to_us(kept: Mapping[str, Any] | None) -> NotKnownToUs | None:
    """Also None for an account that was written before accounts were compared with the official lists."""
    if kept is None:
        return None
    lines = {
        name: tuple(NotKnownLine(**dict(line) | {"as_of": _day(line["as_of"])}) for line in kept[name])
        for name in ("schools", "at_home")
    }
    children = Figure(**kept["children"]) if kept["children"] else None
    return NotKnownToUs(**dict(kept) | lines | {"children": children})


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _reason(line: Mapping[str, Any]) -> ReasonLine:
    reason = Reason(line["reason"]) if line["reason"] else None
    return ReasonLine(reason, Figure(**line["figure"]), line["schools"])


def _line(line: Mapping[str, Any]) -> SchoolLine:
    known = {
        "standing": Standing(line["standing"]),
        "band": Band(**line["band"]) if line["band"] else None,
        "members": tuple(line["members"]),
    }
    return SchoolLine(**dict(line) | known)


@dataclass(frozen=True, slots=True)
class LateNews:
    """News after an account about things that had happened before it."""

    of: date
    """The day of that account."""
    said: int
    """Children reached, according to that account."""
    gained: Mapping[Outcome, int]
    """Children who would have counted as reached, by what they counted as."""
    lost: int
    """Children who would not have counted, because their letter had come back."""

    @property
    def known_now(self) -> int:
        """Children reached at that time, as far as is known today."""
        return self.said + sum(self.gained.values()) - self.lost

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the account that reports it."""
        gained = {outcome.value: number for outcome, number in self.gained.items() if number}
        return {"of": self.of.isoformat(), "said": self.said, "gained": gained, "lost": self.lost}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> LateNews | None:
        """From an account's changes, or None if there are none."""
        if not kept:
            return None
        gained = {Outcome(name): number for name, number in kept["gained"].items()}
        return cls(date.fromisoformat(kept["of"]), kept["said"], gained, kept["lost"])


@dataclass(frozen=True, slots=True)
class ShownNews:
    """Late news as the partnership may see it."""

    of: date
    said: Figure
    known_now: Figure
    gained: int | None = None
    """Children who count as reached after all, or None if a number under 10 could be worked out."""
    lost: int | None = None
    came_from: tuple[tuple[Outcome, int], ...] = ()
    """What they counted as before, each 10 children or more."""


def disclose_news(news: LateNews | None, *, exact: bool) -> ShownNews | None:
    """What the partnership may see of late news, or None if there is nothing to say.

    The two totals are for the area. The parts are named only if none of them, and nothing that is left of a sum without
    them, is a number from 1 to 9. `exact`: both days' figures were exact.
    """
    if news is None:
        return None
    said, known_now = figure_of(news.said, exact), figure_of(news.known_now, exact)
    gained = sum(news.gained.values())
    if not gained and not news.lost:
        return None
    if said == known_now and not exact:
        return None
    if not exact or not _large(gained) or not _large(news.lost):
        return ShownNews(news.of, said, known_now)
    parts = [(outcome, news.gained.get(outcome, 0)) for outcome in Outcome]
    named = [(outcome, number) for outcome, number in parts if number >= SMALL]
    rest = gained - sum(number for _, number in named)
    return ShownNews(news.of, said, known_now, gained, news.lost, tuple(named) if _large(rest) else ())


def _large(number: int) -> bool:
    """Zero, or so many that no family can be identified."""
    return number == 0 or number >= SMALL
