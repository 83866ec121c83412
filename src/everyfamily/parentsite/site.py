"""What a site is made from, and which pages it has. They are the same in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.pictures import drawing_of
from everyfamily.core.packs.site_pack import SitePack
from everyfamily.core.packs.site_text import PLACES
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.routes import RouteCheck
from everyfamily.parentsite.sealed import SealedLetter

TOPIC_PAGES = ("signs", "noticed", "talk", "call", "easy")
FURTHER = "further"
"""The one more page that a topic may have, on a matter that needs a page of its own."""
GENERAL_PAGES = ("help", "genuine", "letters", "young", "leaving", "privacy", "accessibility", "large")
UNKNOWN = "404"
"""The page for an address that is not there: a file in each language's folder, without its own address."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's pages. They are under the term of its newest letter, so that no address names the topic."""

    pack: Pack
    newest: SealedLetter

    @property
    def term(self) -> str:
        """The first part of its pages' addresses."""
        return self.newest.term

    @property
    def has_further(self) -> bool:
        """Whether it has one more page."""
        return self.pack.site["en"].section(FURTHER) is not None

    @property
    def pictures(self) -> Mapping[str, list[tuple[str, bool]]]:
        """For a section in short sentences, the drawing beside each of its items, and whether it is crossed out."""
        table = self.pack.about.site
        return (
            {}
            if table is None
            else {name: [drawing_of(one) for one in row] for name, row in table.pictures.items()}
        )


@dataclass(frozen=True, slots=True)
class Site:
    """Everything that the pages are made from."""

    partnership: Partnership
    pages: SitePack
    packs: Mapping[str, Pack]
    """By id. Packs of letters that are no longer there are missing, and their topics have no pages."""
    letters: tuple[SealedLetter, ...]
    """Newest first."""
    languages: tuple[str, ...]
    """Tags, English first."""
    today: date
    bank_holidays: tuple[date, ...] = ()
    """Those to come, for the routes that are shut on them."""
    checks: tuple[RouteCheck, ...] = ()
    """What people found when they rang a number or opened an address. The register's own rows have it already. Letters
    may print a number that the register has no more."""
    preview: bool = False
    """True for a site that is not to be published. Its pages say so, and it may contain what nobody has checked."""
    shown_at: str | None = None
    """The path under which a preview is shown, such as "/site/preview", if it is not that of the partnership's site."""

    @property
    def base(self) -> str:
        """The path of the site: "", or "/families"."""
        if self.shown_at is not None:
            return self.shown_at
        _, slash, path = self.partnership.site.partition("/")
        return f"/{path.strip('/')}" if slash and path.strip("/") else ""

    @property
    def current(self) -> SealedLetter:
        """The newest letter, with one that still counts before a withdrawn one, and one to everybody before a
        correction."""
        newest = next((one for one in self.letters if not one.withdrawn), self.letters[0])
        return self._of_terms[newest.term]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """Topics with pages, newest first. Those of a withdrawn letter stay, because what they say is true today."""
        newest: dict[str, SealedLetter] = {}
        for one in sorted(self.letters, key=lambda one: one.withdrawn):
            newest.setdefault(one.letter.pack, one)
        return tuple(
            Topic(self.packs[name], one)
            for name, one in newest.items()
            if name in self.packs and self.packs[name].site
        )

    def topic_of(self, one: SealedLetter) -> Topic | None:
        """The topic's pages for a letter. They may be under a newer letter's term."""
        return next((topic for topic in self.topics if topic.pack.id == one.letter.pack), None)

    def path_of(self, one: SealedLetter) -> str:
        """Path of the page that shows a letter: its term's, or its seal's if a newer letter has that place."""
        return one.term if self._of_terms[one.term] is one else f"genuine/{one.reference}"

    @property
    def _of_terms(self) -> dict[str, SealedLetter]:
        """Which letter the page of each term shows: one that still counts before a withdrawn one, one to everybody
        before a correction, and the newest first."""
        found: dict[str, SealedLetter] = {}
        for one in sorted(self.letters, key=lambda one: (one.withdrawn, one.is_correction)):
            found.setdefault(one.term, one)
        return found

    def letter(self, reference: str) -> SealedLetter | None:
        """The letter with a reference, if its seal is here."""
        return next((one for one in self.letters if one.reference == reference), None)

    def withdrawn_at_page_of(self, one: SealedLetter) -> tuple[SealedLetter, ...]:
        """Withdrawn letters that print the address of the page of `one`, other than `one`."""
        return tuple(
            other for other in self.letters if other.withdrawn and other.term == one.term and other is not one
        )

    @property
    def topic_words(self) -> tuple[str, ...]:
        """Words that may be in no address, title or share card."""
        return tuple(dict.fromkeys(word for one in self.letters for word in one.letter.topic_words))

    @property
    def pictures(self) -> frozenset[str]:
        """Names of the drawings beside the short sentences of its topics."""
        return frozenset(name for topic in self.topics for row in topic.pictures.values() for name, _ in row)

    @property
    def choices(self) -> int:
        """The most lines that one of its call sheets can have."""
        return max((len(choices_of(topic)) for topic in self.topics), default=0)


@dataclass(frozen=True, slots=True)
class Page:
    """One page, in every language: `path` without slashes at its ends ("" is home), and what it shows."""

    path: str
    name: str
    """Which template: "home", one of GENERAL_PAGES, one of TOPIC_PAGES, FURTHER, "letter", "sealed" or "404"."""
    topic: Topic | None = None
    letter: SealedLetter | None = None


def root_of(base: str, tag: str) -> str:
    """Path of a language's home without its last slash. English is at the root, because letters print its address."""
    return base if tag == "en" else f"{base}/{tag}"


def address_of(base: str, tag: str, path: str) -> str:
    """Address of a page in a language, absolute on its host, with a slash at its end."""
    return f"{root_of(base, tag)}/{path}/" if path else f"{root_of(base, tag)}/"


def pages_of(site: Site) -> Iterator[Page]:
    """Every page of the site, once; each is rendered in each language."""
    current = site.topic_of(site.current)
    yield Page("", "home", current)
    for name in GENERAL_PAGES:
        yield Page(name, name, current)
    yield Page(UNKNOWN, UNKNOWN, current)
    for one in site.letters:
        topic = site.topic_of(one)
        yield Page(f"genuine/{one.reference}", "sealed", topic or current, one)
        if site.path_of(one) == one.term:
            yield Page(one.term, "letter", topic or current, one)
    for topic in site.topics:
        for name in (*TOPIC_PAGES, *((FURTHER,) if topic.has_further else ())):
            yield Page(f"{topic.term}/{name}", name, topic, topic.newest)


def choices_of(topic: Topic) -> Sequence[str]:
    """Ids of the signs that a parent can choose, in the order of the page, with the grave ones first."""
    english = topic.pack.site["en"]
    found: list[str] = []
    for name in ("now", *PLACES):
        section = english.section(name)
        if section is not None:
            found.extend(one.id.removeprefix("site/") for one in section.passages if one.kind == "item")
    return found
