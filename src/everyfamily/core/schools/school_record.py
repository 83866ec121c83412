"""What is known of a school, and what a list changes: values for computing the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.core.schools.official_figures import OfficialFigure
from everyfamily.core.schools.school_kinds import ON_ROLL


@dataclass(frozen=True, slots=True)
class FormerUrn:
    """A URN that a school had before, and its last day."""

    urn: int
    until: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """A school as it is stored, without its people."""

    urn: int
    name: str
    kind: str
    phase: str
    status: str = "open"
    type_code: int | None = None
    """None for a list that the council holds."""
    la_code: int | None = None
    dfe_number: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    roll_expected: int | None = None
    roll_expected_on: date | None = None
    roll_source: str = ""
    phone: str = ""
    phone_checked_at: datetime | None = None
    phone_checked_by: str | None = None
    sends: str = "school"
    """The school sends it itself. That needs no personal data, so a new school begins with it."""
    lead_role: str = ""
    mailbox: str = ""
    keep_days: int = 30
    channel_policy: Mapping[str, object] = field(default_factory=dict)
    successor: int | None = None
    """URN of the one school that follows this one."""
    former: tuple[FormerUrn, ...] = ()
    """By URN, ascending."""
    has_people: bool = field(default=False, compare=False)
    """It has had a roll imported. Asked only for schools that are proposed to open."""

    @property
    def figure(self) -> OfficialFigure | None:
        """How many children the newest official list has, or None if no list says."""
        if self.roll_expected is None:
            return None
        return OfficialFigure(self.roll_expected, self.roll_expected_on, self.roll_source)

    def with_figure(self, figure: OfficialFigure | None) -> SchoolRecord:
        """The school with this figure."""
        if figure is None:
            return replace(self, roll_expected=None, roll_expected_on=None, roll_source="")
        return replace(
            self, roll_expected=figure.children, roll_expected_on=figure.as_of, roll_source=figure.source
        )

    @property
    def is_on_roll(self) -> bool:
        """It has children today."""
        return self.status in ON_ROLL


@dataclass(frozen=True, slots=True)
class SchoolChange:
    """One school before (None: new) and after."""

    before: SchoolRecord | None
    after: SchoolRecord
    stands_in: bool = False
    """An entry made for a school that was about to open takes the closed predecessor's URN. Nobody needs to be told."""


@dataclass(frozen=True, slots=True)
class Succession:
    """Schools that close, and those that follow them. One of each is a conversion."""

    closing: tuple[int, ...]
    following: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatusDoubt:
    """A school with a status code and words in the national list that disagree."""

    urn: int
    name: str
    says: str
    """ "the code says closed, the words say open"."""
    kept_as: str
    """The status that it has here now."""


@dataclass(slots=True)
class SchoolChanges:
    """What a list would change. Schools are public, so names may be shown."""

    changes: list[SchoolChange] = field(default_factory=list)
    converted: list[Succession] = field(default_factory=list)
    """The school continues under its successor's URN."""
    followed: list[Succession] = field(default_factory=list)
    """Closed, and followed by separate schools: a merger, a split, or a school that had already begun."""
    perhaps_converted: list[Succession] = field(default_factory=list)
    """The same DfE number closes and opens and no link says more, or a link says that one follows the other but in the
    file it is not closed. What would open or close is not changed."""
    contradicted: list[Succession] = field(default_factory=list)
    """Converted here, and still open under the old URN in the file: the file is older, or one of the two was wrong. Not
    changed."""
    missing: list[SchoolRecord] = field(default_factory=list)
    """Known, in one of the file's areas, but not in the file. That never closes a school."""
    phone_differs: list[SchoolRecord] = field(default_factory=list)
    """The file has a different number from the one that somebody checked. The checked one stays."""
    status_doubts: list[StatusDoubt] = field(default_factory=list)
    """Kept: a known school as it is, and a new one with the status of the two that has children."""
    unchanged: int = 0
    set_aside: list[SetAside] = field(default_factory=list)

    @property
    def opened(self) -> list[SchoolRecord]:
        """New schools with children today."""
        return [one.after for one in self._new() if one.after.is_on_roll]

    @property
    def proposed(self) -> list[SchoolRecord]:
        """New schools that are about to open. They are not counted yet."""
        return [one.after for one in self._new() if not one.after.is_on_roll]

    @property
    def begun(self) -> list[SchoolRecord]:
        """Known schools that were about to open and now have."""
        return [new for old, new in self._known() if old.status == "proposed to open" and new.is_on_roll]

    @property
    def closed(self) -> list[SchoolRecord]:
        """Known schools that are closed now."""
        return [new for old, new in self._known() if old.status != "closed" and new.status == "closed"]

    @property
    def reopened(self) -> list[SchoolRecord]:
        """Known schools that were closed and are not."""
        return [new for old, new in self._known() if old.status == "closed" and new.status != "closed"]

    @property
    def closing(self) -> list[SchoolRecord]:
        """Schools that are proposed to close and were not known as such. They have children until then."""
        status = "proposed to close"
        new = [one.after for one in self._new() if one.after.status == status]
        return [*new, *(new for old, new in self._known() if old.status != status and new.status == status)]

    @property
    def renamed(self) -> list[tuple[SchoolRecord, SchoolRecord]]:
        """Known schools with another name, before and after, without conversions."""
        return [(old, new) for old, new in self._known() if old.name != new.name]

    @property
    def changed(self) -> int:
        """Known schools with another change: phase, kind, roll, phone, or what the partnership set."""
        return sum(_core(old) != _core(new) for old, new in self._known())

    @property
    def mailboxes(self) -> dict[int, str]:
        """By URN, what the list has for schools that have another mailbox or none. Two people agree to it first."""
        return {
            one.after.urn: one.after.mailbox
            for one in self.changes
            if one.after.mailbox and (one.before is None or one.before.mailbox != one.after.mailbox)
        }

    def _new(self) -> Iterator[SchoolChange]:
        return (one for one in self.changes if one.before is None)

    def _known(self) -> Iterator[tuple[SchoolRecord, SchoolRecord]]:
        """Before and after of schools that keep their URN."""
        for one in self.changes:
            if one.before is not None and not one.stands_in and one.before.urn == one.after.urn:
                yield one.before, one.after


def _core(school: SchoolRecord) -> tuple[object, ...]:
    """Everything that `changed` counts: what is not reported under another heading."""
    return (
        *(school.kind, school.phase, school.type_code, school.la_code, school.dfe_number, school.opened_on),
        *(school.roll_expected, school.phone, school.phone_checked_at, school.phone_checked_by, school.sends),
        *(school.lead_role, school.keep_days, dict(school.channel_policy)),
    )


def after(known: list[SchoolRecord], changes: SchoolChanges) -> list[SchoolRecord]:
    """The schools as they are after the changes, by URN."""
    gone = {one.before.urn for one in changes.changes if one.before is not None}
    kept = [school for school in known if school.urn not in gone]
    return sorted([*kept, *(one.after for one in changes.changes)], key=lambda school: school.urn)
