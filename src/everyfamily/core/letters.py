"""A composed letter: the passages of one pack, filled for one partnership and one term.

A letter is a value. Channels render it, rules check it, signatories approve its digest; none changes
it. Gaps that only a school or an address fills stay open: `((address))`, `((school))`, `((school number))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from everyfamily.core.errors import Place
from everyfamily.core.routes import Route

PassageKind = Literal["title", "heading", "paragraph", "item", "subject", "preheader", "text message"]
Medium = Literal["print", "email", "web"]
"""Where the body of a letter is read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest addressable piece of a letter: a heading, a paragraph, a list item, a subject, a text.

    `id` is `section/number` ("now/2") or the section's own id for headings; it is the same in every language
    and channel. `aside` is what stands beside an item (its other causes). `promise` names what a local
    manager must have agreed to; `sources` are keys of the pack's sources. `only` names the media in which the
    passage stands, empty for all of them. `condition` is the pack's ("next topic", "no next topic"); a composed
    letter holds only passages whose condition was true.
    """

    id: str
    kind: PassageKind
    text: str
    place: Place
    aside: str | None = None
    promise: str | None = None
    sources: tuple[str, ...] = ()
    only: tuple[Medium, ...] = ()
    condition: str | None = None

    @property
    def words(self) -> str:
        """Its text and its aside as one."""
        return f"{self.text} {self.aside or ''}"

    def stands_in(self, medium: Medium) -> bool:
        """True when readers of `medium` see the passage."""
        return not self.only or medium in self.only


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (or none) and what stands under it, in reading order."""

    id: str
    heading: Passage | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class KitText:
    """What a school says beside the letter: its newsletter's passage, the page for its staff."""

    title: Passage
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section:
        """Return the section; raises KeyError for an id the text does not have."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def passages(self) -> Iterator[Passage]:
        """Every passage in reading order."""
        return _in_order(self.title, self.sections)


@dataclass(frozen=True, slots=True)
class LetterText:
    """The letter in one language."""

    language: str
    """BCP 47 tag."""
    title: Passage
    sections: tuple[Section, ...]
    subject: Passage
    preheader: Passage
    sms: Passage
    """The text message, at most two fragments; its address of the page is already filled in."""
    sms_short: Passage | None = None
    """The same in one fragment, for a school that pays by the fragment."""
    newsletter: KitText | None = None
    """For a school's own newsletter, which anyone can read: it names no topic. None in letters sealed without one."""
    briefing: KitText | None = None
    """For a school's staff, on the day before. None in letters sealed without one."""
    translator: str | None = None
    """Who translated it; None for the English."""
    checker: str | None = None
    """The second person, who read the translation against the English; None if nobody did, and for the English."""
    english_digest: str | None = None
    """Of the English words that this text was made from; for the English, of its own. None in older records."""

    def section(self, section_id: str) -> Section:
        """Return the section; raises KeyError for an id the pack does not have."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def passages(self) -> Iterator[Passage]:
        """Every passage of the body in reading order: title, then headings and what stands under them."""
        return _in_order(self.title, self.sections)

    def beside(self) -> Iterator[Passage]:
        """Every passage of the newsletter's and the staff's texts, as far as there are any."""
        for text in (self.newsletter, self.briefing):
            if text is not None:
                yield from text.passages()

    def outside(self) -> Iterator[Passage]:
        """What can be read without opening the letter: these name no topic."""
        yield self.subject
        yield self.preheader
        yield self.sms
        if self.sms_short is not None:
            yield self.sms_short


def _in_order(title: Passage, sections: tuple[Section, ...]) -> Iterator[Passage]:
    yield title
    for section in sections:
        if section.heading is not None:
            yield section.heading
        yield from section.passages


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation that writes: its name as two lines for the mark, its postal address, its logo (SVG)."""

    id: str
    kind: Literal["council", "police", "health", "other"]
    name: str
    name_lines: tuple[str, ...]
    logo_svg: str
    address: tuple[str, ...] = ()
    their_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Signatory:
    """A person who signs for a body. `public_key` is base64 of the raw Ed25519 key; None until it is set."""

    id: str
    body: str
    name: str
    title: str
    organisation: str
    signature_svg: str
    public_key: str | None = None
    line: int = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence that only local managers can make true, and who agreed to it when."""

    id: str
    agreed_by: str
    agreed_on: date
    line: int = 1


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source that passages of the letter name, as the pack had it on the day of composing."""

    key: str
    supports: str
    address: str
    status: Literal["found", "second-hand", "recollection"]
    review_on: date


@dataclass(frozen=True, slots=True)
class Enquiries:
    """The role (never a person) that answers questions about the letter."""

    role: str
    number: str
    hours: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Followed:
    """The withdrawn letter that another one follows, and what that one is to it."""

    reference: str
    kind: Literal["correction", "replacement"]
    """A correction is for those who had the withdrawn letter, a replacement for everybody else."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of one partnership, topic and term, in every language it has."""

    reference: str
    """Unique and checkable by a family, e.g. "ES-2703-K7R4"."""
    topic: str
    topic_words: tuple[str, ...]
    """Words that name the topic; none may stand on the outside."""
    term: str
    """Readable, e.g. "spring term 2027"."""
    dated: date
    review_on: date
    pack: str
    pack_version: str
    pack_digest: str
    """SHA-256 of the pack's files."""
    partnership: str
    area: str
    site: str
    """Address of the parent site without a scheme."""
    page: str
    """Address of this letter's page without a scheme."""
    sender_name: str
    """Sender of emails and texts."""
    reply_mailbox: str
    reply_owner: str
    next_topic: str | None
    bodies: tuple[Body, ...]
    signatories: tuple[Signatory, ...]
    enquiries: Enquiries
    from_lines: tuple[str, ...]
    """Name and postal address of the partnership, as printed."""
    routes: tuple[Route, ...]
    """The card's routes, in printed order, then those that stand apart (online, survivors)."""
    promises: tuple[Promise, ...]
    texts: Mapping[str, LetterText] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    """Ids of the routes that stand apart from the card: a passage gives them."""
    demonstration: bool = False
    """True for everything the demo makes; printed small at the foot."""
    partnership_file: str = "partnership.toml"
    sources: tuple[CitedSource, ...] = ()
    """Those that its passages name. None in letters sealed without them."""
    follows: Followed | None = None
    """None for a letter that follows none, and in letters sealed before letters said so."""

    @property
    def english(self) -> LetterText:
        """The text every translation is made from."""
        return self.texts["en"]

    @property
    def card_routes(self) -> tuple[Route, ...]:
        """The routes on the card that a family cuts out, in printed order."""
        return tuple(route for route in self.routes if route.id not in self.apart)
