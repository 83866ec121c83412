"""What the pages of restrictions show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from everyfamily.core.adults.grounds import GROUNDS
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.next_steps import Next
from everyfamily.core.permissions import Right
from everyfamily.core.rolls.model.roll_rows import DOUBT, NOT_READABLE, NOT_SAID, READ_WITH_NOTES
from everyfamily.core.text.row_numbers import row_number
from everyfamily.people.actions.decided.groups import NoSuchGroup
from everyfamily.people.actions.decided.link_lists import LinksPage, LinksShown, LinkToReview, links_page
from everyfamily.people.actions.decided.link_page import Card, ChildOfAdult, LinkOpened, open_link
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.decisions.asked import Asked
from everyfamily.staff.decisions.restriction_forms import kept_ground
from everyfamily.staff.decisions.words import (
    CHANNELS,
    NOBODY_LEFT,
    REASONS,
    STATES,
    day,
    moment,
    place_in_words,
    reason_code,
    way_in_words,
)
from everyfamily.staff.paging import ON_A_PAGE, after_of, page_values
from everyfamily.staff.parts import PAGE_OF

_TABS = {
    LinksShown.WAITING: "Wait for you",
    LinksShown.MUST_NOT: "Must not have it",
    LinksShown.STALE: "Look again",
}


def attest_page(visit: Visit, school: SchoolFacts) -> str:
    """The name of the page on which this person attests, or nothing."""
    may = visit.held.may(Right.ATTEST_ROLL, school_id=school.id)
    return PAGE_OF.get(Next.ATTEST, "") if may else ""


def list_values(visit: Visit, school: SchoolFacts, asked: Asked) -> dict[str, Any]:
    """Who waits, who must not have the letter, or whom to look at again: fifty at a time."""
    after = after_of(visit)
    found = _links(school, visit, asked, after)
    totals = {shown: sum(found.counts[shown].values()) for shown in _TABS}
    values = page_values(found.links, after, lambda one: one.link, kept=asked.query)
    return values | {
        "here": "schools",
        "school": school,
        "asked": asked,
        "shown": asked.shown.name,
        "tabs": [
            (words, totals[shown], asked.only(shown).query, shown is asked.shown)
            for shown, words in _TABS.items()
        ],
        "waiting": totals[LinksShown.WAITING],
        "total": found.counts[asked.shown].get(asked.kind, 0) if asked.kind else totals[asked.shown],
        "reasons": [
            (reason_code(kind), words, count, kind == asked.kind)
            for kind, (words, _) in REASONS.items()
            if (count := found.counts[LinksShown.WAITING].get(kind, 0))
        ],
        "notes": sum(found.counts[LinksShown.WAITING].get(kind, 0) for kind in READ_WITH_NOTES),
        "silent": found.counts[LinksShown.WAITING].get(NOT_SAID, 0),
        "group": found.group,
        "groups": found.groups,
        "sections": _sections(values["rows"], found.counts[asked.shown], asked),
        "attest": attest_page(visit, school),
        **saved_values(found.saved),
    }


def saved_of(visit: Visit) -> int:
    """The link that was decided about just before this page, by the number of its row. The page shows it as it is."""
    return row_number(visit.request.GET.get("saved", ""))


def saved_values(saved: LinkToReview | None) -> dict[str, Any]:
    """For `staff/decisions/saved.html`."""
    return {"saved": saved, "saved_state": STATES[saved.restriction] if saved else ""}


def _links(school: SchoolFacts, visit: Visit, asked: Asked, after: int) -> LinksPage:
    try:
        return links_page(
            school.id,
            now=visit.now,
            shown=asked.shown,
            class_of=asked.class_of,
            year_of=asked.year_of,
            kind=asked.kind,
            after=after,
            limit=ON_A_PAGE + 1,
            saved=saved_of(visit),
        )
    except NoSuchGroup:
        raise Http404 from None


@dataclass(frozen=True, slots=True)
class Section:
    """Links of one kind on one page."""

    name: str
    why: str
    count: int
    """Of this kind, on all pages."""
    links: list[tuple[LinkToReview, str, str]]
    """Each with its state and the day since when."""


def _sections(links: list[LinkToReview], counts: Mapping[str, int], asked: Asked) -> list[Section]:
    if asked.shown is not LinksShown.WAITING:
        return [Section("", "", 0, [_row(one, waits=False) for one in links])] if links else []
    found = []
    for kind, (name, why) in REASONS.items():
        rows = [_row(one, waits=True) for one in links if one.kind == kind]
        if rows:
            found.append(Section(name, why, counts.get(kind, 0), rows))
    return found


def _row(link: LinkToReview, *, waits: bool) -> tuple[LinkToReview, str, str]:
    since = day(link.since) if waits or link.reviewed_by else ""
    return link, STATES[link.restriction], since or ("your last file" if waits else "by your file")


def several_values(visit: Visit, school: SchoolFacts, asked: Asked) -> dict[str, Any]:
    """Links of which the file says nothing: the only ones that may be decided about together."""
    after = after_of(visit)
    found = _links(school, visit, asked, after)
    total = found.counts[LinksShown.WAITING].get(NOT_SAID, 0)
    return page_values(found.links, after, lambda one: one.link, kept=asked.query) | {
        "here": "schools",
        "school": school,
        "asked": asked,
        "total": total,
        "others": sum(found.counts[LinksShown.WAITING].values()) - total,
        "all_mark": found.marks.get(NOT_SAID, ""),
        "group": found.group,
        "groups": found.groups,
        "every": visit.request.GET.get("tick") == "all",
        "attest": attest_page(visit, school),
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of two cards."""

    name: str
    here: tuple[str, ...]
    there: tuple[str, ...]
    same: bool | None
    """None if it cannot be compared."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An adult beside one who is closed."""

    card: Card
    lines: list[Compared]
    state: str
    objects_only: bool
    """They are not closed, and asked for no letters."""
    is_closed: bool
    """A person or the file said that they must not have the letter. Otherwise they wait too."""


