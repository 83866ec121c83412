"""Recognise one adult in several rows of a school's roll: siblings' rows belong to one adult.

Match the person, never only the inbox or the address. Two rows belong to one adult if they have one inbox and one first
name, or one name (without its title) and one mobile number, address or child. A mother and a father of one name at one
child are two people unless they have a value in common. An initial counts as a first name only in the same inbox.
Otherwise it is a doubt, and a doubt about a restricted adult holds. Nothing here joins people across schools.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from everyfamily.core.adults.change_set import (
    BIRTH_FAMILY,
    CARES_FOR_THE_COUNCIL,
    doubt_about,
    is_closed,
    more_careful_of,
)
from everyfamily.core.adults.change_set import strictest as strictest
from everyfamily.core.adults.change_set import strictness as strictness
from everyfamily.core.adults.same_name import name_pairs, straight_name
from everyfamily.core.rolls.model.roll_rows import DOUBT, IN_CARE, RollRow

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "dame", "lady", "lord"})
_PARENTAL = frozenset({"mother", "father", "step-parent", "grandparent"})
"""Nobody is two of these to one child. A carer, or an adult without a relationship, may also be any of them."""
_NOT_SAID = re.compile("[\u0300-\u036f'’‘`\u02bc\u2032]")
"""Latin accents, and apostrophes as different keyboards write them."""


@dataclass(slots=True)
class Adult:
    """One adult in the file, combined from all of their rows."""

    identity: str
    name: str
    language: str = "und"
    format: str = ""
    wishes: str = ""
    objects: bool = False
    contacts: dict[tuple[str, str], None] = field(default_factory=dict)
    shut_by: dict[tuple[str, str], None] = field(default_factory=dict)
    """Never written to: closed if somebody closes a link of the adult (core/rolls/closing/ways_to_close.py)."""
    cares: dict[str, RollRow] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    """Every spelling in the file, in the form that `plain_name` gives."""
    rows: set[int] = field(default_factory=set)
    """The sheet's row numbers for the adult."""

    def take(
        self, row: RollRow, plain: str | None = None, contacts: Iterable[tuple[str, str]] | None = None
    ) -> None:
        """Add what one more row says. If two rows are about the same child, the more careful value counts.

        `plain` is the row's name in the form that `plain_name` gives, and `contacts` its contact values, if they are
        known.
        """
        if self.language == "und":
            self.language = row.language
        self.format = self.format or row.format
        self.wishes = self.wishes or row.wishes
        self.objects = self.objects or row.objects
        self.rows.add(row.row)
        self.contacts.update(dict.fromkeys(_contacts(row) if contacts is None else contacts))
        if row.shut_by:
            self.shut_by.update(dict.fromkeys(row.shut_by))
        self.names[plain_name(row.adult_name) if plain is None else plain] = None
        known = self.cares.get(row.pupil_id)
        self.cares[row.pupil_id] = row if known is None else more_careful(known, row)

    def pairs(self) -> frozenset[tuple[str, ...]]:
        """First and last name of every spelling, in one order. Somebody who shares one may be this adult."""
        return frozenset((pair,) for name in self.names for pair in name_pairs(name))

    def hold(self, pupil_id: str, held: tuple[str, str]) -> None:
        """Close the link to a child: (restriction, reason)."""
        self.cares[pupil_id] = replace(self.cares[pupil_id], restriction=held[0], restriction_reason=held[1])


def more_careful(one: RollRow, other: RollRow) -> RollRow:
    """One link from two rows: the stricter restriction; and a yes that the other row does not say becomes unknown."""

    def agreed(first: str, second: str) -> str:
        return first if first == second else "unknown"

    restriction, reason = more_careful_of(_held(one), _held(other))
    return replace(
        one,
        relationship=other.relationship if one.relationship == "other" else one.relationship,
        parental_responsibility=agreed(one.parental_responsibility, other.parental_responsibility),
        has_care=agreed(one.has_care, other.has_care),
        priority=other.priority if one.priority is None else one.priority,
        restriction=restriction,
        restriction_reason=reason,
        in_care=one.in_care or other.in_care,
    )


def _held(row: RollRow) -> tuple[str, str]:
    return row.restriction, row.restriction_reason


def _contacts(row: RollRow) -> list[tuple[str, str]]:
    found = []
    if row.email:
        found.append(("email", row.email))
    if row.mobile:
        found.append(("text", row.mobile))
    if row.address:
        found.append(("post", "\n".join(row.address.lines)))
    found += row.also
    return found


