"""Whether a letter is about harm to children, which kinds, and which of its own words show this.

A letter about a trip is not checked for harm. Only a letter's own paragraphs decide. Its footer, its menu, its block of
helplines and its standard sentences about policies do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import PARAGRAPH_BREAK
from everyfamily.checks.text.vocabulary import Indexed, indexed, sentences_of, spans
from everyfamily.core.files.data_tables import load_rows, load_table

EARLY = 3
"""How many of the letter's paragraphs, from the first, count as early. There, one strong word is enough."""
ENOUGH = 4
"""Points for a letter that names no harm near its top: a sentence with a strong word has 2, and with a weak word 1."""
ENOUGH_IN_A_LESSON = 5
"""The same for a letter about relationships and sex education, which lists what it teaches."""
ENOUGH_IN_A_SHORT_TEXT = 2
"""The same for a text that has no room to say something twice."""
SHORT = 80
"""The most words of such a text."""
BRIEF = 300
"""The longest letter, in words, for which one strong word near the top is enough. A longer letter says it again."""
_SIGNALS = 2
"""How many signals must come together in a short text that names no kind of harm."""
_GRAVE = frozenset({"hurt", "violated", "substance", "weapon", "gone", "death", "controlled", "told_of"})
"""Signals. At least one of them must be there."""
_OF_AN_ADULT = frozenset({"official", "adult"})
"""Signals that together are grave too: the police were told about somebody."""
_TELLING_TWICE = ("hurt", "violated", "substance", "controlled")
"""Signals that count twice if there are two of them."""
_CLASS = re.compile(r"\b(?:[Yy]ear|[Cc]lass) \d{1,2}\b|\b\d{1,2}[A-Z]\b")
"""How a child is named in a school, if not as a child."""
_FURNITURE_KINDS = frozenset({"header", "footer", "alt text"})
_FEWEST_WORDS = 7
"""A paragraph, or an item of a list, with at least this many words says something. A menu's entries are shorter."""
_GREETED_WITHIN = 25
"""Pieces from the top among which a greeting ends the letterhead."""
_MOST_SENTENCES = 400
"""How many sentences are read. A letter that has not said by then what it is about does not say it."""
_GREETING = re.compile(r"^\W{0,3}(?:dear|hello|hi|to all|good (?:morning|afternoon))\b", re.IGNORECASE)
_FAREWELL = re.compile(
    r"^(?:yours (?:sincerely|faithfully|truly)|kind(?:est)? regards|best (?:wishes|regards)|(?:many|with) thanks?"
    r"|warm(?:est)? regards)\b.{0,60}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a letter. `kinds` are kinds of harm, most serious first. `why` are the words that showed it.

    `is_lesson`: it announces what will be taught, and does not warn about anything that has happened. `hints` are words
    that might point to harm in a letter that is not about harm.
    """

    about_harm: bool
    kinds: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    is_lesson: bool = False
    hints: tuple[str, ...] = ()

    def has(self, *kinds: str) -> bool:
        """Whether it is about one of these kinds of harm."""
        return any(kind in self.kinds for kind in kinds)


UNSAID = Subject(about_harm=True)
"""For our own letters, because the pack says what they are about."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    needs: tuple[str, ...]
    strong: str
    weak: str
    shapes: tuple[str, ...]
    weak_shapes: tuple[str, ...]


def subject_of(pieces: Sequence[Piece]) -> Subject:
    """What a document is about.

    If it is not in English, it counts as one about harm, because when we do not know, every rule runs.
    """
    if not any(piece.is_english for piece in pieces):
        return Subject(bool(pieces), why=("it is not in English",) if pieces else ())
    points: dict[str, int] = {}
    words: dict[str, str] = {}
    early, total = False, 0
    own: list[str] = []
    for at, text in _sentences(pieces):
        own.append(text)
        met = tuple(_met(text))
        total += max((weight for _, weight, _ in met), default=0)
        for kind, weight, found in met:
            points[kind] = points.get(kind, 0) + weight
            if weight > 1 or kind not in words:
                words.setdefault(kind, found) if weight == 1 else words.update({kind: found})
            early = early or (weight > 1 and at < EARLY)
    whole = " ".join(piece.small for piece in pieces if _is_said(piece))
    is_curriculum = bool(_compiled(load_table(__file__)["curriculum"]).search(whole))
    size = sum(len(piece.text.split()) for piece in pieces)
    is_short = size <= SHORT
    enough = ENOUGH_IN_A_LESSON if is_curriculum else ENOUGH_IN_A_SHORT_TEXT if is_short else ENOUGH
    if is_short and not is_curriculum and total < enough and (signs := _signals(own, tuple(words.values()))):
        return Subject(True, tuple(points), signs)
    if not (total >= enough or (early and not is_curriculum and (total > 2 or size <= BRIEF))):
        hints = () if _compiled(load_table(__file__)["illness"]).search(whole) else tuple(words.values())
        return Subject(False, hints=hints)
    kinds = sorted(points, key=lambda kind: -points[kind])
    kept = tuple(kind for kind in kinds if points[kind] > 1) or tuple(kinds)
    return Subject(True, kept, tuple(words[kind] for kind in kept), _is_lesson(whole))


def _signals(own: Sequence[str], hints: tuple[str, ...]) -> tuple[str, ...]:
    """The words that show that a short text is about harm although it does not name it outright. None if it is not."""
    text = PARAGRAPH_BREAK.join(own)
    found = spans(_signal_shapes(), text)
    is_grave = bool(hints) or not _GRAVE.isdisjoint(found) or found.keys() >= _OF_AN_ADULT
    if "ordinary" in found or not is_grave:
        return ()
    weight = bool(hints) + len(found) + any(len(found.get(name, ())) > 1 for name in _TELLING_TWICE)
    is_of_children = _CLASS.search(text) or any("@child" in sentence.keys for sentence in sentences_of(text))
    if weight < _SIGNALS + (not is_of_children):
        return ()
    return (*hints, *(text[slice(*places[0])] for places in found.values()))


def _is_lesson(text: str) -> bool:
    lists = load_table(__file__)
    return bool(
        _compiled(lists["lesson"]).search(text)
        and _compiled(lists["teaches"]).search(text)
        and not _compiled(lists["incident"]).search(text)
    )


def _is_said(piece: Piece) -> bool:
    """Whether a piece is running text, or a title or heading, and not a menu, footer or link."""
    if piece.kind in _FURNITURE_KINDS or not piece.is_english:
        return False
    return len(piece.text.split()) >= _FEWEST_WORDS and not _is_all_link(piece)


def _is_all_link(piece: Piece) -> bool:
    links = () if piece.block is None else piece.block.links
    return bool(links) and sum(link.end - link.start for link in links) >= len(piece.text.strip()) - 2


def _sentences(pieces: Sequence[Piece]) -> Iterator[tuple[int, str]]:
    """Each sentence that is the letter's own, with the number of its paragraph. A heading belongs to what follows
    it."""
    count, seen = 0, 0
    greeting = next((n for n, p in enumerate(pieces[:_GREETED_WITHIN]) if _GREETING.match(p.folded.text)), -1)
    for index, piece in enumerate(pieces):
        if _ends_the_letter(piece, pieces[index + 1 :], count):
            return
        following = next((p for p in pieces[index + 1 : index + 4] if _is_said(p)), None)
        is_heading = piece.kind in ("title", "heading") or (len(piece.text.split()) < _FEWEST_WORDS and index < 8)
        if is_heading and piece.is_english and not _is_all_link(piece) and following is not None:
            if not _GREETING.match(piece.folded.text):
                yield count, piece.folded.text
            continue
        if not _is_said(piece):
            continue
        for start, end in piece.sentences:
            sentence = piece.folded.text[start:end]
            seen += 1
            if seen > _MOST_SENTENCES:
                return
            if not any(pattern.search(sentence) for pattern in _furniture()):
                yield count, sentence
        count += piece.kind != "item" and index > greeting


def _ends_the_letter(piece: Piece, rest: Sequence[Piece], paragraphs: int) -> bool:
    """Whether the letter ends here. If a person has signed it and another letter follows, it continues."""
    if paragraphs < 2 or not _FAREWELL.match(piece.folded.text.strip()):
        return False
    return not any(_GREETING.match(other.folded.text) for other in rest)


def _met(sentence: str) -> Iterator[tuple[str, int, str]]:
    """Each kind of harm that a sentence speaks of: 2 for a strong word, 1 for a weak one, and the words."""
    if _compiled(load_table(__file__)["elsewhere"]).search(sentence):
        return
    small = sentence.lower()
    strong, weak = (spans(shapes, sentence) for shapes in _shapes())
    for kind in _kinds():
        has_needed = any(word in small for word in kind.needs)
        for weight, pattern, shaped in ((2, kind.strong, strong), (1, kind.weak, weak)):
            found = _compiled(pattern).search(sentence) if has_needed else None
            span = found.span() if found else next(iter(shaped.get(kind.name, ())), None)
            if span is not None:
                yield kind.name, weight, " ".join(sentence[slice(*span)].split())[:60]
                break


@cache
def _kinds() -> tuple[_Kind, ...]:
    return load_rows(_Kind, __file__, table="kind")


@cache
def _shapes() -> tuple[Indexed, Indexed]:
    """The shapes of all kinds that count as a strong word, and those that count as a weak word."""
    return (
        indexed({kind.name: kind.shapes for kind in _kinds()}),
        indexed({kind.name: kind.weak_shapes for kind in _kinds()}),
    )


@cache
def _signal_shapes() -> Indexed:
    lists = load_table(__file__)
    return indexed({**lists["signals"], "ordinary": lists["ordinary"]})


@cache
def _furniture() -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(pattern) for pattern in load_table(__file__)["furniture"])


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
