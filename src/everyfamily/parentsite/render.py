"""Renders the pages: each page in each language, as bytes, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from everyfamily.core.gaps import PersonalGaps
from everyfamily.parentsite.assets import Assets
from everyfamily.parentsite.headers import META_CSP
from everyfamily.parentsite.lines import Part, stands_in
from everyfamily.parentsite.sealed import SealedLetter
from everyfamily.parentsite.site import TOPIC_PAGES, UNKNOWN, Page, Site, pages_of
from everyfamily.parentsite.views import Language
from everyfamily.rendering.html import link, linked
from everyfamily.rendering.view import View, view_of

_ICONS = {
    "going": "going",
    "things": "things",
    "phone": "device",
    "people": "people",
    "school": "school",
    "mood": "mood",
}
_PLAIN: Mapping[str, tuple[str, ...]] = {
    "young": ("young",),
    "leaving": ("leaving", "leaving-cannot"),
    "privacy": ("privacy",),
    "accessibility": ("accessibility", "accessibility-gaps", "accessibility-tell", "accessibility-how"),
    "large": ("large",),
}
"""Pages that are passages from top to bottom, and their sections."""
_TEMPLATES = dict.fromkeys(_PLAIN, "plain.html") | {UNKNOWN: "unknown.html"}


def render_site(site: Site, assets: Assets) -> Iterator[tuple[str, bytes]]:
    """Every page in every language: path under the root ("ur/help/index.html") and its bytes."""
    renderer = _Renderer(site, assets)
    for tag in site.languages:
        language = Language(site, tag)
        folder = "" if tag == "en" else f"{tag}/"
        for page in renderer.pages:
            if page.path == UNKNOWN:
                yield f"{folder}404.html", renderer.page(language, page)
            else:
                inside = f"{page.path}/" if page.path else ""
                yield f"{folder}{inside}index.html", renderer.page(language, page)


class _Renderer:
    def __init__(self, site: Site, assets: Assets) -> None:
        self.site = site
        self.pages = list(pages_of(site))
        self._env = Environment(
            loader=PackageLoader("everyfamily.parentsite", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        checked = [route.checked_on for route in site.partnership.routes if route.checked_on is not None]
        self._checked = min(checked, default=site.today)
        self._same = {
            "site": site,
            "assets": assets.addresses,
            "csp": Markup(META_CSP),  # noqa: S704 - our own text; its quotes stay as they are
            "places": tuple(_ICONS.items()),
            "stands_in": stands_in,
            "link": link,
            "bank_holidays": " ".join(day.isoformat() for day in site.bank_holidays),
        }
        self._linking: dict[str, Callable[[str], Markup]] = {}
        self._views: dict[tuple[str, str], View] = {}

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
        }
        if page.topic is not None:
            values |= {"t": language.topic(page.topic), "term": page.topic.term}
        values |= self._own(language, page)
        values["title"] = self._title(language, page)
        template = self._env.get_template(_TEMPLATES.get(page.name, f"{page.name}.html"))
        return template.render(values).encode()

    def _own(self, language: Language, page: Page) -> dict[str, Any]:
        """What only this kind of page needs."""
        if page.name in _PLAIN:
            return {
                "parts": [language.pages[name] for name in _PLAIN[page.name]],
                "large_files": list(self._large_files(language)),
            }
        if page.name == "home" and page.topic is not None:
            return {"tiles": list(self._tiles(language))}
        if page.name in ("letter", "sealed"):
            return self._letter(language, page)
        return {}

    def _letter(self, language: Language, page: Page) -> dict[str, Any]:
        one = page.letter
        assert one is not None
        tag = language.text_language(one)
        seal = one.seal
        return {
            "one": one,
            "text_language": tag,
            "view": self._view(one.reference, tag),
            "views": [(other, self._view(one.reference, other)) for other in one.letter.texts],
            "linked": self._linked(one),
            "topic_pages": page.topic is not None and page.topic.pack.id == one.letter.pack,
            "downloads": list(self._downloads(language, page)),
            "seal_address": f"{self.site.base}/seals/{one.reference}.json",
            "sealed_on": language.furniture.day(date.fromisoformat(seal.sealed_at[:10])),
            "approvals": [
                (name, title, organisation, language.furniture.day(at.date()))
                for name, title, organisation, at in one.approvals()
            ],
        }

    def _linked(self, one: SealedLetter) -> Callable[[str], Markup]:
        """Links a letter's numbers, each text once: the same letter stands on the pages of every language."""
        if one.reference not in self._linking:
            self._linking[one.reference] = cache(partial(linked, one.letter))
        return self._linking[one.reference]

    def _view(self, reference: str, tag: str) -> View:
        if (reference, tag) not in self._views:
            one = next(letter for letter in self.site.letters if letter.reference == reference)
            self._views[reference, tag] = view_of(one.letter, tag, "web", PersonalGaps())
        return self._views[reference, tag]

    def _downloads(self, language: Language, page: Page) -> Iterator[tuple[str, str, str]]:
        one = page.letter
        assert one is not None
        tag = language.text_language(one)
        for name, label, icon in (
            (f"{tag}/letter.pdf", language.say("Print the letter (PDF)"), "print"),
            (f"{tag}/letter-large-print.pdf", language.say("Large print (PDF)"), "large"),
        ):
            if name in one.files:
                yield label, f"{self.site.base}/files/{one.reference}/{name}", icon

    def _large_files(self, language: Language) -> Iterator[tuple[Markup, str]]:
        for one in self.site.letters:
            tag = language.text_language(one)
            name = f"{tag}/letter-large-print.pdf"
            if name in one.files and not one.withdrawn:
                label = Markup("{} ({})").format(language.term(one), language.say("Large print (PDF)"))
                yield label, f"{self.site.base}/files/{one.reference}/{name}"

    def _tiles(self, language: Language) -> Iterator[tuple[str, str, str, str]]:
        say = language.say
        yield "eye", "signs", say("Signs to look for"), say("What a family may see, and when to tell us now")
        yield "sheet", "noticed", say("What have you noticed?"), say("Make a sheet to have by you when you call")
        yield "talk", "talk", say("Talk with your child"), say("Ways to begin, and what helps")
        yield "phone", "call", say("What happens when you call"), say("Step by step, and what they may ask")
        yield "book", "easy", say("Easy read"), say("Short sentences")

    def _title(self, language: Language, page: Page) -> str:
        """What the browser's tab and history show: never the topic."""
        own: dict[str, str] = {
            "letter": language.say("A letter about keeping children safe"),
            "sealed": language.say("Is this letter genuine?"),
        }
        if page.name in own:
            return own[page.name]
        part: Part
        if page.topic is not None and page.name in TOPIC_PAGES:
            part = language.topic(page.topic)[page.name]
        else:
            part = language.pages["unknown" if page.name == UNKNOWN else page.name]
        return str(part.heading.html.striptags())
