"""One link as somebody sees it who decides about it: the adult, and adults who may be the same person and are closed.

By the name, or because somebody who must not have the letter about this child is gone from the file in which this adult
is new (roll_links.py).

For the screen of the school's lead, never for a log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from everyfamily.core.keys.vault import Vault, each_short_hash
from everyfamily.core.rolls.model.roll_rows import DOUBT
from everyfamily.people.actions.decided.groups import group_of
from everyfamily.people.actions.decided.link_lists import LinkToReview, link_shown, next_link
from everyfamily.people.actions.decided.notes import notes_of_link
from everyfamily.people.actions.decided.seen import mark_of_link
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault

MOST_ALIKE = 3
"""Adults who may be the same person, shown at once."""


@dataclass(frozen=True, slots=True)
class ChildOfAdult:
    """One child of an adult, and what is said about the two."""

    link: int
    own_id: str
    """The school's own id, or blank once purged."""
    class_name: str
    relationship: str
    restriction: str
    reason: str
    reviewed_at: datetime | None
    reviewed_by: str
    is_here: bool

    @property
    def mark(self) -> str:
        """For whoever decides about it as they see it here (seen.py)."""
        return mark_of_link(self.restriction, self.reason, self.reviewed_by)


@dataclass(frozen=True, slots=True)
class Card:
    """An adult with what tells one person from another."""

    adult: int
    name: str
    """Blank once purged."""
    children: tuple[ChildOfAdult, ...]
    ways: Mapping[str, tuple[str, ...]]
    """Channel -> addresses or numbers that are kept."""
    keys: Mapping[str, frozenset[bytes]]
    """Channel -> keyed hashes. Two adults with one in common have the same inbox, phone or home."""
    objects: bool
    has_died: bool
    """Somebody was told so. Then they object too."""

    @property
    def restriction(self) -> str:
        """The strictest that closes them: "do not send", "hold", "unknown", or "" if they only object."""
        said = {one.restriction for one in self.children}
        return next((one for one in ("do not send", "hold", "unknown") if one in said), "")


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """A link, its adult, and those who may be the same person."""

    link: LinkToReview
    card: Card
    alike: tuple[Card, ...]
    """Named alike, or, if nobody is, closed for the same child."""
    are_named_alike: bool
    next: int | None
    """The link that waits next."""
    notes: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """(Where, words) of what is next to the child and may keep an adult away, what closes first."""
    saved: LinkToReview | None = None
    """Another link, which was decided about just now."""

    @property
    def asked_about(self) -> tuple[Card, ...]:
        """Adults who may be the same person, if that is why the link waits. Otherwise nobody."""
        return self.alike


def open_link(
    school_id: int, link: int, *, now: datetime, class_of: int = 0, year_of: int = 0, saved: int = 0
) -> LinkOpened | None:
    """One link with its cards, and the one that was `saved`, or None if the school has none with this number. Raises
    SchoolKeyDestroyed, and NoSuchGroup."""
    with tenant(school_id):
        group = group_of(school_id, class_of=class_of, year_of=year_of)
        vault = open_vault(school_id, now=now)
        found = link_shown(school_id, link, vault)
        if found is None:
            return None
        alike = _alike(school_id, found)
        cards = _cards(school_id, [found.adult, *alike], vault)
        following = next_link(school_id, kind=found.kind, group=group, after=link)
        own = cards.pop(found.adult)
        strictest = sorted(cards.values(), key=lambda one: _ORDER.index(one.restriction))
        before = link_shown(school_id, saved, vault) if saved else None
        notes = tuple(notes_of_link(school_id, link, vault))
        return LinkOpened(found, own, tuple(strictest), any(alike.values()), following, notes, before)


