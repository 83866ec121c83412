"""Lists of children, of adults and of links between them, joined by ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from everyfamily.core.rolls.layout.heading_parts import CHILD

type Record = dict[str, Any]
type Pair = tuple[Record, Record | None]


def joined_by_ids(lists: Sequence[list[Record]], whose: Sequence[str]) -> list[Pair]:
    """Each child with each of its adults, or with None if it has none. Empty if the lists cannot be joined.

    `whose` says whose each list is, by its key. A list that contains both sides' ids holds the links. What else it says
    (a relationship, an order) is about the adult with that child.
    """
    children = next((one for one, side in zip(lists, whose, strict=True) if side == CHILD), [])
    others = [one for one in lists if one is not children]
    for adults in others:
        for links in (*(one for one in others if one is not adults), adults):
            if found := _tied(children, adults, links):
                return found
    return []


def _tied(children: list[Record], adults: list[Record], links: list[Record]) -> list[Pair]:
    child_id, to_child = _key_and_reference(children, links)
    if not child_id:
        return []
    if links is adults:
        by_child = _grouped(links, to_child)
        return _pairs(children, child_id, by_child)
    adult_id, to_adult = _key_and_reference(adults, links)
    if not adult_id or to_adult == to_child:
        return []
    known = {one[adult_id]: one for one in adults if one.get(adult_id)}
    tied = [
        {
            **known[link[to_adult]],
            **{key: value for key, value in link.items() if key not in (to_adult, adult_id)},
        }
        for link in links
        if link.get(to_adult) in known
    ]
    return _pairs(children, child_id, _grouped(tied, to_child))


def _key_and_reference(records: list[Record], links: list[Record]) -> tuple[str, str]:
    """Which field is the records' own id, and which field of the links refers to it. Blank if there is none."""
    for key in _ids(records):
        own = {one[key] for one in records if _is_id(one.get(key))}
        if len(own) < len(records):
            continue
        for reference in _ids(links):
            said = [one[reference] for one in links if _is_id(one.get(reference))]
            if said and links is not records and set(said) <= own:
                return key, reference
    return "", ""


def _ids(records: list[Record]) -> list[str]:
    return [
        key for key in (records[0] if records else ()) if key.casefold().endswith(("id", "ref", "code", "upn"))
    ]


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _grouped(records: list[Record], reference: str) -> dict[object, list[Record]]:
    found: dict[object, list[Record]] = {}
    for one in records:
        if _is_id(one.get(reference)):
            found.setdefault(one[reference], []).append({k: v for k, v in one.items() if k != reference})
    return found


def _pairs(children: list[Record], child_id: str, adults: dict[object, list[Record]]) -> list[Pair]:
    pairs: list[Pair] = []
    for child in children:
        own = adults.get(child[child_id], [])
        pairs += [(child, adult) for adult in own] or [(child, None)]
    return pairs
