"""The sets of words in `vocabulary.toml`, and how texts are read with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from everyfamily.checks.text.prose import sentences
from everyfamily.checks.text.shapes import Sentence, Shape, Vocabulary, find, read
from everyfamily.core.files.data_tables import load_table

_COMMON_WORDS = """
@child @parent @they @them @your @must @never @be @many you a the to is was be it no not we i at of
in them him her this that our any all if when they he she who and or for with have has had will
would can could may might should do does did your their us me my are were been from by as but so
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Keys that nearly every letter has. Looking for another one first saves time."""
_KEPT = 2000
"""Texts whose words are kept in memory, for the families that come after the first."""

type Indexed = Mapping[str, Sequence[tuple[str, Shape]]]
"""Shapes with their names, by their keys. Each shape needs one of its keys."""


def indexed(shapes: Mapping[str, Iterable[str]]) -> Indexed:
    """Shapes as written, by name, read and ready to be looked for."""
    found: dict[str, list[tuple[str, Shape]]] = {}
    for name, written in shapes.items():
        for shape in map(Shape.of, written):
            for key in shape.anchor(_COMMON):
                found.setdefault(key, []).append((name, shape))
    return found


def spans(shapes: Indexed, text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Where shapes of each name fit in a folded text."""
    found: dict[str, list[tuple[int, int]]] = {}
    for sentence in sentences_of(text):
        tried: set[int] = set()
        for key in shapes.keys() & sentence.keys:
            for name, shape in shapes[key]:
                if id(shape) not in tried:
                    tried.add(id(shape))
                    if fits := list(find(shape, sentence)):
                        found.setdefault(name, []).extend(fits)
    return found


@lru_cache(maxsize=_KEPT)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a folded text, each word with the sets that it is in."""
    return read(text, sentences(text), _vocabulary())


@cache
def _vocabulary() -> Vocabulary:
    lists = load_table(__file__)
    return Vocabulary(lists["verbs"], lists["nouns"], lists["words"])
