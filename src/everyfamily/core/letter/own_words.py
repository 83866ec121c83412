"""What a partnership said in its own words in a letter that is sealed, as changes to the pack as it is now.

A sealed letter has its gaps filled. So its words are turned back: a number, a date or a name that a gap would fill is
that gap again, where the same letter comes out of it. Nothing of last year's is then printed by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.gap_values import values_of
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.drafting import Drafted, Key, after_of
from everyfamily.core.packs.overrides import line_of, passages_of
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.sources import Source
from everyfamily.core.text.gaps import PERSONAL_GAPS
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import fill, gap_name, gaps_in
from everyfamily.core.text.places_in_words import printed

_MOVES = ("reference", "dated", "page", "mailbox")
"""Gaps, beside those of routes, whose values are of one letter or one office. No later letter may keep them."""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The rows of a draft, and what cannot be taken over."""

    rows: tuple[Drafted, ...]
    lost: tuple[Key, ...]
    """Language and id of own words whose place the pack does not have any more."""


def own_words_of(letter: Letter, pack: Pack, why: str) -> OwnWords:
    """The own words of a sealed letter, for a draft that begins with `pack`.

    If the letter was made of this version of the pack, those are all that differ from it. Otherwise they are those that
    its record names, and each waits for somebody to look, because nobody knows what the pack said there.
    """
    values = values_of(letter)
    known = passages_of(pack)
    is_same = (letter.pack, letter.pack_version) == (pack.id, pack.about.version)
    named = _named(letter)
    cited = {
        one.key: Source(
            supports=one.supports,
            address=one.address,
            status=one.status,
            as_found=f"As letter {letter.reference} cited it.",
            review_on=one.review_on,
        )
        for one in letter.sources
        if one.key not in pack.sources
    }
    rows: list[Drafted] = []
    lost: list[Key] = []
    for key, passage in _said(letter):
        own = known.get((key[0], after_of(key[1])))
        is_added = "+" in key[1]
        if is_added or not is_same:
            if key not in named:
                continue
        elif own is not None and key not in named and _is_of_pack(line_of(own), line_of(passage), values):
            continue
        if own is None:
            lost.append(key)
            continue
        words = with_gaps(line_of(passage), line_of(own) if not is_added else "", values)
        theirs = tuple((one, cited[one]) for one in passage.sources if one in cited)
        known_sources = tuple(one for one in passage.sources if one in pack.sources or one in cited)
        rows.append(
            Drafted(
                *key,
                "addition" if is_added else "change",
                line_of(own) if is_same else "",
                words,
                why,
                known_sources if is_added or theirs else None,
                passage.promises if is_added else None,
                passage.only if is_added else (),
                theirs,
            )
        )
    return OwnWords(tuple(rows), tuple(lost))


def with_gaps(line: str, of_pack: str, values: Mapping[str, str]) -> str:
    """A filled line with its gaps open again: those that the pack has in this line, and everywhere the numbers of
    routes and what is of one letter. The line as it is, if it could not be filled to the same words again."""
    there = gaps_in(of_pack)
    wanted = [
        name
        for name in values
        if _is_of_a_line(name) or name in _MOVES or gap_name(name) in there
        if values[name] and "((" not in values[name]
    ]
    opened = line
    for name in sorted(wanted, key=lambda one: -len(values[one])):
        opened = printed([values[name]]).sub(f"(({name}))", opened)
    return opened if _filled(opened, values) == line else line


def _is_of_a_line(name: str) -> bool:
    """Whether a gap is filled with a route's number or address, and not with what the route is called: the words "the
    police" are said of more than their number."""
    return name.startswith("route ") and not name.endswith(" name")


def _is_of_pack(of_pack: str, line: str, values: Mapping[str, str]) -> bool:
    """Whether a line is what the pack makes of these values. The next letter's topic is not among them, so a line with
    it is taken to be the pack's."""
    known = {gap_name(name) for name in values} | PERSONAL_GAPS
    return not set(gaps_in(of_pack)) <= known or _filled(of_pack, values) == line


def _filled(line: str, values: Mapping[str, str]) -> str:
    try:
        return fill(line, values)
    except EveryfamilyError:
        return ""


def _named(letter: Letter) -> set[Key]:
    """What the record says is the partnership's own."""
    said = letter.overridden.passages if letter.overridden is not None else ()
    return {(language, name) for language, _, name in (one.partition(" ") for one in said)}


def _said(letter: Letter) -> Iterator[tuple[Key, Passage]]:
    for text in letter.letter_texts():
        for passage in (*text.passages(), *text.outside(), *text.beside()):
            yield (text.language, passage.id), passage
