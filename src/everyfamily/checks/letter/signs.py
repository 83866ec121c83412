"""Lists of signs: which items, lines or parts of a sentence a letter gives as changes to look out for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.text.pieces import Piece

_LOOK = r"look(?:ing)? out for(?! (?:their|your|each|one|our|the) (?:friends|other|another))"
""""Look out for a friend" is not a sign."""
_CUE = re.compile(
    rf"\b(?:signs?|indicators?|symptoms|changes|{_LOOK}|watch(?:ing)? (?:out )?for|be alert|notice"
    r"|spot(?:ting)?|may see|might see|warning|make time to talk|have a talk if|(?:if|that) (?:your|a|the) child"
    r"|(?:your|a|the) child (?:may|might|is|has|starts))\b",
    re.IGNORECASE,
)
_NO_SIGNS = re.compile(
    r"\bif you (?:notice|see|spot|are|have|think|tick|answer)\b|\b(?:do not|don't|please do|what (?:to do|helps)"
    r"|who (?:to call|can help)|where to (?:get|go)|what happens|how to|in (?:\w{1,10} )?danger|dial"
    r"|talk(?:ing)? to|for (?:more|further))\b",
    re.IGNORECASE,
)
_OF_ANOTHER = re.compile(
    r"(?<!tell )(?<!call )(?<!ask )\b(?:someone|somebody|anyone|anybody|other people"
    r"|people (?:who|around)|(?:a|another|the) person|an adult|adults who|others)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\s?(?:do|does|have|has|are|is) (?:they|he|she|you|your (?:child|son|daughter|teenager))\b[^?]{3,200}\?",
    re.IGNORECASE,
)
"""A sign put as a question, with anything or nothing above the list: "Do they skip school?" is one."""
_PROSE = re.compile(
    r"\b(?:signs?|indicators?|symptoms|changes)\b[^.:;!?]{0,60}?(?:\b(?:include|includes|including|are|may be|can be"
    rf"|might be|such as|like)\b:?|:)|\b(?:{_LOOK}|watch(?:ing)? (?:out )?for)\b:?",
    re.IGNORECASE,
)
_NOT_A_LIST = re.compile(r"\b(?:have|can|could|may have|not|never)\b", re.IGNORECASE)
_PART = re.compile(r"[,;\n]\s?(?:and\s|or\s)?|\s(?:and|or)\s")
_SHORT_LINE = 120
"""The longest paragraph, in characters, that can be an item of a list without bullets."""
_FEWEST = 3
"""The fewest short paragraphs, or parts of a sentence, that make a list."""
_MOST_SIGNS = 200
"""How many signs of one list are looked at. A letter has ten, and a text with more is not a letter."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. `start` and `end` are offsets of the piece's folded text."""

    piece: Piece
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sign as folded."""
        return self.piece.folded.text[self.start : self.end]

    def span(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """Offsets in the piece's own text of a part of the sign, given as offsets within `text`."""
        stop = self.end if end is None else self.start + end
        return self.piece.folded.span(self.start + start, stop)


@dataclass(frozen=True, slots=True)
class SignList:
    """Signs in one list, under one line. `of_another` says that they are about another person."""

    signs: tuple[Sign, ...]
    of_another: bool = False


@dataclass
class _Reader:
    """Where the reading is: the headings above, the line above, and the list that is being collected."""

    headings: dict[int, str] = field(default_factory=dict)
    line: str = ""
    follows_a_cue: bool = False
    lead_in: str | None = None
    gathered: list[Sign] = field(default_factory=list)
    are_items: bool = False


def sign_lists(context: CheckContext) -> tuple[SignList, ...]:
    """Every list of signs in the English body of a letter: bullets, lines, short paragraphs or a sentence."""
    return tuple(replace(found, signs=found.signs[:_MOST_SIGNS]) for found in _lists(context) if found.signs)


def _lists(context: CheckContext) -> Iterator[SignList]:
    reader = _Reader()
    for piece in context.part("body"):
        if piece.kind == "aside" or not piece.is_english:
            continue
        if piece.kind in ("title", "heading"):
            yield from _close(reader)
            _take_heading(reader, piece)
        elif piece.kind in ("item", "cell"):
            yield from _take_item(reader, piece)
        else:
            yield from _take_paragraph(reader, piece)
    yield from _close(reader)


def _take_heading(reader: _Reader, piece: Piece) -> None:
    level = piece.block.level if piece.block is not None and piece.block.level else 2
    text = _first(piece)
    reader.headings = {n: heading for n, heading in reader.headings.items() if n < level} | {level: text}
    reader.line = text
    reader.follows_a_cue = bool(_CUE.search(text)) and not _NO_SIGNS.search(text)


def _take_item(reader: _Reader, piece: Piece) -> Iterator[SignList]:
    lead_in = _beginning(piece.lead_in) or reader.line
    if not reader.are_items or reader.lead_in != lead_in:
        yield from _close(reader)
        reader.are_items, reader.lead_in = True, lead_in
    if _ASKS.match(piece.folded.text) or _introduces_signs(lead_in, reader.headings):
        reader.gathered.append(_whole(piece))


