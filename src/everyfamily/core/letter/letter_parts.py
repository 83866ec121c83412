"""A letter's text in the parts that a person edits one at a time: its sections, what can be read without opening it,
and what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.packs.packs import Pack
from everyfamily.core.text.passages import KitText, LetterText, Passage, Section

Group = Literal["letter", "primary", "newsletter", "briefing", "press"]

GROUP_NAMES: Mapping[Group, str] = {
    "letter": "The letter",
    "primary": "For primary schools",
    "newsletter": "For school newsletters",
    "briefing": "For school staff",
    "press": "For press offices",
}
OUTSIDE = "outside"
"""The part with the subject, the preheader and the text messages."""
TITLE = "title"
_NAMES: Mapping[str, str] = {
    "opening": "Who writes, and why",
    "danger": "In danger now",
    "fault": "Not your child’s fault",
    "real": "Is this letter real?",
    "closing": "Thanks, and the next letter",
    "about": "What the letter is",
    "first": "First",
    TITLE: "Title",
    OUTSIDE: "Subject and text messages",
}
"""Of sections without a heading of their own."""
FIELD_NAMES: Mapping[str, str] = {
    "title": "Title",
    "heading": "Heading",
    "subject": "Subject of the email",
    "preheader": "What an inbox shows after the subject",
    "two-fragments": "Text message",
    "one-fragment": "The same, in 160 characters",
}
"""A passage that is edited in a field of its own, by its kind or its id."""


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One part: passages that have a field each, and passages that are one text."""

    id: str
    """ "signs", "title", "outside", "newsletter/call"."""
    group: Group
    name: str
    fields: tuple[Passage, ...]
    section: Section | None
    """What is edited as one text. None for a part that has only fields."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of its one text."""
        return self.section.passages if self.section is not None else ()

    @property
    def all(self) -> tuple[Passage, ...]:
        """Every passage of it, in reading order."""
        return (*self.fields, *self.passages)

    @property
    def start(self) -> str:
        """The id after which comes what is written before its first passage."""
        if self.section is None:
            return self.id
        return self.section.heading.id if self.section.heading is not None else self.id

    def with_only(self, ids: set[str]) -> LetterPart:
        """The part with only these passages in its text: those whose condition is true this term."""
        if self.section is None:
            return self
        kept = tuple(one for one in self.section.passages if one.id in ids)
        return replace(self, section=replace(self.section, passages=kept))


def letter_parts(pack: Pack, language: str) -> tuple[LetterPart, ...]:
    """Every part of a pack's letter in one language, in the order in which it is read. None in a language that it does
    not have. The primary version, if there is one, comes after the other."""
    text, primary = pack.texts.get(language), pack.primary.get(language)
    parts = list(_parts(text)) if text is not None else []
    return (*parts, *(_of_primary(one) for one in _parts(primary))) if primary is not None else tuple(parts)


def part_of(pack: Pack, language: str, part_id: str) -> LetterPart | None:
    """The part with this id, if there is one."""
    return next((one for one in letter_parts(pack, language) if one.id == part_id), None)


def part_of_passage(pack: Pack, language: str, passage_id: str) -> LetterPart | None:
    """The part in which a passage is edited."""
    parts = letter_parts(pack, language)
    return next((part for part in parts if any(one.id == passage_id for one in part.all)), None)


def _of_primary(part: LetterPart) -> LetterPart:
    """A part of the primary version, whose passages say so in their ids."""
    is_beside = part.group != "letter"
    before = "" if part.id.startswith(f"{PRIMARY}/") else f"{PRIMARY}/"
    name = f"{GROUP_NAMES[part.group]}: {part.name}" if is_beside else part.name
    return replace(part, id=f"{before}{part.id}", group="primary", name=name)


def field_name(passage: Passage) -> str:
    """What the field of a passage is called."""
    return FIELD_NAMES.get(passage.id.removeprefix(f"{PRIMARY}/")) or FIELD_NAMES.get(passage.kind, passage.id)


def _parts(text: LetterText) -> Iterator[LetterPart]:
    yield LetterPart(OUTSIDE, "letter", _NAMES[OUTSIDE], tuple(text.outside()), None)
    yield LetterPart(TITLE, "letter", _NAMES[TITLE], (text.title,), None)
    for section in text.sections:
        yield _of_section(section, "letter", section.id)
    beside: tuple[tuple[Group, KitText | None], ...] = (
        ("newsletter", text.newsletter),
        ("briefing", text.briefing),
        ("press", text.press),
    )
    for group, kit in beside:
        if kit is not None:
            yield LetterPart(kit.title.id, group, _NAMES[TITLE], (kit.title,), None)
            yield from (_of_section(one, group, f"{group}/{one.id}") for one in kit.sections)


def _of_section(section: Section, group: Group, part_id: str) -> LetterPart:
    heading = section.heading
    name = _NAMES.get(section.id) if heading is None else _short(heading.text)
    return LetterPart(
        part_id, group, name or section.id.capitalize(), (heading,) if heading is not None else (), section
    )


def _short(heading: str) -> str:
    """A heading as a menu has it: “Tell us now: ((route local)), day or night, if your child…” is “Tell us now”."""
    first = heading.partition(":")[0].partition("((")[0].strip(" ,…")
    words = (first or heading).split()
    return " ".join(words[:7])
