"""What the words of an address mean when two addresses are compared (same_home.py): flats, floors, kinds of building,
kinds of street, and what does not name a home at all. The words are in address_words.toml."""

from __future__ import annotations

from collections.abc import Mapping

from everyfamily.core.files.data_tables import load_table

_WORDS = load_table(__file__)


def _set(name: str) -> frozenset[str]:
    return frozenset(_WORDS[name])


def _meanings(name: str) -> Mapping[str, str]:
    return {word: meaning for meaning, words in _WORDS[name].items() for word in words}


UNITS = _set("units")
"""Before the number or letter of a flat."""
BLOCKS, BUILDINGS, NUMBER_SIGNS, ARTICLES = map(_set, ("blocks", "buildings", "number_signs", "articles"))
ALONE = _meanings("alone")
"""Words that say which home in a building it is, even without a number."""
FLOORS = _meanings("floors")
NTH = _meanings("nth")
"""Of "floor 2"."""
FLOOR_FLATS = _meanings("floor_flats")
""""Ground floor flat" and similar, as letters."""
WORDED = frozenset((*FLOORS.values(), *FLOOR_FLATS.values(), *ALONE.values()))
"""A flat that is named by a word. Two such words in one house are two flats, with these exceptions."""
MAY_BE: Mapping[str, tuple[str, ...]] = {vague: tuple(floors) for vague, floors in _WORDS["may_be"].items()}
"""A garden flat may be the one in the basement, and the top flat the one on the second floor."""
NUMBER_WORDS = {word: str(number) for number, word in enumerate(_WORDS["number_words"], 1)}
FULL = _meanings("full")
"""Short forms. "St" is a saint here. At the end of a street it is a street."""
STREETS = _set("streets")
"""How a street ends."""
WELSH_STREETS = _set("welsh_streets")
"""How a street begins in Welsh and Gaelic."""
BEFORE_STREETS = WELSH_STREETS | _set("before_streets")
"""What comes before the word that distinguishes one street from another."""
TITLES = _set("titles")
ADDRESSEES = _set("addressees")
"""A line that begins like this names people, not a home."""
