"""A sealed letter on the site: its own words, but only numbers that are good today may be called from it.

A letter on paper keeps the numbers it was printed with. The site shows its exact words too, and a number that the route
register no longer has, or that nobody has checked lately, stands there without a link, with a line that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from markupsafe import Markup

from everyfamily.core.gaps import PersonalGaps
from everyfamily.core.routes import Route, RouteState
from everyfamily.core.sending_window import LONDON
from everyfamily.parentsite.lines import route_link
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import Page, Site
from everyfamily.parentsite.views import Language
from everyfamily.rendering.html import link, linked
from everyfamily.rendering.view import RouteView, View, view_of


def good_routes(site: Site, one: SealedLetter) -> tuple[Route, ...]:
    """The letter's routes that today's register has with the same number or address, checked; none if withdrawn."""
    if one.withdrawn:
        return ()
    today = {route.id: route for route in site.partnership.routes}
    return tuple(
        route
        for route in one.letter.routes
        if (now := today.get(route.id)) is not None
        and (now.number, now.url) == (route.number, route.url)
        and (now.state_on(site.today) is RouteState.GOOD or site.preview)
    )


def stale_routes(site: Site, one: SealedLetter) -> list[Route]:
    """The letter's routes that are not good today; the school's is each family's, and no page has its number."""
    good = {route.id for route in good_routes(site, one)}
    return [route for route in one.letter.routes if route_link(route) is not None and route.id not in good]


def offered_files(site: Site, one: SealedLetter) -> Mapping[str, bytes]:
    """The files that families may take: none of a letter that was withdrawn, or of which a number is not good today."""
    return {} if one.withdrawn or stale_routes(site, one) else one.files


class LettersOnSite:
    """What the pages of sealed letters need; each letter is prepared once for all languages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._good = {one.reference: good_routes(site, one) for one in site.letters}
        self._links: dict[str, Callable[[str], Markup]] = {}
        self._views: dict[tuple[str, str], View] = {}

    def values(self, language: Language, page: Page) -> dict[str, Any]:
        """The templates' values for a page that shows a letter."""
        one = page.letter
        assert one is not None
        tag = language.text_language(one)
        return {
            "one": one,
            "text_language": tag,
            "view": self._view(one, tag),
            "views": [(other, self._view(one, other)) for other in one.letter.texts],
            "linked": self._linked(one),
            "rings": partial(self._rings, one),
            "numbers_changed": not one.withdrawn and bool(stale_routes(self.site, one)),
            "topic_pages": page.topic is not None and page.topic.pack.id == one.letter.pack,
            "downloads": list(self._downloads(language, one)),
            "seal_address": f"{self.site.base}/seals/{one.reference}.json",
            "sealed_on": language.furniture.day(_day(datetime.fromisoformat(one.seal.sealed_at))),
            "approvals": [
                (name, title, organisation, language.furniture.day(_day(at)))
                for name, title, organisation, at in one.approvals()
            ],
        }

    def large_print(self, language: Language) -> Iterator[tuple[Markup, str]]:
        """Label and address of each standing letter's file in large print."""
        for one in self.site.letters:
            tag = language.text_language(one)
            name = f"{tag}/letter-large-print.pdf"
            if name in offered_files(self.site, one):
                label = Markup("{} ({})").format(language.term(one), language.say("Large print (PDF)"))
                yield label, f"{self.site.base}/files/{one.reference}/{name}"

    def _view(self, one: SealedLetter, tag: str) -> View:
        if (one.reference, tag) not in self._views:
            self._views[one.reference, tag] = view_of(one.letter, tag, "web", PersonalGaps())
        return self._views[one.reference, tag]

    def _linked(self, one: SealedLetter) -> Callable[[str], Markup]:
        if one.reference not in self._links:
            self._links[one.reference] = cache(
                partial(linked, replace(one.letter, routes=self._good[one.reference]))
            )
        return self._links[one.reference]

    def _rings(self, one: SealedLetter, row: RouteView) -> Markup:
        """The number of a row of the card: a link if it is good today."""
        number = row.number or ""
        if row.tel and row.id in {route.id for route in self._good[one.reference]}:
            return link(f"tel:{row.tel}", number)
        return Markup('<bdi class="n" dir="ltr">{}</bdi>').format(number)

    def _downloads(self, language: Language, one: SealedLetter) -> Iterator[tuple[str, str, str]]:
        tag = language.text_language(one)
        for name, label, icon in (
            (f"{tag}/letter.pdf", language.say("Print the letter (PDF)"), "print"),
            (f"{tag}/letter-large-print.pdf", language.say("Large print (PDF)"), "large"),
        ):
            if name in offered_files(self.site, one):
                yield label, f"{self.site.base}/files/{one.reference}/{name}", icon


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
