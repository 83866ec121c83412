"""A sealed letter on the site: its own words, but only numbers that are valid today can be called from it.

A letter on paper keeps the numbers that were printed on it. The site also shows its exact words. If the route register
no longer has a number, or nobody has checked it lately, the number is shown without a link, with a line that says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from markupsafe import Markup, escape

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import year_in_words
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.places_in_words import printed
from everyfamily.letters.files.key_lists import KEY_LIST
from everyfamily.letters.files.record import folder_of
from everyfamily.parentsite.dead_numbers import is_dead
from everyfamily.parentsite.lines import route_link
from everyfamily.parentsite.sealed import AUDIO, SealedLetter
from everyfamily.parentsite.site import FURTHER, Page, Site
from everyfamily.parentsite.views import Language, RouteOnSite
from everyfamily.rendering.html import link, linked
from everyfamily.rendering.labels import labels_for
from everyfamily.rendering.view import RouteView, View, view_of


def good_routes(site: Site, one: SealedLetter) -> tuple[Route, ...]:
    """The letter's routes that today's register has with the same number or address, checked. None if it was
    withdrawn. They are without the ways to write that the register has no more."""
    if one.withdrawn:
        return ()
    today = {route.id: route for route in site.partnership.routes}
    return tuple(
        replace(
            route,
            form=route.form if route.form == now.form else None,
            email=route.email if route.email == now.email else None,
            text=route.text if route.text == now.text else None,
        )
        for route in one.letter.routes
        if (now := today.get(route.id)) is not None
        and (now.number, now.url) == (route.number, route.url)
        and (now.state_on(site.today) is RouteState.GOOD or (site.preview and not is_dead(site, now.place, now)))
    )


def stale_routes(site: Site, one: SealedLetter) -> list[Route]:
    """The letter's routes with something that is not valid today. The school's number differs for each family, and no
    page has it."""
    good = {route.id: route for route in good_routes(site, one)}
    return [route for route in one.letter.routes if route_link(route) is not None and good.get(route.id) != route]


def dead_in(site: Site, one: SealedLetter) -> tuple[Route, ...]:
    """The letter's routes that are dead, also those that the register has no more."""
    return tuple(
        route
        for route in one.letter.routes
        if route_link(route) is not None and is_dead(site, route.place, route)
    )


def changed_routes(site: Site, one: SealedLetter) -> tuple[Route, ...]:
    """The letter's routes whose number or address is different in today's register, is no longer there, or is dead."""
    today = {route.id: route for route in site.partnership.routes}
    return tuple(
        route
        for route in one.letter.routes
        if route_link(route) is not None
        and (
            (now := today.get(route.id)) is None
            or (now.number, now.url) != (route.number, route.url)
            or now.state_on(site.today) is RouteState.DEAD
        )
    )


