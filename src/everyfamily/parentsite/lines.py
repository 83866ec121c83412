"""Passages as HTML in one language: gaps filled, numbers isolated and callable, and English marked where it stands in
for a translation.

Without isolation, Urdu text shows `01632 960 123` as `123 960 01632`. So every number is isolated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from babel.lists import format_list
from markupsafe import Markup, escape

from everyfamily.core.packs.site_text import NOT_YET, SiteText
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import Route
from everyfamily.core.partnership.site_gaps import STATEMENT_DAY, gap_texts, partners_of
from everyfamily.core.text.passages import Passage, Section
from everyfamily.core.text.placeholders import fill, gap_name, gaps_in
from everyfamily.rendering.html import link
from everyfamily.rendering.view import direction_of, unbroken

_OURS = re.compile("[\ue000\ue001]")
"""Characters that stand for a gap while its text is escaped. No text uses these two."""
_MARK = re.compile("\ue000(\\d+)\ue001")
_LATIN = r"[A-Za-z](?:[A-Za-z’.-]*[A-Za-z])?"
_WITH_NAME = re.compile(f"(?:{_LATIN} )+\ue000(\\d+)\ue001(?: {_LATIN})*|\ue000(\\d+)\ue001(?: {_LATIN})+")
"""A gap with English words beside it: "999 BSL"."""


@dataclass(frozen=True, slots=True)
class Line:
    """One passage: `html` and `aside` are escaped and filled. `attributes` are ` lang="en" dir="ltr"` for a
    stand-in."""

    id: str
    kind: str
    html: Markup
    aside: Markup | None
    attributes: Markup
    aside_attributes: Markup


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading with the words over its asides, and its lines in reading order."""

    id: str
    heading: Line
    lines: tuple[Line, ...]

    @property
    def paragraphs(self) -> tuple[Line, ...]:
        """Its paragraphs."""
        return tuple(line for line in self.lines if line.kind == "paragraph")

    @property
    def items(self) -> tuple[Line, ...]:
        """Its list items."""
        return tuple(line for line in self.lines if line.kind == "item")


class Gaps:
    """What fills the site's gaps, by name: text, or the link for a number or an address."""

    def __init__(
        self,
        partnership: Partnership,
        statement_day: Mapping[str, str],
        taken_out: Callable[[str], Mapping[str, Markup] | None] = lambda place: None,
    ) -> None:
        """`statement_day` is the day of the accessibility statement in words, by language. `taken_out` gives what a
        page has in place of a number or an address that is dead, by language, and None for one that is not."""
        self._texts = gap_texts(partnership)
        self._links = {
            "site": f"https://{partnership.site}",
            "mailbox": f"mailto:{partnership.reply_mailbox}",
            "enquiries number": tel(partnership.enquiries.number),
        }
        self._partners = partners_of(partnership)
        self._statement_day = statement_day
        for route in partnership.routes:
            if (address := route_link(route)) is not None:
                self._links[gap_name(f"route {route.id}")] = address[0]
        found = {name: taken_out(self._texts[name]) for name in self._links}
        self._dead = {name: words for name, words in found.items() if words is not None}

    def __contains__(self, name: str) -> bool:
        """False for the gap of a route that the register lacks. A preview shows it open."""
        return name in (STATEMENT_DAY, "partners") or name in self._texts

    def is_number(self, name: str) -> bool:
        """Whether the gap is a route's, and filled."""
        return name.startswith("route ") and name not in self._dead

    def filled(self, name: str, language: str, fallback: bool, links: bool) -> Markup:
        """The HTML for one gap in a text in `language`. A partnership's own words are always English."""
        if name in self._dead:
            return self._dead[name]["en" if fallback else language]
        if name in self._links:
            shown = unbroken(self._texts[name])
            return (
                link(self._links[name], shown)
                if links
                else Markup('<bdi class="n" dir="ltr">{}</bdi>').format(shown)
            )
        if name == STATEMENT_DAY:
            return escape(unbroken(self._statement_day["en" if fallback else language]))
        own = language == "en" or fallback
        if name == "partners":
            listed = format_list(
                [f"\ue000{n}\ue001" for n in range(len(self._partners))], locale=_locale(own, language)
            )
            if language == "ckb" and not own:
                listed = listed.replace(", ", " و ")  # the locale data has no "and" for it
            parts = [_isolated(unbroken(partner), own) for partner in self._partners]
            return _with(escape(listed), parts)
        return _isolated(unbroken(self._texts[name]), own)