def found_link(visit: Visit, school: SchoolFacts, link: int, asked: Asked) -> LinkOpened:
    """One link of this school. Raises Http404."""
    try:
        found = open_link(
            school.id, link, now=visit.now, class_of=asked.class_of, year_of=asked.year_of, saved=saved_of(visit)
        )
    except NoSuchGroup:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def link_values(visit: Visit, school: SchoolFacts, found: LinkOpened, asked: Asked) -> dict[str, Any]:
    """One adult and one child, and adults who may be the same person."""
    link, today = found.link, visit.now.astimezone(LONDON).date()
    pairs = [_pair(found, one) for one in found.asked_about]
    name, why = REASONS.get(link.kind, ("", ""))
    return {
        "here": "schools",
        "school": school,
        "asked": asked,
        "link": link,
        "where": place_in_words(link.class_name, link.year_group),
        "card": found.card,
        "notes": found.notes if link.kind in (NOT_READABLE, *READ_WITH_NOTES) and not visit.only_looks else (),
        "pairs": pairs,
        "are_named_alike": found.are_named_alike,
        "reason": name if link.restriction != "none" else "",
        "why": (why if link.kind != DOUBT else NOBODY_LEFT) if link.restriction != "none" else "",
        "state": STATES[link.restriction],
        "ground": link.ground,
        "has_ended": link.ground is not None and link.ground.has_ended(today),
        "grounds": GROUNDS,
        "typed": kept_ground(link, visit.actor, today),
        "decided": _decided(link.reviewed_by, moment(link.since)),
        "ways": [(words, _ways(found.card, channel)) for channel, words in CHANNELS.items()],
        "others": [one for one in found.card.children if one.link != link.link],
        "could_close": [one for one in found.card.children if _could_close(one, link.link)],
        "next": found.next,
        **saved_values(found.saved),
    }


def _could_close(child: ChildOfAdult, but: int) -> bool:
    return child.is_here and child.link != but and child.restriction != "do not send"


def _pair(found: LinkOpened, other: Card) -> Pair:
    own = found.card
    lines = [
        Compared("Name", (own.name or "No longer kept",), (other.name or "No longer kept",), None),
        Compared(
            "What they are", (found.link.relationship,), _once(one.relationship for one in other.children), None
        ),
        Compared("Child", _children(own), _children(other), None),
    ]
    for channel, words in CHANNELS.items():
        here, there = _ways(own, channel), _ways(other, channel)
        shared = own.keys.get(channel, frozenset()) & other.keys.get(channel, frozenset())
        lines.append(
            Compared(words, here or ("None",), there or ("None",), bool(shared) if here and there else None)
        )
    decided = next((one for one in other.children if one.restriction == other.restriction), None)
    said = _decided(decided.reviewed_by, moment(decided.reviewed_at)) if decided else ""
    lines.append(
        Compared(
            "Decided",
            (_decided(found.link.reviewed_by, moment(found.link.since)) or "Nobody has",),
            (said or "By your file",),
            None,
        )
    )
    state = STATES.get(other.restriction, "has died" if other.has_died else "asked for no letters")
    return Pair(
        other, lines, state, objects_only=not other.restriction, is_closed=other.restriction == "do not send"
    )


def _ways(card: Card, channel: str) -> tuple[str, ...]:
    return tuple(way_in_words(channel, one) for one in card.ways.get(channel, ()))


def _children(card: Card) -> tuple[str, ...]:
    return tuple(
        f"Pupil {one.own_id or 'no longer kept'}"
        + (f", class {one.class_name}" if one.class_name else "")
        + ("" if one.is_here else ", not here now")
        for one in card.children
    )


def _once(words: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _decided(by: str, at: str) -> str:
    return f"{by}, {at}" if by and at else by