def offered_files(site: Site, one: SealedLetter) -> Mapping[str, bytes]:
    """The files that families may download. None if the letter was withdrawn, or one of its numbers is not valid
    today."""
    return {} if one.withdrawn or stale_routes(site, one) else one.files


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawn letter, as a page describes it."""

    letter: SealedLetter
    day: str
    """In words, or empty if no notice says it."""
    right: tuple[RouteOnSite, ...]
    """What was wrong in it, as it is today."""
    corrected_by: tuple[SealedLetter, ...]
    replaced_by: tuple[SealedLetter, ...]


class LettersOnSite:
    """What the pages of sealed letters need. Each letter is prepared once for all languages."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._good = {one.reference: good_routes(site, one) for one in site.letters}
        self._links: dict[str, Callable[[str], Markup]] = {}
        self._views: dict[tuple[str, str, Version | None], View] = {}
        self._out = {
            one.reference: changed_routes(site, one) if one.withdrawn else dead_in(site, one)
            for one in site.letters
        }
        """Routes that no reader may call: what is wrong in a withdrawn letter, and what is dead in any other."""

    def values(self, language: Language, page: Page) -> dict[str, Any]:
        """The templates' values for a page that shows a letter."""
        one = page.letter
        assert one is not None
        tag = language.text_language(one)
        return {
            "one": one,
            "text_language": tag,
            "view": self._view(one, tag),
            "versions": self._versions(one, tag),
            "views": [
                (other, self._view(one, other, version))
                for version in one.letter.versions
                for other in one.letter.in_version(version).texts
            ],
            "linked": self._taken_out(language, one, escape if one.withdrawn else self._linked(one)),
            "out": {route.id for route in self._out[one.reference]},
            "rings": partial(self._rings, language, one),
            "withdrawn": self._withdrawn(language, one) if one.withdrawn else None,
            "before": [self._withdrawn(language, other) for other in self.site.withdrawn_at_page_of(one)],
            "because": self._because(language, one),
            "numbers_changed": not one.withdrawn and bool(stale_routes(self.site, one)),
            "listen": self._recording(one, tag),
            "ways": [*self._topic_pages(language, page, one), *self._downloads(language, one)],
            "seal_address": f"{self.site.base}/seals/{one.reference}.json",
            "keys_address": f"{self.site.base}/seals/{KEY_LIST}" if one.keys is not None else None,
            "sealed_on": language.furniture.day(_day(datetime.fromisoformat(one.seal.sealed_at))),
            "approvals": [
                (name, title, organisation, language.furniture.day(_day(at)))
                for name, title, organisation, at in one.approvals()
            ],
        }

    def large_print(self, language: Language) -> Iterator[tuple[Markup, str]]:
        """Label and address of the large-print file of each letter that still counts."""
        for one in self.site.letters:
            tag = language.text_language(one)
            for version in one.letter.versions:
                name = f"{folder_of(version)}{tag}/letter-large-print.pdf"
                if name in offered_files(self.site, one):
                    whom = f", {_years(one, tag, version)}" if version is not None else ""
                    label = Markup("{} ({}){}").format(
                        language.term(one), language.say("Large print (PDF)"), whom
                    )
                    yield label, f"{self.site.base}/files/{one.reference}/{name}"

    def _recording(self, one: SealedLetter, tag: str) -> tuple[str, str] | None:
        """Address and length of the letter read aloud. It says numbers, so it is offered like the letter's files."""
        name = f"{tag}/{AUDIO}"
        if tag not in one.recordings or name not in offered_files(self.site, one):
            return None
        return f"{self.site.base}/files/{one.reference}/{name}", one.recordings[tag].length

    def _view(self, one: SealedLetter, tag: str, version: Version | None = None) -> View:
        if (one.reference, tag, version) not in self._views:
            letter = one.letter.in_version(version)
            self._views[one.reference, tag, version] = view_of(letter, tag, "web", PersonalGaps())
        return self._views[one.reference, tag, version]

    def _versions(self, one: SealedLetter, tag: str) -> list[tuple[str, str, View]]:
        """Name, for whom and words of each version, or nothing for a letter in one version."""
        return [
            (version.value, _for_whom(one, tag, version), self._view(one, tag, version))
            for version in one.letter.versions
            if version is not None
        ]

    def _linked(self, one: SealedLetter) -> Callable[[str], Markup]:
        if one.reference not in self._links:
            self._links[one.reference] = cache(
                partial(linked, replace(one.letter, routes=self._good[one.reference]))
            )
        return self._links[one.reference]

    def _withdrawn(self, language: Language, one: SealedLetter) -> Withdrawn:
        right = (language.routes.get(route.id) for route in self._out[one.reference])
        day = one.history.withdrawn_on
        return Withdrawn(
            one,
            language.furniture.day(day) if day is not None else "",
            tuple(route for route in right if route is not None and route.link is not None),
            tuple(self._known(one.history.corrected_by)),
            tuple(self._known(one.history.replaced_by)),
        )

    def _known(self, references: Iterable[str]) -> Iterator[SealedLetter]:
        for reference in references:
            found = self.site.letter(reference)
            if found is not None:
                yield found

    def _because(self, language: Language, one: SealedLetter) -> tuple[str, str] | None:
        """For a correction: the reference of the letter that was wrong, and its day in words, or blank if its seal is
        not here. None for any other letter."""
        follows = one.history.follows
        if follows is None or follows.kind != "correction":
            return None
        wrong = self.site.letter(follows.reference)
        return follows.reference, language.day(wrong) if wrong is not None else ""

    def _taken_out(
        self, language: Language, one: SealedLetter, said: Callable[[str], Markup]
    ) -> Callable[[str], Markup]:
        """The letter's words, each piece by `said`, without the numbers and addresses that no reader may call: a scared
        reader calls whatever number is there."""
        out = [route.place for route in self._out[one.reference]]
        if not out:
            return said
        wrong = re.compile(f"({printed(out).pattern})")
        gone = Markup("<em>({})</em>").format(language.say("number taken out"))
        return lambda text: Markup("").join(
            gone if index % 2 else said(piece) for index, piece in enumerate(wrong.split(text))
        )

    def _rings(self, language: Language, one: SealedLetter, row: RouteView) -> Markup:
        """The number in a row of the card: a link if it is valid today, nothing if no reader may call it."""
        number = row.number or ""
        if row.id in {route.id for route in self._out[one.reference]}:
            return self._taken_out(language, one, escape)(number)
        if row.tel and row.id in {route.id for route in self._good[one.reference]}:
            return link(f"tel:{row.tel}", number)
        return Markup('<bdi class="n" dir="ltr">{}</bdi>').format(number)

    def _topic_pages(self, language: Language, page: Page, one: SealedLetter) -> Iterator[tuple[str, str, str]]:
        """Drawing, label and address of the pages that say more than the letter, if they are about its topic."""
        if page.topic is None or page.topic.pack.id != one.letter.pack:
            return
        for icon, name, label in (
            ("eye", "signs", language.say("Signs")),
            ("talk", "talk", language.say("Talk")),
            ("phone", "call", language.say("When you call")),
            ("book", "easy", language.say("In short sentences")),
        ):
            yield icon, label, language.address(f"{page.topic.term}/{name}")
        if page.topic.has_further:
            heading = language.topic(page.topic)[FURTHER].heading.html
            yield "going", heading, language.address(f"{page.topic.term}/{FURTHER}")

    def _downloads(self, language: Language, one: SealedLetter) -> Iterator[tuple[str, str, str]]:
        tag = language.text_language(one)
        for version in one.letter.versions:
            folder = folder_of(version)
            whom = f", {_years(one, tag, version)}" if version is not None else ""
            for name, label, icon in (
                (f"{folder}{tag}/letter.pdf", language.say("Print the letter (PDF)"), "print"),
                (f"{folder}{tag}/letter-large-print.pdf", language.say("Large print (PDF)"), "large"),
            ):
                if name in offered_files(self.site, one):
                    yield icon, f"{label}{whom}", f"{self.site.base}/files/{one.reference}/{name}"


def _for_whom(one: SealedLetter, tag: str, version: Version) -> str:
    """ "If you have a child in Year 7 or above", in the language of the letter's words."""
    labels = labels_for(tag)
    said = labels.older if version is Version.SECONDARY else labels.younger
    return said.format(_years(one, tag, version))


def _years(one: SealedLetter, tag: str, version: Version) -> str:
    """ "Year 7 or above", the same."""
    labels, year = labels_for(tag), one.letter.secondary_from
    assert year is not None
    if version is Version.SECONDARY:
        return labels.or_above.format(year_in_words(year))
    return labels.or_below.format(year_in_words(year - 1))


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
