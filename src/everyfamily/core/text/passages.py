"""Passages: the smallest addressable pieces of a text, its sections, and the letter's text in one language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from everyfamily.core.errors import SourceLocation

PassageKind = Literal["title", "heading", "paragraph", "item", "subject", "preheader", "text message"]
Medium = Literal["print", "email", "web"]
"""Where the body of a letter is read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """The smallest addressable piece of a letter: a heading, a paragraph, a list item, a subject, a text.

    `id` is `section/number` ("now/2"), or the section's own id for headings. It is the same in every language and
    channel. `aside` is what goes with an item (its other causes, or what to do). `promise` names what local managers
    must have agreed to, with commas between. `sources` are keys of the pack's sources. `only` names the media that show
    the passage, empty for all of them. `condition` is the pack's ("next topic", "no next topic"). A composed letter has
    only passages whose condition was true.
    """

    id: str
    kind: PassageKind
    text: str
    place: SourceLocation
    aside: str | None = None
    promise: str | None = None
    sources: tuple[str, ...] = ()
    only: tuple[Medium, ...] = ()
    condition: str | None = None

    @property
    def promises(self) -> tuple[str, ...]:
        """What it promises, one by one: "audio,bsl" in the pack is two promises."""
        return tuple(self.promise.split(",")) if self.promise else ()

    @property
    def words(self) -> str:
        """Its text and its aside as one."""
        return f"{self.text} {self.aside or ''}"

    def stands_in(self, medium: Medium) -> bool:
        """True if readers of `medium` see the passage."""
        return not self.only or medium in self.only


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (or none) and what is under it, in reading order."""

    id: str
    heading: Passage | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class KitText:
    """What is said alongside the letter: a school's newsletter, its page for staff, the partnership's press lines."""

    title: Passage
    sections: tuple[Section, ...]

    def section(self, section_id: str) -> Section:
        """Return the section. Raises KeyError for an id that the text does not have."""
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
    """The text message, with at most two fragments. The address of its page is already filled in."""
    sms_short: Passage | None = None
    """The same in one fragment, for a school that pays by the fragment."""
    newsletter: KitText | None = None
    """For a school's own newsletter, which anyone can read, so it names no topic. None in letters sealed without
    one."""
    briefing: KitText | None = None
    """For a school's staff, on the day before. None in letters sealed without one."""
    press: KitText | None = None
    """For the partnership's press offices, not for schools. None in letters sealed without it, and if the pack has
    none."""
    translator: str | None = None
    """Who translated it, or None for the English."""
    checker: str | None = None
    """The second person, who read the translation against the English. None if nobody did, and for the English."""
    english_digest: str | None = None
    """The digest of the English words that this text was made from, or for the English, of its own words. None in older
    records."""

    def section(self, section_id: str) -> Section:
        """Return the section. Raises KeyError for an id that the pack does not have."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def passages(self) -> Iterator[Passage]:
        """Every passage of the body in reading order: the title, then headings and what is under them."""
        return _in_order(self.title, self.sections)

    def beside(self) -> Iterator[Passage]:
        """Every passage of the newsletter's, the staff's and the press offices' texts, if there are any."""
        for text in (self.newsletter, self.briefing, self.press):
            if text is not None:
                yield from text.passages()

    def outside(self) -> Iterator[Passage]:
        """What can be read without opening the letter. It names no topic."""
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
