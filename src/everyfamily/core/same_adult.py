"""Meet the same adult in several rows of one school's roll: siblings' rows are one adult's.

Match the person, never the inbox or the address alone. Two rows are one adult's when they have one inbox and one
first name, or one name (without its title) and one mobile number, address or child. An initial stands for a first
name only in the same inbox; elsewhere it is a doubt, and a doubt about a restricted adult holds. Nothing here joins
people across schools.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from everyfamily.core.roll import RESTRICTIONS, RollRow

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lady", "lord"})
_NOT_SAID = re.compile("[\u0300-\u036f'’‘`]")
"""Latin accents, and apostrophes as different keyboards write them."""


@dataclass(slots=True)
class Adult:
    """One adult of the file, gathered from every row that is theirs."""

    identity: str
    name: str
    language: str = "und"
    format: str = ""
    wishes: str = ""
    objects: bool = False
    contacts: dict[tuple[str, str], None] = field(default_factory=dict)
    cares: dict[str, RollRow] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    """Every spelling in the file, as `plain_name` gives it."""

    def take(self, row: RollRow) -> None:
        """Add what one more row says; of two rows on the same child the more careful value counts."""
        if self.language == "und":
            self.language = row.language
        self.format = self.format or row.format
        self.wishes = self.wishes or row.wishes
        self.objects = self.objects or row.objects
        self.contacts.update(dict.fromkeys(_contacts(row)))
        self.names[plain_name(row.adult_name)] = None
        known = self.cares.get(row.pupil_id)
        self.cares[row.pupil_id] = row if known is None else more_careful(known, row)


def more_careful(one: RollRow, other: RollRow) -> RollRow:
    """One link of two rows: the stricter restriction; a yes that the other row does not say is unknown."""

    def agreed(first: str, second: str) -> str:
        return first if first == second else "unknown"

    return replace(
        one,
        relationship=other.relationship if one.relationship == "other" else one.relationship,
        parental_responsibility=agreed(one.parental_responsibility, other.parental_responsibility),
        has_care=agreed(one.has_care, other.has_care),
        priority=other.priority if one.priority is None else one.priority,
        restriction=strictest((one.restriction, other.restriction)),
    )


def _contacts(row: RollRow) -> list[tuple[str, str]]:
    address = "\n".join(row.address.lines) if row.address else None
    values = (("email", row.email), ("text", row.mobile), ("post", address))
    return [(channel, value) for channel, value in values if value]


def strictness(restriction: str) -> int:
    """How far a restriction closes: a link only ever moves up."""
    return RESTRICTIONS.index(restriction)


def strictest(restrictions: Iterable[str]) -> str:
    """The one of several restrictions that closes furthest."""
    return max(restrictions, key=strictness)


def plain_name(name: str) -> str:
    """A name as it is compared: lower case, without title, dots, accents and apostrophes."""
    folded = _NOT_SAID.sub("", unicodedata.normalize("NFKD", name).casefold())
    words = folded.replace(".", " ").split()
    return " ".join([word for word in words if word not in _TITLES] or words) or name.casefold()


def initial_agrees(one: str, other: str) -> bool:
    """One plain name has just the initial of the other's first name, and the surnames agree: "a ferris"."""
    first, second = one.split(), other.split()
    if min(len(first), len(second)) < 2 or first[-1] != second[-1]:
        return False
    short, long = sorted((first[0], second[0]), key=len)
    return len(short) == 1 < len(long) and long.startswith(short)


def first_name_agrees(one: str, other: str) -> bool:
    """Two plain names have the same first name, or the same initial and surname."""
    return _first(one) == _first(other)


def _first(name: str) -> str:
    words = name.split()
    if not words:
        return ""
    return words[0] if len(words[0]) > 1 else f"{words[0]} {words[-1]}"


def adults_of(rows: Iterable[RollRow]) -> list[Adult]:
    """Meet the same adult in several rows; an adult's identity is the first of the keys of their first row."""
    named = [row for row in rows if row.adult_name]
    inboxes = _inboxes(named)
    keys = [_keys(row, inboxes) for row in named]
    groups = _Groups()
    for own in keys:
        groups.join(own)
    found: dict[str, Adult] = {}
    for row, own in zip(named, keys, strict=True):
        group = groups.of(own[0])
        if group not in found:
            found[group] = Adult(own[0], row.adult_name)
        found[group].take(row)
    adults = list(found.values())
    _hold_doubtful(adults)
    return adults


def _inboxes(rows: Iterable[RollRow]) -> dict[str, dict[str, None]]:
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        if row.email:
            names[row.email][plain_name(row.adult_name)] = None
    return names


def _keys(row: RollRow, inboxes: Mapping[str, Iterable[str]]) -> list[str]:
    """Keys of a row's adult: rows that share one are the same adult's."""
    name = plain_name(row.adult_name)
    keys = []
    if row.email:
        whole = {
            _first(other)
            for other in inboxes[row.email]
            if initial_agrees(name, other) and len(name.split()[0]) == 1
        }
        # Two first names that an initial may stand for: it stands for neither.
        keys.append(f"email|{row.email}|{whole.pop() if len(whole) == 1 else _first(name)}")
    keys += [f"name|{name}|{value}" for channel, value in _contacts(row) if channel != "email"]
    return [*keys, f"name|{name}|child {row.pupil_id}"]


class _Groups:
    """Keys that belong together, each under one of them (union-find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, key: str) -> str:
        above = self._above
        while above.setdefault(key, key) != key:
            above[key] = above[above[key]]
            key = above[key]
        return key

    def join(self, keys: list[str]) -> None:
        for key in keys:
            self._above[self.of(key)] = self.of(keys[0])


def _hold_doubtful(adults: list[Adult]) -> None:
    """An adult who may be a restricted adult of the same child under an initial waits for a person."""
    at_child: dict[str, list[Adult]] = defaultdict(list)
    for adult in adults:
        for pupil_id in adult.cares:
            at_child[pupil_id].append(adult)
    doubtful = [
        (adult, pupil_id, restriction)
        for pupil_id, beside in at_child.items()
        for adult in beside
        for restriction in [_doubt(adult, [other for other in beside if other is not adult], pupil_id)]
        if strictness(restriction) > strictness(adult.cares[pupil_id].restriction)
    ]
    for adult, pupil_id, restriction in doubtful:
        adult.cares[pupil_id] = replace(adult.cares[pupil_id], restriction=restriction)


def _doubt(adult: Adult, others: Iterable[Adult], pupil_id: str) -> str:
    """What the restrictions of others at a child say of an adult: theirs under the same name, unknown under an
    initial of it."""
    found = ["none"]
    for other in others:
        restriction = other.cares[pupil_id].restriction
        if restriction != "none" and adult.names.keys() & other.names.keys():
            found.append(restriction)
        elif restriction != "none" and may_be(adult.names, other.names):
            found.append("unknown")
    return strictest(found)


def may_be(names: Iterable[str], others: Iterable[str]) -> bool:
    """Any of some plain names may be any of the others, if one of the two is an initial."""
    others = list(others)
    return any(initial_agrees(one, other) for one in names for other in others)