def _take_paragraph(reader: _Reader, piece: Piece) -> Iterator[SignList]:
    if reader.are_items:
        yield from _close(reader)
    text = piece.folded.text
    if reader.follows_a_cue and _is_short_line(text) and "\n" not in text:
        reader.lead_in = reader.lead_in or reader.line
        reader.gathered.append(_whole(piece))
        return
    follows_a_cue, line = reader.follows_a_cue, reader.line
    yield from _close(reader)
    if follows_a_cue and _is_list_of_lines(text):
        yield SignList(tuple(_lines_of(piece, 0)), bool(_OF_ANOTHER.search(line)))
        reader.line = _last_line(piece)
        return
    lines = tuple(_in_lines(piece, reader.headings))
    yield from lines or _in_prose(piece)
    reader.line = _last_line(piece)
    reader.follows_a_cue = _opens_a_list(piece)


def _opens_a_list(piece: Piece) -> bool:
    line = _last_line(piece)
    return line.endswith(":") and bool(_CUE.search(line)) and not _NO_SIGNS.search(line)


def _is_list_of_lines(text: str) -> bool:
    """Whether a paragraph is short lines that somebody ended on purpose: a list without bullets."""
    lines = text.split("\n", _MOST_SIGNS)
    return len(lines) >= _FEWEST and all(_is_short_line(line) for line in lines)


def _is_short_line(text: str) -> bool:
    return len(text) <= _SHORT_LINE and not text.endswith((":", "?")) and text.count(". ") == 0


def _close(reader: _Reader) -> Iterator[SignList]:
    signs = tuple(reader.gathered)
    lead_in = reader.lead_in or ""
    if reader.are_items or len(signs) >= _FEWEST:
        yield SignList(signs, bool(_OF_ANOTHER.search(lead_in)))
    reader.gathered, reader.are_items, reader.lead_in, reader.follows_a_cue = [], False, None, False


def _introduces_signs(lead_in: str, headings: dict[int, str]) -> bool:
    """Whether the line above introduces signs, or otherwise the nearest heading that says anything like it."""
    for line in (lead_in, *(headings[level] for level in sorted(headings, reverse=True))):
        if _NO_SIGNS.search(line):
            return False
        if _CUE.search(line) or _OF_ANOTHER.search(line):
            return True
    return False


def _in_lines(piece: Piece, headings: dict[int, str]) -> Iterator[SignList]:
    """A paragraph whose first line introduces the lines below it."""
    text = piece.folded.text
    first_end = text.find("\n")
    if first_end < 0 or text.count("\n") < _FEWEST:
        return
    first = text[max(0, first_end - _SHORT_LINE) : first_end]
    if not _introduces_signs(first, headings):
        return
    yield SignList(tuple(_lines_of(piece, first_end + 1)), bool(_OF_ANOTHER.search(first)))


def _lines_of(piece: Piece, start: int) -> Iterator[Sign]:
    text = piece.folded.text
    for _ in range(_MOST_SIGNS):
        if start >= len(text):
            return
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield Sign(piece, start, end)
        start = end + 1


def _in_prose(piece: Piece) -> Iterator[SignList]:
    """Sentences that list signs."""
    text = piece.folded.text
    for start, end in piece.sentences:
        cue = _PROSE.search(text, start, end)
        if cue is None or _NOT_A_LIST.search(text, max(start, cue.start() - 40), cue.end()):
            continue
        signs = _parts(piece, cue.end(), end)
        if len(signs) >= _FEWEST:
            yield SignList(signs, bool(_OF_ANOTHER.match(text, cue.end() + 1, end)))


def _parts(piece: Piece, start: int, end: int) -> tuple[Sign, ...]:
    text, signs = piece.folded.text, []
    for cut in islice(_PART.finditer(text, start, end), _MOST_SIGNS):
        if text[start : cut.start()].strip():
            signs.append(Sign(piece, start, cut.start()))
        start = cut.end()
    if len(signs) < _MOST_SIGNS and text[start:end].strip(" ."):
        signs.append(Sign(piece, start, end))
    return tuple(_trimmed(sign) for sign in signs)


def _trimmed(sign: Sign) -> Sign:
    text = sign.text
    lead = len(text) - len(text.lstrip())
    return Sign(sign.piece, sign.start + lead, sign.end - (len(text) - len(text.rstrip(" ."))))


def _whole(piece: Piece) -> Sign:
    return Sign(piece, 0, len(piece.folded.text))


def _beginning(line: str) -> str:
    return " ".join(line[-2 * _SHORT_LINE :].split())


def _first(piece: Piece) -> str:
    return piece.folded.text[: 2 * _SHORT_LINE]


def _last_line(piece: Piece) -> str:
    return piece.folded.text[-2 * _SHORT_LINE :].rpartition("\n")[2].strip()


def of_the_child(lists: Sequence[SignList]) -> tuple[SignList, ...]:
    """The lists that are about the child."""
    return tuple(found for found in lists if not found.of_another)