def plain_name(name: str) -> str:
    """A name in the form in which it is compared: lower case, without title, full stops, accents and apostrophes."""
    if name.isascii():
        folded = name.lower().replace("'", "").replace("`", "")
    else:
        folded = _NOT_SAID.sub("", unicodedata.normalize("NFKD", name).casefold())
    words = folded.replace(".", " ").split()
    return " ".join([word for word in words if word not in _TITLES] or words) or name.casefold()


def are_two(one: str, other: str) -> bool:
    """Two relationships to one child that are not one person's."""
    return one != other and one in _PARENTAL and other in _PARENTAL


def initial_agrees(one: str, other: str) -> bool:
    """One plain name has only the initial of the other's first name, and the surnames agree: "a ferris"."""
    first, second = one.split(), other.split()
    if min(len(first), len(second)) < 2 or first[-1] != second[-1]:
        return False
    short, long = sorted((first[0], second[0]), key=len)
    return len(short) == 1 < len(long) and long.startswith(short)


def initial_of(name: str) -> tuple[str, bool]:
    """A plain name's initial and surname, and whether it gives only the initial: ("a ferris", False).

    Two names agree in the sense of `initial_agrees` if their initials are the same and not blank, and one of the two
    gives only the initial. So hashes can also show it.
    """
    words = name.split()
    if len(words) < 2:
        return "", False
    return f"{words[0][0]} {words[-1]}", len(words[0]) == 1


def first_name(name: str) -> str:
    """A plain name's first name, or for an initial, the initial and the surname."""
    words = name.split()
    if not words:
        return ""
    return words[0] if len(words[0]) > 1 else f"{words[0]} {words[-1]}"


@dataclass(slots=True)
class _Named:
    """A row with an adult, and what is compared of it."""

    row: RollRow
    name: str
    contacts: list[tuple[str, str]]

    def emails(self) -> list[str]:
        return [value for channel, value in self.contacts if channel == "email"]


def adults_of(rows: Iterable[RollRow]) -> list[Adult]:
    """Recognise the same adult in several rows. An adult's identity is the first of the keys of their first row."""
    rows = list(rows)
    named = [_Named(row, plain_name(row.adult_name), _contacts(row)) for row in rows if row.adult_name]
    inboxes = _inboxes(named)
    shared = _shared_names(named)
    groups = _Groups()
    firsts = []
    for one in named:
        keys = _keys(one, inboxes, shared)
        groups.join(keys)
        firsts.append(keys[0])
    found: dict[str, Adult] = {}
    for one, first in zip(named, firsts, strict=True):
        group = groups.of(first)
        adult = found.get(group)
        if adult is None:
            adult = found[group] = Adult(first, one.row.adult_name)
        adult.take(one.row, one.name, one.contacts)
    adults = list(found.values())
    _hold_doubtful(adults)
    _hold_birth_family(adults, {row.pupil_id for row in rows if row.in_care})
    return adults


type _Inbox = Mapping[str, set[str]]
"""First names of people whose whole names are in an inbox, by initial and surname."""


def _inboxes(named: Iterable[_Named]) -> Mapping[str, _Inbox]:
    inboxes: dict[str, dict[str, set[str]]] = defaultdict(dict)
    for one in named:
        initial, alone = initial_of(one.name)
        if initial and not alone:
            for email in one.emails():
                inboxes[email].setdefault(initial, set()).add(first_name(one.name))
    return inboxes


def _shared_names(named: Iterable[_Named]) -> set[tuple[str, str]]:
    """(name, child) that two people have: a mother and a father, for example."""
    first: dict[tuple[str, str], str] = {}
    shared = set()
    for one in named:
        if one.row.relationship in _PARENTAL:
            at = (one.name, one.row.pupil_id)
            if first.setdefault(at, one.row.relationship) != one.row.relationship:
                shared.add(at)
    return shared


def _keys(one: _Named, inboxes: Mapping[str, _Inbox], shared: Collection[tuple[str, str]]) -> list[str]:
    """Keys of a row's adult. Rows that share one belong to the same adult."""
    name = one.name
    keys = [f"email|{email}|{_first_name_in(inboxes.get(email, {}), name)}" for email in one.emails()]
    keys += [f"name|{name}|{value}" for channel, value in one.contacts if channel != "email"]
    own = f" {one.row.relationship}" if (name, one.row.pupil_id) in shared else ""
    keys.append(f"name|{name}|child {one.row.pupil_id}{own}")
    return keys


