"""What the templates need besides passages, in one language: routes, letters, links between pages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from everyfamily.core.packs.site_text import PAGE_SECTIONS, SiteText
from everyfamily.core.partnership.route_hours import RouteHours
from everyfamily.core.partnership.routes import Route
from everyfamily.parentsite.dead_numbers import instead, is_dead
from everyfamily.parentsite.furniture import Furniture, furniture_of
from everyfamily.parentsite.lines import Gaps, Part, Speaker, route_link, stands_in
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import UNKNOWN, Page, Site, Topic, address_of
from everyfamily.parentsite.words import FOOT, NAVIGATION, NEEDS, TERMS
from everyfamily.rendering.html import link
from everyfamily.rendering.view import unbroken

_NOT_AN_ORDINARY_CALL = ("deaf",)
"""999 by text, by video in sign language, or by a relay: a tap that calls would be wrong."""


@dataclass(frozen=True, slots=True)
class RouteOnSite:
    """One route: what it is for, how to reach it, when, and when somebody last rang or opened it."""

    id: str
    need: Markup
    """Short, for the call sheet and next to a number."""
    part: Part | None
    """The general page's words for it, or None for a route that only this partnership has."""
    link: Markup | None
    """None for the school's number, which is different for every family."""
    callable: bool
    hours: tuple[Markup, ...]
    opening: str | None
    """For the script: JSON of [weekday, opens, closes], Monday is 0, minutes in London; "[]" for any time."""
    closed_on_bank_holidays: bool
    checked: str | None
    hours_unknown: bool
    """True for a telephone route if the register does not say its hours, or nobody confirmed them: it may be shut."""
    written: tuple[tuple[str, Markup], ...]
    """Ways to write to the same people: its name, and the link."""
    is_dead: bool = False
    """People know that it does not answer. It has no link, and the page says what to use instead."""


