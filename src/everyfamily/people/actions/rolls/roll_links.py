"""Links between adults and children after a file: they follow the file in everything except a restriction, which can
only close.

Each change of a restriction on a known link is an event of the audit trail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from everyfamily.audit.actions import NewEvent, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.adults.change_set import CARES_FOR_THE_COUNCIL, doubt_about, more_careful_of, settle
from everyfamily.core.adults.same_adult import more_careful
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import DOUBT, GONE, NOT_ASKED, Roll, RollRow
from everyfamily.people.actions.in_the_family import doubted_in_families, hold_in_doubt
from everyfamily.people.actions.known_adults import KnownAdults, KnownLink, Met
from everyfamily.people.database.bulk import insert_rows, update_rows
from everyfamily.people.models import Care

_NEW = (
    *("school_id", "parent_id", "pupil_id", "relationship", "parental_responsibility", "has_care"),
    *("priority", "restriction", "restriction_reason"),
)
_FOLLOWS = (
    *("relationship", "parental_responsibility", "has_care", "priority", "restriction", "restriction_reason"),
    *("restriction_reviewed_at", "restriction_reviewed_by"),
)


class DecidedMeanwhile(EveryfamilyError):
    """A file that was read before would have overwritten a person's decision about a link."""

    code = "EF233"


Held = tuple[str, str]
"""(restriction, reason)"""


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """What a file did to the links."""

    changed: int
    unknown: int
    """Links of the file's adults that are unknown afterwards."""
    adults_missing: int
    """Adults who are no longer listed with a child in the file, and are held for that child."""
    adults_staying: int
    """The same in a file of changes, which need not name them: nothing changes for them."""


class Links:
    """Writes a school's links once its children and adults are written."""

    def __init__(self, school_id: int, known: KnownAdults, pupils: dict[str, int], now: datetime) -> None:
        self._school = school_id
        self._known = known
        self._pupils = pupils
        self._now = now
        self._answered: frozenset[int] = frozenset()
        self._stands = {
            (parent, pupils[pupil_id])
            for met in known.adults
            for pupil_id in met.adult.cares
            for parent in met.same
        }
        self._lost = {
            link.pupil
            for link in known.links.values()
            if link.closed and (link.parent, link.pupil) not in self._stands
        }
        """Children whose restricted adult is not in the file."""
        self._events: list[NewEvent] = []
        self.touched: dict[int, list[tuple[str, str, str]]] = {}
        """What is new or different about links, by the row ids of their children: what, before and after."""

    def write(self, roll: Roll, by: Actor) -> LinkCounts:
        """Insert new links, and bring known links up to date with the file."""
        said: dict[tuple[int, int], RollRow] = {}
        self._answered = frozenset(self._pupils[one] for one in roll.answered if one in self._pupils)
        new = []
        unknown = 0
        for met in self._known.adults:
            doubted = self._known.may_be_closed(met)
            for pupil_id, row in met.adult.cares.items():
                pupil = self._pupils[pupil_id]
                row = _holding(row, self._said(met, pupil, row, doubted=doubted))
                if (met.own, pupil) not in self._known.links:
                    new.append(self._new(met.own, pupil, row))
                    self.touched.setdefault(pupil, []).append((row.relationship.capitalize(), "", "new"))
                    unknown += row.restriction == "unknown"
                for parent in met.same:
                    at = (parent, pupil)
                    said[at] = more_careful(said[at], row) if at in said else row
        insert_rows(Care, _NEW, new)
        links = self._known.links
        doubted_parents = set(self._known.may_be_closed_by_file())
        # If the adult is in the file under another name than the doubted one, or is not in the file, the doubt stays.
        after = {
            at: _followed(link, _doubted(said[at], at[0] in doubted_parents), answered=at[1] in self._answered)
            for at, link in links.items()
            if at in said
        }
        # A file of only some of the children still has every adult of the children in it.
        missing = self._gone(doubted_parents)
        gone = missing if roll.every_adult else {}
        elsewhere = {
            at: _settled(link, ("unknown", DOUBT)) for at, link in links.items() if at[0] in doubted_parents
        }
        changed = self._update(elsewhere | after | gone, by)
        held = hold_in_doubt(self._school, links=doubted_in_families(self._school), by=by, now=self._now)
        for one in held:
            if (link := links.get((one.parent, one.pupil))) is not None:
                waits = replace(link, restriction="unknown", reason=DOUBT, reviewed_at=None, reviewed_by=None)
                self.touched.setdefault(one.pupil, []).extend(_differences(link, waits))
        return LinkCounts(
            changed=len(changed & after.keys()),
            unknown=unknown
            + sum(link.restriction == "unknown" for link in after.values())
            + sum(one.was == "none" for one in held),
            adults_missing=len({parent for parent, _ in gone}),
            adults_staying=len({parent for parent, _ in missing.keys() - gone.keys()}),
        )

    def _said(self, met: Met, pupil: int, row: RollRow, *, doubted: bool) -> Held:
        """What the file, the adult's other rows and the doubts about it mean for an adult and a child."""
        said = (row.restriction, row.restriction_reason)
        for parent in self._known.at_pupil.get(pupil, ()):
            held = self._known.links[parent, pupil].held
            if held[0] == "none" or (held == ("unknown", NOT_ASKED) and pupil in self._answered):
                continue
            if parent in met.same:
                said = more_careful_of(said, held)
            elif self._known.may_be(met, parent):
                said = more_careful_of(said, doubt_about(held))
        if doubted:
            said = more_careful_of(said, ("unknown", DOUBT))
        if not met.same and pupil in self._lost and row.relationship not in CARES_FOR_THE_COUNCIL:
            # If somebody restricted is missing and somebody new is there, it may be the same person under another name.
            said = more_careful_of(said, ("unknown", DOUBT))
        return said

    def _new(self, parent: int, pupil: int, row: RollRow) -> tuple[object, ...]:
        return (
            self._school,
            parent,
            pupil,
            row.relationship,
            row.parental_responsibility,
            row.has_care,
            row.priority,
            row.restriction,
            row.restriction_reason,
        )

    def _gone(self, doubted: Collection[int]) -> dict[tuple[int, int], KnownLink]:
        """Links to children in the file with whom their adult is no longer listed, held; and those of the `doubted` for
        that."""
        in_file = set(self._pupils.values())
        return {
            at: _settled(link, ("unknown", DOUBT if link.parent in doubted else GONE))
            for at, link in self._known.links.items()
            if link.pupil in in_file and at not in self._stands
        }

    def _update(self, after: dict[tuple[int, int], KnownLink], by: Actor) -> set[tuple[int, int]]:
        changed = {at: link for at, link in after.items() if link != self._known.links[at]}
        before = self._known.links
        written = update_rows(
            Care,
            _FOLLOWS,
            (
                (
                    *(self._school, link.id, link.relationship, link.parental_responsibility, link.has_care),
                    *(link.priority, link.restriction, link.reason, link.reviewed_at, link.reviewed_by),
                    *(before[at].restriction, before[at].reviewed_at),
                )
                for at, link in changed.items()
            ),
            unless_changed=("restriction", "restriction_reviewed_at"),
        )
        if written != len(changed):
            raise DecidedMeanwhile(
                "Somebody decided about a restriction of this school at this very moment.",
                "Nothing of this file went in. Import it again.",
            )
        record_events(
            (
                self._event(before[at], link)
                for at, link in changed.items()
                if before[at].restriction != link.restriction
            ),
            by=by,
            now=self._now,
            school_id=self._school,
        )
        for at, link in changed.items():
            self.touched.setdefault(at[1], []).extend(_differences(before[at], link))
        return set(changed)

    def _event(self, before: KnownLink, after: KnownLink) -> NewEvent:
        detail = {"from": before.restriction, "to": after.restriction, "reason": after.reason or "file"}
        return NewEvent("restriction", "care", after.id, detail | {"parent": after.parent, "pupil": after.pupil})


