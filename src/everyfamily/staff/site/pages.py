"""What the page of the parent site shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict

from everyfamily.accounts.desk.of_site import DUE_BEFORE
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.core.text.languages import english_name
from everyfamily.letters.queries import routes_now
from everyfamily.letters.site_queries import letters_on_site
from everyfamily.parentsite.furniture import furniture_languages
from everyfamily.partnership.queries import settings_in_brief
from everyfamily.rendering.language_names import own_name
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.words import topic_in_words
from everyfamily.staff.site.previewed import is_there
from everyfamily.work.queries.sites import SiteMade, SitesMade

WATCHED = timedelta(minutes=10)
"""A page is asked for again by itself for so long after somebody asked: it must not keep a session open all day."""
LATE = timedelta(minutes=1)
"""A worker that is alive and free has begun by then."""
SHOWN = 50
"""Hindrances that the page lists at once. Whoever mends fifty asks again."""


def site_values(
    visit: Visit, sites: SitesMade, problem: EveryfamilyError | None, typed: QueryDict | None
) -> dict[str, Any]:
    """What families see, how far a newer site is, what hinders it, and the form."""
    newest, published, today = sites.newest, sites.published, visit.now.astimezone(LONDON).date()
    is_making = newest is not None and not newest.is_over
    values: dict[str, Any] = {
        "here": "site",
        "has_folder": settings.EVERYFAMILY_SITE_FOLDER is not None,
        "problem": problem,
        "published": _published(published, today),
        "making": _making(newest, visit.now) if newest is not None and is_making else None,
        "is_stuck": sites.is_stuck,
        "page_at": at_in_words(visit.now),
    }
    if is_making:
        return values
    return values | {
        "newest": newest,
        "ended_at": at_in_words(newest.ended_at) if newest is not None and newest.ended_at is not None else "",
        "hindrances": newest.hindrances[:SHOWN] if newest is not None else (),
        "more": max(len(newest.hindrances) - SHOWN, 0) if newest is not None else 0,
        "count": len(newest.hindrances) if newest is not None else 0,
        "has_preview": is_there(),
        "dead": _dead_lines(visit),
        **_form(sites, typed),
    }


def _dead_lines(visit: Visit) -> list[str]:
    """The lines that the site does without."""
    partnership = settings_in_brief().partnership
    routes = routes_now(partnership.routes, visit.now) if partnership is not None else ()
    today = visit.now.astimezone(LONDON).date()
    return [f"{one.label}, {one.place}" for one in routes if one.state_on(today) is RouteState.DEAD]


def is_watched(newest: SiteMade | None, now: datetime) -> bool:
    """Whether the page should be asked for again by itself."""
    return newest is not None and not newest.is_over and now - newest.asked_at < WATCHED


def _published(one: SiteMade | None, today: date) -> dict[str, Any] | None:
    if one is None or one.published_at is None:
        return None
    until = one.good_until
    return {
        "at": at_in_words(one.published_at),
        "until": f"{day_with_weekday(until)} {until.year}" if until else "",
        "is_over": until is not None and until < today,
        "is_due": until is not None and until <= today + DUE_BEFORE,
        "pages": of(one.pages, "page"),
    }


def _making(one: SiteMade, now: datetime) -> dict[str, Any]:
    return {
        "for_families": one.for_families,
        "asked_by": one.asked_by,
        "asked_at": at_in_words(one.asked_at),
        "done": one.done,
        "of": one.of,
        "is_waiting": one.state.value == "waiting",
        "is_late": one.state.value == "waiting" and now - one.asked_at > LATE,
        "is_watched": is_watched(one, now),
    }


def _form(sites: SitesMade, typed: QueryDict | None) -> dict[str, Any]:
    """Which letters and languages: as typed, or as made last, with every letter that is new."""
    on_site = set(sites.published.letters) if sites.published is not None else set()
    last = sites.newest.languages if sites.newest is not None else ("en",)
    languages = typed.getlist("language") if typed is not None else last
    return {
        "letters": [
            (
                one.reference,
                f"{one.term[:1].upper()}{one.term[1:]}: {topic_in_words(one.topic)}",
                typed is None or one.reference in typed.getlist("letter"),
                one.reference not in on_site,
                one.is_withdrawn,
            )
            for one in letters_on_site()
        ],
        "languages": [
            (tag, english_name(tag), own_name(tag), tag in languages)
            for tag in furniture_languages()
            if tag != "en"
        ],
    }


def at_in_words(at: datetime) -> str:
    """ "2:12pm on Friday 12 March"."""
    here = at.astimezone(LONDON)
    return f"{time_in_words(here.time())} on {day_with_weekday(here.date())}"