class Language:
    """The site in one language: its furniture, and each of its texts in that language."""

    def __init__(self, site: Site, tag: str) -> None:
        self.site = site
        self.tag = tag
        self.furniture: Furniture = furniture_of(tag)
        self.say = self.furniture.say
        day = site.pages.statement_on
        days = {one: furniture_of(one).day(day) for one in {tag, "en"}}
        self._gaps = Gaps(site.partnership, days, self._taken_out)
        self.pages = Speaker(site.pages.texts, tag, self._gaps, unlinked=_NOT_AN_ORDINARY_CALL)
        self._topics: dict[str, Speaker] = {}
        self.routes: Mapping[str, RouteOnSite] = {one.id: self._route(one) for one in site.partnership.routes}

    @property
    def promised(self) -> frozenset[str]:
        """Ids of the promises that local managers agreed to."""
        return frozenset(promise.id for promise in self.site.partnership.promises)

    @property
    def direction(self) -> str:
        """Of the page."""
        return self.furniture.direction

    def address(self, path: str) -> str:
        """Address of a page in this language."""
        return address_of(self.site.base, self.tag, path)

    def topic(self, topic: Topic) -> Speaker:
        """The topic's pages, in this language."""
        if topic.pack.id not in self._topics:
            self._topics[topic.pack.id] = Speaker(topic.pack.site, self.tag, self._gaps)
        return self._topics[topic.pack.id]

    def is_checked(self, topic: Topic | None) -> bool:
        """False if a text that the page shows in this language is a translation that nobody has checked."""
        texts: list[SiteText | None] = [self.site.pages.texts.get(self.tag)]
        if topic is not None:
            texts.append(topic.pack.site.get(self.tag))
        reviewed = all(text is None or text.is_reviewed for text in texts)
        return reviewed and (self.tag == "en" or self.furniture.is_reviewed)

    def partnership(self, words: str) -> Markup:
        """Words that are the partnership's own, in English, on a page in this language."""
        return self.marked(unbroken(words), "en")

    def marked(self, words: str, language: str) -> Markup:
        """Words in `language` within a line of this language."""
        if language == self.tag:
            return escape(words)
        return Markup("<bdi{}>{}</bdi>").format(stands_in(self.tag, language), words)

    def term(self, one: SealedLetter) -> Markup:
        """The letter's term in words."""
        season, year, *number = one.term.split("-")
        if season in TERMS and year.isdigit():
            words = escape(self.say(TERMS[season], year=year))
            return words + "".join(f" ({which})" for which in number)
        return self.partnership(one.letter.term)

    def text_language(self, one: SealedLetter) -> str:
        """The language in which the site shows the sealed letter itself: this one, if it was approved in it."""
        return self.tag if self.tag in one.letter.texts else "en"

    def titles(self, one: SealedLetter) -> list[str]:
        """Its title in that language, of each version."""
        tag = self.text_language(one)
        return [one.letter.in_version(version).texts[tag].title.text for version in one.letter.versions]

    def alternates(self, page: Page) -> Iterator[tuple[str, str, str, str, bool]]:
        """Tag, own name, direction, address and "is this page" for the page in each language."""
        for tag in self.site.languages:
            other = furniture_of(tag)
            path = "" if page.name == UNKNOWN else page.path
            where = address_of(self.site.base, tag, path)
            yield tag, other.own_name, other.direction, where, tag == self.tag

    def navigation(self, page: Page) -> Iterator[tuple[str, str, bool]]:
        """Label, address and "is this page" for the bar at the top."""
        topic = page.topic
        term = topic.term if topic else self.site.current.term
        for name, label in NAVIGATION.items():
            if topic is None and name not in ("letter", "genuine"):
                continue
            path = {"letter": term, "genuine": "genuine"}.get(name, f"{term}/{name}")
            yield self.say(label), self.address(path), path == page.path

    def foot(self, page: Page) -> Iterator[tuple[str, str, bool]]:
        """Label, address and "is this page" for the links at the foot."""
        for name, label in FOOT.items():
            if name == "easy":
                if page.topic is None:
                    continue
                path = f"{page.topic.term}/easy"
            else:
                path = name
            yield self.say(label), self.address(path), path == page.path

    def help_routes(self) -> list[RouteOnSite]:
        """The routes of "Get help now" except the emergency one."""
        return [route for route in self._of_topics() if route.id != "emergency"]

    def card(self, topic: Topic) -> list[RouteOnSite]:
        """The routes of a call sheet: those on the topic's card that have a number to call."""
        return [route for route in self._in_use(topic.pack.about.routes.card) if route.callable]

    def call_now(self) -> list[RouteOnSite]:
        """Whom to call about something grave: the children's team, and the emergency number."""
        return [route for route in self._in_use(("local", "emergency")) if route.link is not None]

    def in_use(self, name: str) -> RouteOnSite | None:
        """A route, or the one to use instead while it is dead. None if the register does not have it."""
        return next(iter(self._in_use((name,))), None)

    @property
    def dead(self) -> list[RouteOnSite]:
        """The routes that do not answer."""
        return [route for route in self._of_topics() if route.is_dead]

    def instead(self, route: RouteOnSite) -> RouteOnSite | None:
        """Which route to use while one is dead."""
        other = instead(self.site, route.id)
        return self.routes[other.id] if other is not None else None

    def _of_topics(self) -> Iterator[RouteOnSite]:
        """The routes for every topic, and those for a topic that the site has."""
        topics = {topic.pack.id for topic in self.site.topics}
        for route in self.site.partnership.routes:
            if not route.topics or topics & set(route.topics):
                yield self.routes[route.id]

    def _in_use(self, names: Iterable[str]) -> Iterable[RouteOnSite]:
        known = (self.routes[name] for name in names if name in self.routes)
        found = (self.instead(route) if route.is_dead else route for route in known)
        return {route.id: route for route in found if route is not None}.values()

    def _taken_out(self, place: str) -> Mapping[str, Markup] | None:
        """What a sentence has in place of a number that is dead, in this language and in English."""
        if not is_dead(self.site, place):
            return None
        words = Markup('<em>({}: <a href="{}">{}</a>)</em>')
        say = {one: furniture_of(one).say for one in {self.tag, "en"}}
        return {
            one: words.format(say[one]("number taken out"), self.address("help"), say[one]("Get help now"))
            for one in say
        }

    def day(self, one: SealedLetter) -> str:
        """The letter's date."""
        return self.furniture.day(one.letter.dated)

    def _route(self, route: Route) -> RouteOnSite:
        dead = is_dead(self.site, route.place, route)
        address = route_link(route) if not dead else None
        opening = self.site.partnership.openings.get(route.id)
        need = (
            self.partnership(route.need)
            if self.tag == "en" or route.id not in NEEDS
            else escape(self.say(NEEDS[route.id]))
        )
        section = f"need-{route.id}"
        callable_ = address is not None and address[0].startswith("tel:")
        # 999 is answered at any time, whatever a register leaves out.
        sure = route.id == "emergency" or route.has_confirmed_hours(self.site.today)
        known = route.id == "emergency" or opening is not None or any(one.isdigit() for one in route.hours)
        return RouteOnSite(
            route.id,
            need,
            self.pages[section] if section in PAGE_SECTIONS else None,
            link(*address) if address else None,
            callable_,
            self._hours(route, opening),
            _for_script(opening) if callable_ and opening and sure else None,
            opening is not None and not opening.bank_holidays,
            self.furniture.day(route.checked_on) if route.checked_on else None,
            route.number is not None and not (sure and known),
            tuple(self._written(route)),
            dead,
        )

    def _written(self, route: Route) -> Iterator[tuple[str, Markup]]:
        if route.text is not None and not is_dead(self.site, route.text):
            yield self.say("Text message"), link(f"sms:{route.text.replace(' ', '')}", unbroken(route.text))
        if route.email is not None:
            yield self.say("Email"), link(f"mailto:{route.email}", route.email)
        if route.form is not None:
            yield self.say("Online"), link(f"https://{route.form}", route.form)

    def _hours(self, route: Route, opening: RouteHours | None) -> tuple[Markup, ...]:
        if self.tag == "en" or opening is None:
            return (self.partnership(route.hours),)
        return tuple(escape(line) for line in self.furniture.hours(opening))


def _for_script(opening: RouteHours) -> str:
    return json.dumps([[one.weekday, one.opens, one.closes] for one in opening.spans], separators=(",", ":"))
