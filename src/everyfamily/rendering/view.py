"""What a template needs from a letter, in one language, for one medium: plain strings, in reading order.

Print, email and web page are made from the same view, so they have the same passages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.pack_sections import is_card_first
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.gaps import SCHOOL_NUMBER_GAP, PersonalGaps
from everyfamily.core.text.passages import KitText, LetterText, Medium, Section
from everyfamily.core.text.placeholders import fill, gap_name
from everyfamily.rendering.labels import Labels, labels_for

_WORD_AND_NUMBER = re.compile(r"(?<=[A-Za-z]) (?=\d)")
_NUMBER_GROUPS = re.compile(r"(?<=\d) (?=\d)")
_ENDS = (".", "?", "!", ":", "”", "…")


@dataclass(frozen=True, slots=True)
class BlockView:
    """A paragraph or an item with its aside."""

    kind: str
    text: str
    aside: str | None = None


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section; `aside` is the heading over the asides of its items."""

    id: str
    heading: str | None
    aside: str | None
    blocks: tuple[BlockView, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Texts of its paragraphs."""
        return tuple(block.text for block in self.blocks if block.kind == "paragraph")

    @property
    def items(self) -> tuple[BlockView, ...]:
        """Its list items."""
        return tuple(block for block in self.blocks if block.kind == "item")


@dataclass(frozen=True, slots=True)
class RouteView:
    """One row of the card. `number` is None if nobody has checked the school's own number, and `instead` is printed."""

    id: str
    need: str
    number: str | None
    hours: str
    instead: str | None = None

    @property
    def tel(self) -> str | None:
        """Digits for a tel: link, or None."""
        return self.number.replace("\u00a0", "") if self.number and self.number[0].isdigit() else None


@dataclass(frozen=True, slots=True)
class View:
    """One letter in one language for one medium."""

    letter: Letter
    text: LetterText
    labels: Labels
    title: str
    sections: Mapping[str, SectionView]
    routes: tuple[RouteView, ...]
    written: str | None
    """How to write to those on the card who can be written to: "Rather write? NSPCC: help@…". None if nobody can."""
    date: str
    review: str
    school: str | None
    gaps: PersonalGaps

    @property
    def address(self) -> tuple[str, ...]:
        """Lines in the window."""
        return self.gaps.address or (self.labels.to,)

    @property
    def card_first(self) -> bool:
        """Whether the card of numbers comes straight after the danger line, for a letter to put up."""
        return is_card_first(self.sections)

    def level(self, name: str) -> int:
        """Heading level of a section, in every medium but print. The title's is 1."""
        return 3 if name in ("now", "changes", "adults", "do", "dont") and not self.card_first else 2


@dataclass(frozen=True, slots=True)
class KitView:
    """What a school says alongside the letter, in one language."""

    letter: Letter
    language: str
    labels: Labels
    title: str
    sections: tuple[SectionView, ...]

    @property
    def foot(self) -> str:
        """Who it is from, the letter's reference, and for a demonstration, that it is one."""
        line = self.labels.demonstration_line.format(self.letter.area) if self.letter.demonstration else ""
        return f"{self.letter.partnership}. {self.labels.our_reference} {self.letter.reference}. {line}".strip()


def kit_view_of(letter: Letter, language: str, text: KitText) -> KitView:
    """Prepare a text of the send kit for a template. A school's own gaps get their neutral words."""
    labels = labels_for(language)
    values = {"school": labels.school, "school number": labels.own_number}
    sections = tuple(_section(section, "print", values) for section in text.sections)
    return KitView(letter, language, labels, unbroken(fill(text.title.text, values)), sections)


def view_of(letter: Letter, language: str, medium: Medium, gaps: PersonalGaps) -> View:
    """Prepare a letter for a template. Raises KeyError for a language that the letter does not have."""
    text = letter.texts[language]
    labels = labels_for(language)
    values = {
        "school": gaps.school or labels.school,
        "school number": gaps.school_number or labels.own_number,
    }
    return View(
        letter=letter,
        text=text,
        labels=labels,
        title=unbroken(text.title.text),
        sections={section.id: _section(section, medium, values) for section in text.sections},
        routes=tuple(_route(route, gaps, labels) for route in letter.card_routes),
        written=_written(letter.card_routes, labels),
        date=unbroken(day_in_words(letter.dated)),
        review=labels.review.format(unbroken(day_in_words(letter.review_on))),
        school=gaps.school,
        gaps=gaps,
    )


def _written(routes: Sequence[Route], labels: Labels) -> str | None:
    """The ways to write, those of one route after those of the other. None if no route has any."""
    said = []
    for route in routes:
        # A form is on the parent site: its address is long to type.
        ways = (route.text and labels.text_to.format(unbroken(route.text)), route.email)
        if any(ways):
            said.append(f"{route.need.partition(',')[0]}: {', '.join(way for way in ways if way)}")
    # No full stop: an address is copied sign by sign.
    return f"{labels.rather_write} {'; '.join(said)}" if said else None


def printed_view(letter: Letter, language: str) -> View:
    """The letter for print with its gaps open, made once for each language: every print is filled from it."""
    return _printed_view(This(letter), language)


class This:
    """A letter by identity: its parts have no hash."""

    __slots__ = ("letter",)

    def __init__(self, letter: Letter) -> None:
        self.letter = letter

    def __eq__(self, other: object) -> bool:
        return isinstance(other, This) and self.letter is other.letter

    def __hash__(self) -> int:
        return id(self.letter)


@lru_cache(maxsize=16)
def _printed_view(this: This, language: str) -> View:
    return view_of(this.letter, language, "print", PersonalGaps.open())


def direction_of(language: str) -> str:
    """ "rtl" for languages written from right to left, and otherwise "ltr"."""
    return "rtl" if language.split("-")[0] in ("ar", "ur", "fa", "he", "ps", "ku", "ckb", "yi") else "ltr"


def unbroken(text: str) -> str:
    """Join what must not be split at the end of a line: groups of a number, and a number with the word before it."""
    return _WORD_AND_NUMBER.sub("\u00a0", _NUMBER_GROUPS.sub("\u00a0", text))


def sentence(text: str) -> str:
    """The text with a full stop if it does not end with punctuation."""
    return text if text.endswith(_ENDS) else f"{text}."


def beside(heading: str | None, aside: str) -> str:
    """What goes with an item, as a sentence after it: "What to do: get medical help."."""
    return f"{heading}: {sentence(aside)}" if heading else sentence(aside)


def _section(section: Section, medium: Medium, values: Mapping[str, str]) -> SectionView:
    def filled(words: str | None) -> str | None:
        return None if words is None else unbroken(fill(words, values))

    heading = section.heading
    return SectionView(
        id=section.id,
        heading=filled(heading.text) if heading else None,
        aside=filled(heading.aside) if heading else None,
        blocks=tuple(
            BlockView(passage.kind, filled(passage.text) or "", filled(passage.aside))
            for passage in section.passages
            if passage.stands_in(medium)
        ),
    )


def _route(route: Route, gaps: PersonalGaps, labels: Labels) -> RouteView:
    hours = unbroken(route.hours)
    if route.number is not None and gap_name(route.number.strip("()")) == "school number":
        number = gaps.school_number
        if number is None:
            return RouteView(route.id, route.need, None, "", labels.own_number)
        shown = number if number == SCHOOL_NUMBER_GAP else unbroken(number)
        return RouteView(route.id, route.need, shown, hours)
    return RouteView(route.id, route.need, unbroken(route.number or route.url or ""), hours)