def _first_name_in(inbox: _Inbox, name: str) -> str:
    """The first name of somebody in an inbox. An initial counts as the one first name that it may be, if there is only
    one."""
    initial, alone = initial_of(name)
    whole = inbox.get(initial, ()) if alone else ()
    # An initial that may stand for two first names stands for neither.
    return next(iter(whole)) if len(whole) == 1 else first_name(name)


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
        first = self.of(keys[0])
        for key in keys[1:]:
            self._above[self.of(key)] = first


def _hold_doubtful(adults: list[Adult]) -> None:
    """An adult who may, under an initial, be a restricted adult of the same child waits for a person."""
    at_child: dict[str, list[Adult]] = defaultdict(list)
    restricted = set()
    for adult in adults:
        for pupil_id, row in adult.cares.items():
            at_child[pupil_id].append(adult)
            if row.restriction != "none":
                restricted.add(pupil_id)
    held = []
    for pupil_id in restricted:
        beside = at_child[pupil_id]
        for adult in beside:
            said = _doubt(adult, [other for other in beside if other is not adult], pupil_id)
            held.append((adult, pupil_id, said))
    for adult, said in _namesakes(adults):
        held += [(adult, pupil_id, said) for pupil_id in adult.cares]
    for adult, pupil_id, said in held:
        adult.hold(pupil_id, more_careful_of(_held(adult.cares[pupil_id]), said))


def _doubt(adult: Adult, others: Iterable[Adult], pupil_id: str) -> tuple[str, str]:
    """What the restrictions of others with a child mean for an adult: the same under the same name, and unknown under
    an initial of it, or for somebody who is another parent of that name."""
    found = ("none", "")
    for other in others:
        held = _held(other.cares[pupil_id])
        if held[0] != "none" and adult.names.keys() & other.names.keys():
            two = are_two(adult.cares[pupil_id].relationship, other.cares[pupil_id].relationship)
            found = more_careful_of(found, doubt_about(held) if two else held)
        elif held[0] != "none" and (may_be(adult.names, other.names) or adult.pairs() & other.pairs()):
            found = more_careful_of(found, doubt_about(held))
    return found


def _namesakes(adults: Iterable[Adult]) -> Iterator[tuple[Adult, tuple[str, str]]]:
    """Adults with the name of somebody restricted for another child, or who may have it as a person reads it, and the
    doubt.

    A father whom a court keeps from one child may be listed at a new address with a brother or sister, and so may
    somebody who objects.
    """
    adults = list(adults)
    # Two restricted adults of a kind are enough to show that one of them is another person. So a whole roll with one
    # name is compared as fast as any.
    restricted: dict[object, list[Adult]] = defaultdict(list)
    for adult in adults:
        if adult.objects or any(is_closed(_held(row), reviewed=False) for row in adult.cares.values()):
            for key in (*adult.names, *_initials(adult), *adult.pairs()):
                if len(restricted[key]) < 2 and all(adult is not other for other in restricted[key]):
                    restricted[key].append(adult)
    if not restricted:
        return
    for adult in adults:
        initials = [(initial, not alone) for initial, alone in _initials(adult) if initial]
        found = (restricted.get(key, ()) for key in (*adult.names, *initials, *adult.pairs()))
        if any(other is not adult for others in found for other in others):
            yield adult, ("unknown", DOUBT)


def _initials(adult: Adult) -> list[tuple[str, bool]]:
    return [initial_of(straight_name(name)) for name in adult.names]


def _hold_birth_family(adults: list[Adult], said_in_care: set[str]) -> None:
    """The birth family of a child whom the council looks after waits for what the care plan says."""
    in_care = said_in_care | {
        pupil_id
        for adult in adults
        for pupil_id, row in adult.cares.items()
        if row.relationship in CARES_FOR_THE_COUNCIL
    }
    if not in_care:
        return
    for adult in adults:
        for pupil_id in in_care & adult.cares.keys():
            row = adult.cares[pupil_id]
            if row.relationship in BIRTH_FAMILY and row.restriction in ("none", "unknown"):
                adult.hold(pupil_id, ("hold", IN_CARE))


def may_be(names: Iterable[str], others: Iterable[str]) -> bool:
    """One of some plain names may be one of the others, if one of the two is an initial."""
    straight = [straight_name(other) for other in others]
    return any(initial_agrees(straight_name(one), other) for one in names for other in straight)
