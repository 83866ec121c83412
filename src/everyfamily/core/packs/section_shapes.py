"""How many paragraphs and items a section of a letter has at least: the drawn page has a place for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.text.counts import of
from everyfamily.core.text.passages import Section

LEAST: Mapping[str, tuple[int, int]] = {
    "opening": (1, 0),
    "danger": (1, 0),
    "fault": (1, 0),
    "now": (0, 1),
    "changes": (0, 1),
    "adults": (0, 1),
    "card": (3, 0),
    "talk": (0, 1),
    "do": (0, 1),
    "dont": (0, 1),
    "call": (1, 1),
}
"""A section of a letter -> the least number of its paragraphs, and of its items. Those of the card are: what takes fear
away, what to say, and what to do for whoever cannot call."""


_ONLY_ITEMS = frozenset({"do", "dont"})
_LIST_LAST = frozenset({"talk"})
"""In other sections with a list it comes first, because that is how the page is read."""


def shape_faults(sections: Sequence[Section]) -> Iterator[PackIncomplete]:
    """Each section of a letter that its page would not print whole, or cannot be made with."""
    for section in sections:
        if section.passages:
            place = section.heading.place if section.heading else section.passages[0].place
            for fact, fix in _faults_of(section):
                yield PackIncomplete(f'The section "{section.id}" {fact}.', fix, place)


def _faults_of(section: Section) -> Iterator[tuple[str, str]]:
    paragraphs, items = LEAST.get(section.id, (0, 0))
    kinds = [passage.kind for passage in section.passages]
    if kinds.count("paragraph") < paragraphs:
        yield f"has fewer than {of(paragraphs, 'paragraph')}", "Add one; the other packs show what they say."
    if kinds.count("item") < items:
        yield "has no list", 'Write its lines with "- " before them.'
    if "item" in kinds and not items:
        yield "has a list, and its page has no place for one", 'Write paragraphs, without "- ".'
    if "paragraph" in kinds and section.id in _ONLY_ITEMS:
        yield "has a paragraph, and its page has a place only for its list", 'Write it as an item, with "- ".'
    if kinds != sorted(kinds, reverse=section.id in _LIST_LAST):
        first, then = ("paragraphs", "list") if section.id in _LIST_LAST else ("list", "paragraphs")
        yield f"is not in the order of its page: first its {first}, then its {then}", "Put them in this order."
