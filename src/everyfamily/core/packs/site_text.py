"""What the parent site says: a topic's pages from its pack, and the general pages, in each language.

A translation may lack a section, or leave a passage as "…". Then the English appears there, marked as English. So a
family never misses a line, and nobody takes an English line for a translated one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from everyfamily.core.packs.translations import digest_of_words, is_second_person
from everyfamily.core.text.passages import Passage, Section

NOT_YET = "…"
"""How a translator leaves a passage in English for now."""

TOPIC_SECTIONS: Mapping[str, str] = {
    "signs": "what to look for, and that one change is enough to call about",
    "now": "changes to tell us about now, and what to do first",
    "going": "changes in where the child goes, and other causes",
    "things": "changes in things and money, and other causes",
    "phone": "changes on the phone and online, and other causes",
    "people": "changes with friends and other people, and other causes",
    "school": "changes at school and clubs, and other causes",
    "mood": "changes in mood and health, and other causes",
    "adults": "how another person may behave",
    "else": "what else it could be, and who can be targeted",
    "noticed": "that choosing is for the call alone, and is not a score",
    "sheet": "what the call sheet is for",
    "say": "what a parent could say first",
    "ready": "what is good to have ready",
    "talk": "how to think of the talk",
    "begin": "ways to begin",
    "online": "ways to talk about life online",
    "quiet": "what to do when a child says little",
    "told": "what to do when a child tells",
    "do": "what helps",
    "dont": "what does not help",
    "call": "that somebody listens",
    "steps": "what happens, in order",
    "asked": "what they may ask",
    "fears": "what parents worry about, and the answer",
    "safe": "what to do when calling from home is not safe",
    "easy": "the page in short sentences",
    "easy-what": "in short sentences: what it is",
    "easy-signs": "in short sentences: what to see",
    "easy-do": "in short sentences: what to do",
    "easy-call": "in short sentences: who to call",
}
"""Sections of a topic's `site.<language>.md`, in this order."""

FURTHER_SECTIONS: Mapping[str, str] = {
    "further": "one matter that needs a page of its own",
    "further-do": "what helps",
    "further-dont": "what does not help",
    "further-call": "who to call about it",
}
"""One more page that a topic may have: all four after the others, or none."""


def with_further(required: Mapping[str, str], sections: Sequence[Section]) -> Mapping[str, str]:
    """`required`, and the further page's sections for a topic that has begun one."""
    has_further = required is TOPIC_SECTIONS and any(section.id in FURTHER_SECTIONS for section in sections)
    return {**required, **FURTHER_SECTIONS} if has_further else required


ANSWERED = frozenset({"fears"})
"""Sections in which every item has its aside, because a worry without an answer must not be on the page."""

PLACES = ("going", "things", "phone", "people", "school", "mood")
"""The six places where a change may show."""

PAGE_SECTIONS: Mapping[str, str] = {
    "home": "what the letters are",
    "help": "that help is there",
    "need-emergency": "a child in danger now",
    "need-local": "a worry about a child",
    "need-police": "the police, when it can wait",
    "need-school": "the child's school",
    "need-adults": "talking it over first",
    "need-children": "the child's own line",
    "need-online": "what happened online",
    "need-survivors": "a word to adult survivors",
    "cannot-speak": "999 without speaking",
    "deaf": "sign language, relay and text",
    "interpreter": "an interpreter",
    "not-safe": "when calling from home is not safe",
    "genuine": "whether a letter is real",
    "genuine-how": "how to check a letter",
    "genuine-never": "what we never ask",
    "genuine-false": "what to do with a false letter",
    "unknown": "an address or a reference that is not ours",
    "letters": "all letters",
    "young": "a word to young people",
    "leaving": "what leaving a page does",
    "leaving-cannot": "what leaving a page cannot do",
    "privacy": "what is not kept",
    "accessibility": "the accessibility statement",
    "accessibility-gaps": "what does not work yet",
    "accessibility-tell": "whom to tell",
    "accessibility-how": "how it was tested",
    "large": "large print",
}
"""Sections of the general `pages.<language>.md`, in this order."""


@dataclass(frozen=True, slots=True)
class SiteText:
    """One file of the site in one language: its sections, who translated it, who checked it, and from which English."""

    language: str
    title: Passage
    sections: tuple[Section, ...]
    translator: str | None = None
    """None for the English."""
    checker: str | None = None
    """The second person, who read it against the English. None if nobody did, and for the English."""
    english_digest: str | None = None
    """The digest of the English words that it was made from, or for the English, of its own words."""
    checked_digest: str | None = None
    """The digest of the words that the checker read."""
    own_digest: str | None = None
    """The digest of a translation's words as they are now."""

    @property
    def is_reviewed(self) -> bool:
        """True for the English, and for a translation if somebody other than its translator has read exactly these
        words."""
        if self.translator is None:
            return True
        return is_second_person(self.checker, self.translator) and self.checked_digest == self.own_digest

    def section(self, section_id: str) -> Section | None:
        """The section, or None if the translation does not have it yet."""
        return next((section for section in self.sections if section.id == section_id), None)

    def passages(self) -> Iterator[Passage]:
        """Every passage in reading order."""
        yield self.title
        for section in self.sections:
            if section.heading is not None:
                yield section.heading
            yield from section.passages


def site_digest(text: SiteText) -> str:
    """Digest of a text's words, for translators and checkers. It does not depend on its sources and promises."""
    words = [[one.id, one.kind, one.text, one.aside] for one in text.passages()]
    return digest_of_words(words)
