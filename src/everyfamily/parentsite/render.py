"""Renders the pages: each page in each language, as bytes, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from everyfamily.core.packs.site_text import PLACES
from everyfamily.parentsite.assets import Assets
from everyfamily.parentsite.dead_numbers import dead_routes
from everyfamily.parentsite.headers import META_CSP
from everyfamily.parentsite.letter_pages import LettersOnSite
from everyfamily.parentsite.lines import Part, stands_in
from everyfamily.parentsite.readiness import good_until
from everyfamily.parentsite.site import FURTHER, TOPIC_PAGES, UNKNOWN, Page, Site, address_of, pages_of
from everyfamily.parentsite.views import Language

_ICONS = dict(zip(PLACES, ("going", "things", "device", "people", "school", "mood"), strict=True))
"""The drawing for each of the six places."""
_PLAIN: Mapping[str, tuple[str, ...]] = {
    "young": ("young",),
    "leaving": ("leaving", "leaving-cannot"),
    "privacy": ("privacy",),
    "accessibility": ("accessibility", "accessibility-gaps", "accessibility-tell", "accessibility-how"),
    "large": ("large",),
}
"""Pages that are only passages from top to bottom, and their sections."""
_TEMPLATES = dict.fromkeys(_PLAIN, "plain.html") | {UNKNOWN: "unknown.html"}


def render_site(site: Site, assets: Assets) -> Iterator[tuple[str, bytes]]:
    """Every page in every language: path under the root ("ur/help/index.html") and its bytes."""
    renderer = _Renderer(site, assets)
    for tag in site.languages:
        language = Language(site, tag)
        folder = address_of("", tag, "").removeprefix("/")
        for page in renderer.pages:
            if page.path == UNKNOWN:
                yield f"{folder}404.html", renderer.page(language, page)
            else:
                inside = f"{page.path}/" if page.path else ""
                yield f"{folder}{inside}index.html", renderer.page(language, page)


@cache
def _environment() -> Environment:
    """One for a process: another would compile every template again, which takes a tenth of a second."""
    return Environment(
        loader=PackageLoader("everyfamily.parentsite", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class _Renderer:
    def __init__(self, site: Site, assets: Assets) -> None:
        self.site = site
        self.pages = list(pages_of(site))
        dead = dead_routes(site)
        shown = [route for route in site.partnership.routes if route not in dead]
        checked = [route.checked_on for route in shown if route.checked_on is not None]
        self._checked = min(checked, default=site.today)
        self._same = {
            "site": site,
            "assets": assets.addresses,
            "csp": Markup(META_CSP),  # noqa: S704 - our own text; its quotes stay as they are
            "places": tuple(_ICONS.items()),
            "stands_in": stands_in,
            "partners": [
                (body.name, assets.addresses.get(f"logo-{body.id}.svg")) for body in site.partnership.bodies
            ],
            "bank_holidays": " ".join(day.isoformat() for day in site.bank_holidays),
        }
        self._letters = LettersOnSite(site)
        self._good_until = good_until(site).isoformat()

    def page(self, language: Language, page: Page) -> bytes:
        alternates = list(language.alternates(page))
        values: dict[str, Any] = self._same | {
            "l": language,
            "p": language.pages,
            "page": page,
            "navigation": list(language.navigation(page)),
            "foot": list(language.foot(page)),
            "alternates": alternates,
            "english": next((where for tag, _, _, where, _ in alternates if tag == "en"), ""),
            "checked": language.is_checked(page.topic),
            "made": language.furniture.day(self.site.today),
            "numbers_checked": language.furniture.day(self._checked),
            "good_until": self._good_until,
        }
        if page.topic is not None:
            values |= {"t": language.topic(page.topic), "term": page.topic.term}
        values |= self._own(language, page)
        values["title"] = self._title(language, page)
        template = _environment().get_template(_TEMPLATES.get(page.name, f"{page.name}.html"))
        return template.render(values).encode()

    def _own(self, language: Language, page: Page) -> dict[str, Any]:
        """What only this kind of page needs."""
        if page.name in _PLAIN:
            return {
                "parts": [language.pages[name] for name in _PLAIN[page.name]],
                "large_files": list(self._letters.large_print(language)),
            }
        if page.name == "home" and page.topic is not None:
            return {"tiles": list(self._tiles(language))}
        if page.name == "easy" and page.topic is not None:
            return {"pictures": page.topic.pictures}
        if page.name in ("letter", "sealed"):
            return self._letters.values(language, page)
        return {}

    def _tiles(self, language: Language) -> Iterator[tuple[str, str, str]]:
        """Drawing, page and a few words for each page of a topic. The heading is the page's own."""
        say = language.say
        yield "eye", "signs", say("What a family may see, and when to tell us now")
        yield "sheet", "noticed", say("Make a sheet to have by you when you call")
        yield "talk", "talk", say("Ways to begin, and what helps")
        yield "phone", "call", say("Step by step, and what they may ask")
        yield "book", "easy", say("The most important things, one at a time")

    def _title(self, language: Language, page: Page) -> str:
        """What the browser's tab and history show, which is never the topic."""
        own: dict[str, str] = {
            "letter": language.say("A letter about keeping children safe"),
            "sealed": language.say("Is this letter genuine?"),
        }
        if page.name in own:
            return own[page.name]
        part: Part
        if page.topic is not None and page.name in (*TOPIC_PAGES, FURTHER):
            part = language.topic(page.topic)[page.name]
        else:
            part = language.pages["unknown" if page.name == UNKNOWN else page.name]
        return str(part.heading.html.striptags())