def _differences(before: KnownLink, after: KnownLink) -> Iterator[tuple[str, str, str]]:
    """What is different about a link. Why somebody is held is the lead's to see."""
    whose, was = after.relationship.capitalize(), before.relationship.capitalize()
    if whose != was:
        yield "Relationship", was, whose
    for what, one, other in (
        ("parental responsibility", before.parental_responsibility, after.parental_responsibility),
        ("care of the child", before.has_care, after.has_care),
        ("order of contacts", str(before.priority or ""), str(after.priority or "")),
    ):
        if one != other:
            yield f"{whose}: {what}", one, other
    if (before.held, before.reviewed_at) != (after.held, after.reviewed_at):
        was, now = _letter(before), _letter(after)
        yield f"{whose}: the letter", was, now if was != now else f"{now}, for another reason"


def _letter(link: KnownLink) -> str:
    if link.restriction == "none":
        return "no restriction"
    if link.restriction != "unknown":
        return "closed"
    return "no longer in the file, so waits" if link.reason == GONE else "waits for your lead"


def _holding(row: RollRow, held: Held) -> RollRow:
    if held == (row.restriction, row.restriction_reason):
        return row
    return replace(row, restriction=held[0], restriction_reason=held[1])


def _doubted(row: RollRow, doubted: bool) -> RollRow:
    held = (row.restriction, row.restriction_reason)
    return _holding(row, more_careful_of(held, ("unknown", DOUBT))) if doubted else row


def _settled(link: KnownLink, said: Held, *, answered: bool = False) -> KnownLink:
    reviewed_before = link.reviewed_at is not None
    restriction, reason, reviewed = settle(link.held, reviewed=reviewed_before, said=said, answered=answered)
    if (restriction, reason, reviewed) == (*link.held, link.reviewed_at is not None):
        return link
    return replace(
        link,
        restriction=restriction,
        reason=reason,
        reviewed_at=link.reviewed_at if reviewed else None,
        reviewed_by=link.reviewed_by if reviewed else None,
    )


def _followed(link: KnownLink, row: RollRow, *, answered: bool) -> KnownLink:
    link = _settled(link, (row.restriction, row.restriction_reason), answered=answered)
    relationship = link.relationship if row.relationship == "other" else row.relationship
    priority = link.priority if row.priority is None else row.priority
    before = (link.relationship, link.parental_responsibility, link.has_care, link.priority)
    after = (relationship, row.parental_responsibility, row.has_care, priority)
    if before == after:
        return link
    return replace(
        link,
        relationship=relationship,
        parental_responsibility=row.parental_responsibility,
        has_care=row.has_care,
        priority=priority,
    )