class Speaker:
    """Says the passages of one text in one language, with the English if there is no translation."""

    def __init__(
        self, texts: Mapping[str, SiteText], language: str, gaps: Gaps, *, unlinked: Collection[str] = ()
    ) -> None:
        """`unlinked` are sections with numbers that are not for an ordinary call: they get no link."""
        self._english = texts["en"]
        self._own = texts.get(language)
        self._language = language
        self._gaps = gaps
        self._unlinked = unlinked
        self._said: dict[str, Part] = {}

    def __getitem__(self, section_id: str) -> Part:
        """The section, for `text["now"]`. Raises KeyError if the English does not have it."""
        if section_id not in self._said:
            english = self._english.section(section_id)
            if english is None:
                raise KeyError(section_id)
            own = self._own.section(section_id) if self._own is not None else None
            self._said[section_id] = self._part(english, own)
        return self._said[section_id]

    def _part(self, english: Section, own: Section | None) -> Part:
        headings = english.heading, own.heading if own else None
        if headings[0] is None:
            raise KeyError(english.id)
        pairs = zip(english.passages, own.passages if own else [None] * len(english.passages), strict=True)
        links = english.id not in self._unlinked
        heading = self._line(headings[0], headings[1], links)
        return Part(english.id, heading, tuple(self._line(*pair, links) for pair in pairs))

    def _line(self, english: Passage, own: Passage | None, links: bool) -> Line:
        text, marks = self._words(english.text, own.text if own else None, links)
        aside, aside_marks = (
            self._words(english.aside, own.aside if own else None, links) if english.aside else (None, Markup())
        )
        return Line(english.id.removeprefix("site/"), english.kind, text, aside, marks, aside_marks)

    def _words(self, english: str, own: str | None, links: bool) -> tuple[Markup, Markup]:
        fallback = self._language != "en" and (own is None or own == NOT_YET)
        words = english if fallback or own is None else own
        marks = Markup(' lang="en" dir="ltr"') if fallback else Markup()
        return self._filled(words, fallback, links), marks

    def _filled(self, words: str, fallback: bool, links: bool) -> Markup:
        words = _OURS.sub("", words)
        names = [name for name in gaps_in(words) if name in self._gaps]
        opened = (
            fill(words, {name: f"\ue000{number}\ue001" for number, name in enumerate(names)}) if names else words
        )
        if self._language == "en" or fallback:
            opened = unbroken(opened)
        parts = [self._gaps.filled(name, self._language, fallback, links) for name in names]
        whole = escape(opened)
        if not fallback and direction_of(self._language) == "rtl":
            # Each isolated by itself, "999 BSL" would be shown as "BSL 999".
            numbers = [self._gaps.is_number(name) for name in names]
            whole = Markup(_WITH_NAME.sub(partial(_as_one, numbers), whole))  # noqa: S704 - still escaped
        return _with(whole, parts)


def route_link(route: Route) -> tuple[str, str] | None:
    """Address and shown text of a route. None for the school's, which is not one number."""
    if route.url is not None:
        return f"https://{route.url}", route.url
    if route.number is None or not route.number[0].isdigit():
        return None
    return tel(route.number), unbroken(route.number)


def tel(number: str) -> str:
    """The tel: address of a number as printed."""
    return f"tel:{number.replace(' ', '')}"


def stands_in(language: str, of: str) -> Markup:
    """Attributes for words in the language `of` on a page in `language`. None if the two are the same."""
    if of == language:
        return Markup()
    return Markup(' lang="{}" dir="{}"').format(of, direction_of(of))


def _with(words: Markup, parts: Sequence[Markup]) -> Markup:
    """Replace each mark with its part. The words are already escaped, and the parts are HTML."""
    return Markup(_MARK.sub(lambda found: parts[int(found[1])], words))  # noqa: S704 - both are escaped


def _as_one(numbers: Sequence[bool], found: re.Match[str]) -> str:
    """A number with the English words beside it, isolated as one; any other gap as it was."""
    is_number = numbers[int(found[1] or found[2])]
    return f'<bdi lang="en" dir="ltr">{found[0]}</bdi>' if is_number else found[0]


def _isolated(words: str, own: bool) -> Markup:
    """English words within a line: unchanged in English, and otherwise marked as English and kept left to right."""
    return escape(words) if own else Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(words)


def _locale(own: bool, language: str) -> str:
    return "en_GB" if own else language.replace("-", "_")
