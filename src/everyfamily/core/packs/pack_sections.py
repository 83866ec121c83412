"""Which sections each text of a pack has, in which order, and what is said if one is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.passages import KitText, Passage, Section
from everyfamily.core.text.placeholders import gaps_in

REQUIRED_SECTIONS: Mapping[str, str] = {
    "opening": "who writes, to whom, and why",
    "danger": "what to do in danger, first",
    "what": "what the harm is",
    "fault": "that it is not the child's fault",
    "signs": "changes a family may notice, and other causes",
    "now": "changes to tell us about now",
    "changes": "changes worth a conversation",
    "adults": "how another person behaves",
    "card": "who to call",
    "talk": "how to start a talk",
    "told": "what to do when a child tells",
    "do": "what helps",
    "dont": "what does not help",
    "call": "what happens after a call",
    "past": "a word to adult survivors",
    "more": "other formats and languages",
    "real": "how to check that the letter is real",
    "closing": "replies, thanks and the next letter",
}
"""Every letter has these, in this order (docs/explanation: the order that families need)."""

CARD_FIRST_SECTIONS: Mapping[str, str] = {
    **{name: REQUIRED_SECTIONS[name] for name in ("opening", "danger", "card")},
    "fault": REQUIRED_SECTIONS["fault"],
    "now": "when to call at once, and what to do first",
    "what": "what is different now, and that a change in a child can have other causes",
    "changes": "a few things to know, each with its name and a line or two",
    "adults": REQUIRED_SECTIONS["adults"],
    "past": "a word to an adult who is harmed",
    **{name: REQUIRED_SECTIONS[name] for name in ("talk", "call", "more", "real", "closing")},
}
"""A letter to put up has these, in this order: its numbers come straight after the danger line, and it has no one topic
(ADR 50)."""


def is_card_first(sections: Iterable[str]) -> bool:
    """Whether a letter with sections of these ids is one to put up: its card is third."""
    return list(sections)[2:3] == ["card"]


def letter_sections(sections: Sequence[Section]) -> Mapping[str, str]:
    """The sections that a letter must have, in order. Where it has its card says which."""
    return CARD_FIRST_SECTIONS if is_card_first(one.id for one in sections) else REQUIRED_SECTIONS


NEWSLETTER_SECTIONS: Mapping[str, str] = {
    "about": "what the letter is, and that it goes to everyone",
    "signs": "some changes, and that they can have other causes",
    "call": "who to call",
    "real": "how to check that the letter is real",
}
"""The passage for a school's newsletter has these."""

BRIEFING_SECTIONS: Mapping[str, str] = {
    "first": "what to do in danger, and that the page is for staff",
    "out": "what goes out, to whom, and when",
    "ask": "what to say when a parent asks",
    "told": "what to do when a child tells",
    "do": "what helps",
    "dont": "what does not help",
    "alone": "what to do when the lead cannot be reached",
    "you": "a word to staff who were harmed themselves, and who answers questions",
}
"""The page for a school's staff has these."""

PRESS_SECTIONS: Mapping[str, str] = {
    "first": "for whom the page is, and from when it may be used",
    "say": "lines to use as they are",
    "ask": "likely questions, each with its answer",
    "dont": "what nobody says",
    "report": "how to write about it without harm",
    "who": "who answers the telephone",
}
"""The press lines of a partnership have these. The item of "ask" is a question, and its aside is the answer."""

_MAY_BE_BARE = frozenset({"told"})
"""A section whose heading by itself says enough, above the two that follow it."""


class PackIncomplete(EveryfamilyError):
    """A pack lacks a file, a section or a source, or uses a gap or key that it does not declare."""

    code: ClassVar[str] = "EF123"


class PressLinesUnfinished(EveryfamilyError):
    """The press lines have a question without an answer, or do not say from when they may be used."""

    code: ClassVar[str] = "EF145"


def check_sections(title: Passage, sections: Sequence[Section], required: Mapping[str, str], what: str) -> None:
    """Raise PackIncomplete unless `sections` are those of `required` in the same order. `what` is "a letter"."""
    for fault in section_faults(title, sections, required, what):
        raise fault


def section_faults(
    title: Passage, sections: Sequence[Section], required: Mapping[str, str], what: str
) -> Iterator[PackIncomplete]:
    """Each section that is missing, not known or without words. If there is none, whether their order is right."""
    place = title.place
    known = {section.id for section in sections}
    is_whole = True
    for name, holds in required.items():
        if name not in known:
            is_whole = False
            yield PackIncomplete(
                f'The section "{name}" is missing: {holds}.',
                f'Add "## Heading {{#{name}}}" and its words.',
                place,
            )
    for section in sections:
        at = section.heading.place if section.heading else place
        if section.id not in required:
            is_whole = False
            yield PackIncomplete(
                f'The section "{section.id}" is not one of {what}\'s.',
                "Move its words to one of these: " + ", ".join(required) + ".",
                at,
            )
        if section.id not in _MAY_BE_BARE and not section.passages:
            yield PackIncomplete(f'The section "{section.id}" has no words.', "Write its words.", at)
    if is_whole and [section.id for section in sections] != list(required):
        yield PackIncomplete(
            f"The sections are not in the order of {what}.", f"Use this order: {', '.join(required)}.", place
        )


def check_press_lines(text: KitText) -> None:
    """Raise PressLinesUnfinished unless every question has an answer and the first section says the letter's date."""
    first = text.section("first")
    if not any("dated" in gaps_in(passage.text) for passage in first.passages):
        raise PressLinesUnfinished(
            "The press lines do not say from when they may be used.",
            'Write ((dated)), the day on the letter, in the section "first".',
            first.passages[0].place,
        )
    for passage in text.section("ask").passages:
        if passage.kind == "item" and passage.aside is None:
            raise PressLinesUnfinished(
                "The question has no answer.", 'Write "- Question? | Answer." in one item.', passage.place
            )
