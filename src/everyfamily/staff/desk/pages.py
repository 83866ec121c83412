"""What the desk shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from everyfamily.accounts.desk.gathering import Gathered
from everyfamily.accounts.desk.notices import notices_of_mailings, own_news
from everyfamily.accounts.desk.since import changes_since
from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.notices import Notice, notices_for
from everyfamily.core.desk.waiting import Item, Wait, waits_for
from everyfamily.core.desk.words import (
    PAUSED,
    Wave,
    due_words,
    heading,
    next_wave_words,
    since_words,
    term_words,
    title_of,
)
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Held, Right, Role
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.core.text.name_lists import joined_names
from everyfamily.letters.draft_queries.waiting import SentLetter
from everyfamily.people.queries import school_names
from everyfamily.people.school_days import area_calendar
from everyfamily.staff.access import Visit
from everyfamily.staff.doors.words import RoleWords, role_words
from everyfamily.staff.parts import DOES, PAGE_OF

MOST_PLACES = 12
"""Places that one card names. The rest is a number."""


@dataclass(frozen=True, slots=True)
class Place:
    """One school or letter of a card."""

    name: str
    count: str
    due: str
    note: str
    urn: int | None
    reference: str
    at: str = ""
    """The path of the page about it, where it has one of its own."""

    @property
    def begins(self) -> bool:
        """Whether that page begins a letter, which nobody writes yet."""
        return self.at.startswith("/letters/new/")


@dataclass(frozen=True, slots=True)
class Card:
    """One kind of work, as the page shows it."""

    title: str
    why: str
    due: str
    places: tuple[Place, ...]
    more: int
    """Places that are not shown."""
    is_urgent: bool
    next: str
    """What does it today: a step of core/next_steps.py, or "" where there is none."""
    kind: str
    page: str = ""
    """The name of the school's page that does it, or "" where a command still does."""
    does: str = ""
    """The words of the button that leads there."""

    @property
    def only(self) -> Place | None:
        """The place, if there is just one."""
        return self.places[0] if len(self.places) == 1 else None


def desk_values(visit: Visit, found: Gathered) -> dict[str, Any]:
    """All that the page shows."""
    today = visit.now.astimezone(LONDON)
    items = waits_for(found.waits, visit.held, visit.account)
    schools = school_names(_own_schools(visit.held)) if _own_schools(visit.held) else {}
    return {
        "here": "desk",
        "today": f"{day_with_weekday(today.date())} {today.year}, {time_in_words(today.time())}",
        "heading": heading(len(items)),
        "cards": cards_of(items, today.date()),
        "notices": [(one, since_words(one.at, today.date())) for one in shown_notices(visit, found)],
        "next": _what_comes(visit.held, found, today.date()),
        "state": _state(visit.held, found),
        "roles": _roles(visit.held, schools),
        "school": next(iter(schools.values()))[1] if len(schools) == 1 else "",
        **_since(visit, found, schools, today.date()),
        # The account's own row, which the request has read already.
        "is_written_to": visit.request.user.digest,  # type: ignore[union-attr]
    }


def _since(visit: Visit, found: Gathered, schools: Mapping[int, tuple[int, str]], today: date) -> dict[str, Any]:
    """What others did since the day of the last visit, and where the whole trail is."""
    day: date | None = visit.request.user.was_here_on  # type: ignore[union-attr]
    if day is None:
        return {}
    changes = changes_since(
        day,
        visit.account,
        visit.held,
        schools={school_id: name for school_id, (_, name) in schools.items()},
        names={
            **{("letter", str(one.letter_id)): f"letter {one.reference}" for one in found.news.withdrawn},
            **{("letter", str(one.letter_id)): f"letter {one.reference}" for one in found.mailings},
            **{
                ("mailing", str(one.mailing_id)): f"the mailing of letter {one.reference}"
                for one in found.mailings
            },
        },
    )
    audited = [schools[one][0] for one in visit.held.schools(Right.SEE_SCHOOL_AUDIT) if one in schools]
    return {
        "since": day_with_weekday(day),
        "changes": [(one.words, since_words(one.at, today)) for one in changes],
        "audit_of": audited[0] if len(audited) == 1 else None,
    }


