"""Why the edited words of a section cannot be kept: each reason with the paragraph that it is about, for its author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.section_words import Block, SectionWords
from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.packs.overrides import line_of
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.pack_text import PackTextMalformed, parse_words
from everyfamily.core.packs.packs import Pack, passage_faults
from everyfamily.core.packs.parity import check_unseen
from everyfamily.core.packs.section_shapes import shape_faults
from everyfamily.core.text.gaps import PERSONAL_GAPS
from everyfamily.core.text.passages import Passage, Section
from everyfamily.core.text.placeholders import gaps_in

MOST_CHARACTERS = 6_000
"""Of one section. A whole letter has about as many: it is two pages."""
MOST_BLOCKS = 60
_MARKUP = re.compile(r"</?[a-zA-Z!][^>]*>?|&(?:#\d+|[a-z]+);")
_MARKDOWN = re.compile(r"(?:#{1,6}|>|\d+[.)]) |```|~~~")
_PICTURES = re.compile("[←-⇿⌀-⏿■-➿⬀-⯿\ufe0f\U0001f000-\U0001faff]")
"""Emoji and signs. Print has no drawing for them, a screen reader says each by a long name, and a text message with one
costs twice as much."""


class PassageTakenOut(EveryfamilyError):
    """A passage of the pack is not in the words any more."""

    code: ClassVar[str] = "EF550"


class PassageOfAnotherKind(EveryfamilyError):
    """A paragraph was made an item, or an item a paragraph, or one was written where the page has the other."""

    code: ClassVar[str] = "EF551"


class MarkInWords(EveryfamilyError):
    """Mark-up or a picture among the words."""

    code: ClassVar[str] = "EF552"


class SectionTooLong(EveryfamilyError):
    """More words than a section of a letter has."""

    code: ClassVar[str] = "EF553"


class PersonalGapGone(EveryfamilyError):
    """The words lost a gap that is filled for each family or school."""

    code: ClassVar[str] = "EF554"


def too_long(text: str) -> list[EveryfamilyError]:
    """Whether a text is longer than a section can be. Ask before anything is compared."""
    if len(text) > MOST_CHARACTERS:
        return [
            SectionTooLong(
                f"There are {len(text):,} characters here. A section has {MOST_CHARACTERS:,} at most.",
                "Shorten it: all of a letter fits on two pages.",
            )
        ]
    return []


def section_faults(
    pack: Pack, section: Section, passages: Sequence[Passage], edited: SectionWords
) -> list[EveryfamilyError]:
    """Everything that keeps the edited words of a section from being saved. Empty if nothing does.

    `section` is the pack's own, and `passages` are those that were in the text until now. The place of each fault has
    the paragraph's number as its line.
    """
    if len(edited.blocks) + len(edited.added) > MOST_BLOCKS:
        return [
            SectionTooLong(
                f"There are more than {MOST_BLOCKS} paragraphs and items here.",
                "Shorten it: nobody reads so many.",
            )
        ]
    found: list[EveryfamilyError] = []
    made = dict(_changed(pack, passages, edited, found))
    added = _added(pack, section, edited, found)
    found += _gone(passages, edited)
    found += _personal_gaps(passages, edited)
    if not found and all(_is_of_body(one, section) for one in section.passages):
        # What is said beside the letter has no drawn page.
        found += [_without_place(one) for one in shape_faults([_as_edited(section, made, added)])]
    return sorted(found, key=lambda one: one.place.line if one.place else 0)


def _is_of_body(passage: Passage, section: Section) -> bool:
    return passage.id.removeprefix(f"{PRIMARY}/").startswith(f"{section.id}/")


def line_faults(pack: Pack, passage: Passage, line: str) -> list[EveryfamilyError]:
    """The same for a passage that is edited by itself, such as a heading, a subject or a text message."""
    block = Block(1, passage.kind, " ".join(line.split()))
    found: list[EveryfamilyError] = [*too_long(line)]
    if not found:
        _made(pack, block, passage, found)
    return [*found, *map(_gap_gone, sorted(_personal([passage.words]) - _personal([line])))]


def place_of(block: Block) -> SourceLocation:
    """Where a block is in the edited text."""
    return SourceLocation("the words", block.number)


def _changed(
    pack: Pack, passages: Sequence[Passage], edited: SectionWords, found: list[EveryfamilyError]
) -> Iterator[tuple[str, Passage]]:
    for passage in passages:
        block = edited.blocks.get(passage.id)
        if block is None:
            continue
        if block.kind != passage.kind:
            found.append(_other_kind(block, passage.kind))
        elif block.words != line_of(passage) and (made := _made(pack, block, passage, found)) is not None:
            yield passage.id, made


def _added(
    pack: Pack, section: Section, edited: SectionWords, found: list[EveryfamilyError]
) -> dict[str, list[Passage]]:
    own = {one.id: one for one in section.passages}
    made: dict[str, list[Passage]] = {}
    for one in edited.added:
        before = own.get(one.after)
        # After a heading comes a paragraph, and after anything what is like it (core/packs/override_plan.py).
        kind = before.kind if before is not None else "paragraph"
        if before is None and section.heading is None:
            found.append(
                PassageOfAnotherKind(
                    "Nothing can come before the first paragraph here.",
                    "Write it after the first one.",
                    place_of(one.block),
                )
            )
            continue
        if one.block.kind != kind:
            found.append(_other_kind(one.block, kind))
            continue
        aside = before.aside if before is not None else None
        like = Passage(f"{one.after}+1", kind, "", place_of(one.block), aside)
        passage = _made(pack, one.block, like, found)
        if passage is not None:
            made.setdefault(one.after, []).append(passage)
    return made


def _made(pack: Pack, block: Block, like: Passage, found: list[EveryfamilyError]) -> Passage | None:
    """The passage with the block's words, or None with what is wrong in `found`."""
    place = place_of(block)
    if (mark := _MARKUP.search(block.words)) or (mark := _MARKDOWN.match(block.words)):
        found.append(
            MarkInWords(
                f"“{mark[0].strip()[:20]}” is mark-up.",
                "Write plain words: there is no bold, colour or link.",
                place,
            )
        )
        return None
    if picture := _PICTURES.search(block.words):
        found.append(
            MarkInWords(
                f"“{picture[0]}” is a picture, and print and text messages have none.", "Say it in words.", place
            )
        )
        return None
    try:
        made = parse_words(block.words, like.id, like.kind, place)
        check_unseen(made)
    except (PackTextMalformed, PackIncomplete) as fault:
        found.append(fault)
        return None
    if (made.aside is None) is not (like.aside is None):
        have = "no second part after a bar" if like.aside is None else "a second part after a bar"
        found.append(
            PassageOfAnotherKind(
                f"This line has {have} in the pack.",
                "Write “text | what goes with it”, or no bar, as the pack does.",
                place,
            )
        )
        return None
    faults = list(passage_faults(pack.about, pack.sources, [made]))
    found += [_of_gap(fault, place) for fault in faults]
    return None if faults else made


