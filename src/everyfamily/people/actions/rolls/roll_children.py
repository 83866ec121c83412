"""Children of a file: who joined, who came back, who changed class, and who is no longer in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.calendar.year_groups import year_of
from everyfamily.core.keys.vault import Vault
from everyfamily.core.rolls.model.roll_rows import Roll, RollRow
from everyfamily.people.database.bulk import fetch_rows, insert_rows, take_ids, update_rows
from everyfamily.people.models import Pupil


@dataclass(frozen=True, slots=True)
class _Known:
    """A child as stored."""

    id: int
    has_id: bool
    group: tuple[str, str]
    on_roll: bool
    leaving_proposed: bool
    died: bool


class Children:
    """A school's children and those of a file. Nothing is written before `write` is called."""

    def __init__(self, school_id: int, vault: Vault, rows: Iterable[RollRow]) -> None:
        self._school = school_id
        self._vault = vault
        self._wanted = {row.pupil_id: row for row in rows}
        self._hashes = {pupil_id: vault.blind_index("pupil", pupil_id) for pupil_id in self._wanted}
        self._known = {
            id_hash: _Known(row_id, has_id, (year_group, class_name), *rest)
            for id_hash, row_id, has_id, year_group, class_name, *rest in fetch_rows(
                "SELECT id_hash, id, id_encrypted IS NOT NULL, year_group, class_name, on_roll_to IS NULL, "
                "leaving_proposed_at IS NOT NULL, died_known_at IS NOT NULL FROM people_pupil WHERE school_id = %s",
                [school_id],
            )
        }
        self.ids = {
            pupil_id: child.id
            for pupil_id, id_hash in self._hashes.items()
            if (child := self._known.get(id_hash)) is not None
        }
        """Row ids by the school's own id: of known children, and of all once they are written."""
        self.joined = self.moved = self.refilled = self.left_proposed = 0
        self.who_joined: list[str] = []
        self.who_moved: list[str] = []
        """The school's own ids."""
        self.missing: list[int] = []
        """Row ids of children on the roll who are not in the file."""

    def __len__(self) -> int:
        return len(self._wanted)

    @property
    def on_roll(self) -> int:
        """Children on the roll before the file."""
        return sum(child.on_roll for child in self._known.values())

    def matching(self) -> list[int]:
        """Row ids of the children of the file who are on the roll before it."""
        return [child.id for child, _ in self._matching()]

    def years(self) -> tuple[int, int]:
        """Of these, those whose year both say, and how many are in a lower one in the file."""
        years = [(year_of(child.group[0]), year_of(row.year_group)) for child, row in self._matching()]
        both = [(before, now) for before, now in years if before is not None and now is not None]
        return len(both), sum(now < before for before, now in both)

    def _matching(self) -> Iterator[tuple[_Known, RollRow]]:
        for pupil_id, row in self._wanted.items():
            child = self._known.get(self._hashes[pupil_id])
            if child is not None and child.on_roll:
                yield child, row

    def group_of(self, pupil_id: str) -> tuple[str, str]:
        """Year and class of a child of the file."""
        return _group(self._wanted[pupil_id])

    def group_before(self, pupil_id: str) -> tuple[str, str]:
        """The same on the roll before the file."""
        return self._known[self._hashes[pupil_id]].group

    def write(self, roll: Roll, now: datetime) -> None:
        """Bring the school's children up to date with the file."""
        self._join(now)
        self._follow(now)
        if roll.whole:
            self._propose_leavers(now)

    def _join(self, now: datetime) -> None:
        new = [pupil_id for pupil_id, id_hash in self._hashes.items() if id_hash not in self._known]
        self.ids |= zip(new, take_ids(Pupil, len(new)), strict=True)
        self.who_joined += new
        today = now.date()
        self.joined = insert_rows(
            Pupil,
            ("id", "school_id", "id_hash", "id_encrypted", "year_group", "class_name", "on_roll_from"),
            (
                (
                    self.ids[pupil_id],
                    self._school,
                    self._hashes[pupil_id],
                    self._vault.encrypt("pupil", self.ids[pupil_id], pupil_id),
                    *_group(self._wanted[pupil_id]),
                    today,
                )
                for pupil_id in new
            ),
        )

    def _follow(self, now: datetime) -> None:
        today = now.date()
        changed, emptied, back = [], [], []
        for pupil_id, row in self._wanted.items():
            child = self._known.get(self._hashes[pupil_id])
            if child is None:
                continue
            group = _group(row)
            self.joined += not child.on_roll
            self.moved += child.group != group
            if not child.on_roll:
                self.who_joined.append(pupil_id)
                back.append((self._school, child.id, today))
            elif child.group != group:
                self.who_moved.append(pupil_id)
            if child.group != group or not child.on_roll or child.leaving_proposed:
                changed.append((self._school, child.id, *group, None, None))
            if not child.has_id:
                emptied.append((self._school, child.id, self._vault.encrypt("pupil", child.id, pupil_id)))
        columns = ("year_group", "class_name", "on_roll_to", "leaving_proposed_at")
        update_rows(Pupil, columns, changed)
        # Back from elsewhere, and as new as anybody who joins: letters went out meanwhile.
        update_rows(Pupil, ("on_roll_from",), back)
        self.refilled = update_rows(Pupil, ("id_encrypted",), emptied)

    def _propose_leavers(self, now: datetime) -> None:
        in_file = set(self._hashes.values())
        missing = [
            child
            for id_hash, child in self._known.items()
            if id_hash not in in_file and child.on_roll and not child.died
        ]
        update_rows(
            Pupil,
            ("leaving_proposed_at",),
            ((self._school, child.id, now) for child in missing if not child.leaving_proposed),
        )
        self.left_proposed = len(missing)
        self.missing = [child.id for child in missing]


def _group(row: RollRow) -> tuple[str, str]:
    return row.year_group, row.class_name