def shown_notices(visit: Visit, found: Gathered) -> list[Notice]:
    """What the visitor should know and has not dismissed."""
    own, seen = own_news(visit.account, visit.now)
    return notices_for([*notices_of_mailings(found), *own], visit.held, visit.account, seen)


def cards_of(items: Iterable[Item], today: date) -> list[Card]:
    """What waits, as cards."""
    return [_card(item, today) for item in items]


def _card(item: Item, today: date) -> Card:
    places = tuple(_place(wait, item, today) for wait in item.waits if wait.place)
    return Card(
        title_of(item),
        item.about.why,
        due_words(item.waits[0], today),
        places[:MOST_PLACES],
        len(places[MOST_PLACES:]),
        item.about.is_urgent,
        item.about.next or "",
        item.kind.name,
        PAGE_OF.get(item.about.next, "") if item.about.next else "",
        DOES.get(item.about.next, "") if item.about.next else "",
    )


def _place(wait: Wait, item: Item, today: date) -> Place:
    count = of(wait.count, item.about.noun) if item.about.noun else ""
    return Place(wait.place, count, due_words(wait, today), wait.note, wait.urn, wait.reference, wait.at)


def _what_comes(held: Held, found: Gathered, today: date) -> str:
    """What comes next: the next wave, or what the calendar says."""
    own = _own_schools(held)
    if own:
        coming = [one for one in found.parts if one.state == "planned"]
        is_stopped = bool(coming) and all(one.is_stopped for one in coming)
        names = {one.school_id: one.name if len(own) > 1 else "" for one in coming}
        waves = [Wave(one.wave_at, place=names[one.school_id]) for one in coming if not one.is_stopped]
    else:
        to_come = [(one.next_wave_at, one) for one in found.mailings if one.next_wave_at is not None]
        is_stopped = bool(to_come) and all(one.state == "paused" for _, one in to_come)
        waves = [Wave(at, one.next_wave) for at, one in to_come if one.state != "paused"]
    if is_stopped:
        return PAUSED
    said = next_wave_words(waves, today, at_school=bool(own))
    if said:
        return said
    terms = found.terms if found.terms is not None else _terms()
    return term_words(terms, today) if terms else ""


def _terms() -> tuple[Term, ...]:
    """For those for whom nothing else needs the settings."""
    with suppress(EveryfamilyError, OSError):
        calendar = area_calendar()
        return tuple(calendar.terms) if calendar is not None else ()
    return ()


def _own_schools(held: Held) -> frozenset[int]:
    return frozenset(one.school_id for one in held.standings if one.school_id is not None)


def _roles(held: Held, schools: Mapping[int, tuple[int, str]]) -> list[RoleWords]:
    """Each role once, with where it counts."""
    found: dict[Role, list[str]] = {}
    for one in held.standings:
        place = schools.get(one.school_id or 0, (0, one.body or ""))[1]
        found.setdefault(one.role, []).append(place)
    return [
        role_words(role, found[role][0] if len(found[role]) == 1 else of(len(found[role]), "school"))
        for role in Role
        if role in found
    ]


def _state(held: Held, found: Gathered) -> Sequence[str]:
    """How far letters and mailings are, for those who may see it. Counts of schools, never of families."""
    return [*map(_how_far, (one for one in found.letters if one.is_asked)), *_of_mailings(held, found)]


def _how_far(one: SentLetter) -> str:
    """Who has approved a letter that was sent for approval."""
    of_all = f"{len(one.approved)} of {len(one.required)}"
    asks = f" {joined_names(one.asks)} asked for a change." if one.asks else ""
    return f"Letter {one.reference}: {of_all} {'has' if len(one.approved) == 1 else 'have'} approved it.{asks}"


def _of_mailings(held: Held, found: Gathered) -> Sequence[str]:
    if not held.may(Right.SEE_MAILING):
        return ()
    if not found.mailings:
        return ("No mailing is open.",)
    return [
        f"Letter {one.reference}: {one.begun} of {of(one.schools, 'school')} "
        f"{'has' if one.begun == 1 else 'have'} begun{', and the mailing is paused' if one.state == 'paused' else ''}."
        for one in found.mailings
    ]