def _of_gap(fault: PackIncomplete, place: SourceLocation) -> EveryfamilyError:
    """Its author can declare no gap, so they are not told to."""
    return PackIncomplete(fault.fact, "Use a gap that the pack has, spelt as the pack spells it.", place)


def _gone(passages: Sequence[Passage], edited: SectionWords) -> Iterator[EveryfamilyError]:
    for passage in passages:
        if passage.id in edited.gone:
            yield PassageTakenOut(
                f"“{_begun(passage)}” is gone. Everything that the pack says must be said.",
                "Put it back, or say it in other words.",
            )


def _personal_gaps(passages: Sequence[Passage], edited: SectionWords) -> Iterator[EveryfamilyError]:
    before = _personal(one.words for one in passages)
    after = _personal([*edited.words.values(), *(one.block.words for one in edited.added)])
    for gap in sorted(before - after):
        yield _gap_gone(gap)


def _gap_gone(gap: str) -> PersonalGapGone:
    return PersonalGapGone(
        f"“(({gap}))” is gone. It is filled in for each family or school.", f"Put “(({gap}))” where it belongs."
    )


def _personal(texts: Iterable[str]) -> set[str]:
    return {gap for text in texts for gap in gaps_in(text)} & PERSONAL_GAPS


def _other_kind(block: Block, kind: str) -> PassageOfAnotherKind:
    if kind == "item":
        return PassageOfAnotherKind(
            "There is a paragraph where the page has a list.",
            "Begin it with “- ”, or write it elsewhere.",
            place_of(block),
        )
    return PassageOfAnotherKind(
        "There is a list where the page has paragraphs.",
        "Write it without “- ”, with a blank line around it.",
        place_of(block),
    )


def _begun(passage: Passage) -> str:
    words = passage.text.split()
    return " ".join(words[:7]) + ("…" if len(words) > 7 else "")


def _as_edited(section: Section, made: dict[str, Passage], added: dict[str, list[Passage]]) -> Section:
    heading = section.heading.id if section.heading is not None else section.id
    passages = [*added.get(heading, [])]
    for one in section.passages:
        passages.append(made.get(one.id, one))
        passages += added.get(one.id, [])
    return replace(section, passages=tuple(passages))


def _without_place(fault: PackIncomplete) -> PackIncomplete:
    return PackIncomplete(fault.fact, fault.fix)