_ORDER = ("do not send", "hold", "unknown", "")
# By the names that hold a namesake (namesakes.py), closed or in doubt anywhere at the school; and, whatever the name,
# whoever is closed for the same child. A file that says nothing closes nobody here.
_ALIKE = f"""
SELECT b.id, b.is_named_alike FROM (
  SELECT b.id, b.school_id, b.objects_at, coalesce(a.name_hash <> '' AND a.name_hash = b.name_hash
    OR a.initial_hash <> '' AND a.initial_hash = b.initial_hash AND a.initial_only <> b.initial_only
    OR EXISTS (SELECT people_keys(a.alike_keys) INTERSECT SELECT people_keys(b.alike_keys)), false) AS is_named_alike
  FROM people_parent a JOIN people_parent b ON b.school_id = a.school_id AND b.id <> a.id
  WHERE a.school_id = %(school)s AND a.id = %(adult)s) b
WHERE b.is_named_alike AND (b.objects_at IS NOT NULL OR EXISTS (SELECT FROM people_care c
    WHERE c.school_id = b.school_id AND c.parent_id = b.id
      AND (c.restriction IN ('hold', 'do not send') OR c.restriction_reason IN ('not readable', 'value not read'))))
  OR EXISTS (SELECT FROM people_care c
    JOIN people_care own ON own.school_id = c.school_id AND own.pupil_id = c.pupil_id
    WHERE own.school_id = b.school_id AND own.id = %(link)s AND c.parent_id = b.id
      AND c.restriction <> 'none' AND c.restriction_reason NOT IN ('not said', 'doubt'))
ORDER BY b.is_named_alike DESC, EXISTS (SELECT FROM people_care c WHERE c.school_id = b.school_id
  AND c.parent_id = b.id AND c.restriction = 'do not send') DESC, b.id LIMIT {MOST_ALIKE}
"""  # noqa: S608 - a number
_CHILDREN = """
SELECT a.id, a.name, a.objects_at IS NOT NULL, a.died_known_at IS NOT NULL, c.id, p.id, p.id_encrypted, p.class_name,
  c.relationship, c.restriction, c.restriction_reason, c.restriction_reviewed_at,
  coalesce(c.restriction_reviewed_by, ''), p.is_here
FROM people_care c
JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
WHERE c.school_id = %(school)s AND c.parent_id = ANY(%(adults)s)
ORDER BY p.is_here DESC, p.id
"""
_WAYS = """
SELECT c.parent_id, c.channel, c.id, c.value, c.value_hash, c.closing_keys FROM people_contactpoint c
WHERE c.school_id = %(school)s AND c.parent_id = ANY(%(adults)s) AND c.value IS NOT NULL ORDER BY c.id
"""


def _alike(school_id: int, link: LinkToReview) -> dict[int, bool]:
    """Adults who may be the same person, and whether by their name. If one is by that, only such adults."""
    if link.kind != DOUBT:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE, {"school": school_id, "adult": link.adult, "link": link.link})
        found = dict(cursor.fetchall())
    return {adult: named for adult, named in found.items() if named} or found


def _cards(school_id: int, adults: list[int], vault: Vault) -> dict[int, Card]:
    """The cards of these adults, by their number."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN, {"school": school_id, "adults": adults})
        children = cursor.fetchall()
        people = {of: said for of, *said in (row[:4] for row in children)}
        cursor.execute(_WAYS, {"school": school_id, "adults": sorted(people)})
        ways = cursor.fetchall()
    return {
        adult: Card(
            adult,
            _opened(vault, "parent", adult, name),
            tuple(
                ChildOfAdult(link, _opened(vault, "pupil", pupil, own_id), *rest)
                for of, _, _, _, link, pupil, own_id, *rest in children
                if of == adult
            ),
            _by_channel(
                (channel, _opened(vault, "contact", way, value))
                for of, channel, way, value, *_ in ways
                if of == adult
            ),
            {
                channel: frozenset(keys)
                for channel, keys in _by_channel(
                    (channel, key)
                    for of, channel, _, _, value_hash, closing in ways
                    if of == adult
                    for key in (bytes(value_hash), *each_short_hash(bytes(closing)))
                ).items()
            },
            objects,
            has_died,
        )
        for adult, (name, objects, has_died) in people.items()
    }


def _by_channel[T](found: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    kept: dict[str, list[T]] = {}
    for channel, one in found:
        if one not in kept.setdefault(channel, []):
            kept[channel].append(one)
    return {channel: tuple(values) for channel, values in kept.items()}


def _opened(vault: Vault, table: str, row: int, blob: bytes | memoryview | None) -> str:
    return vault.decrypt(table, row, bytes(blob)) if blob is not None else ""
