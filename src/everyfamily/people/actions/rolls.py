"""A roll goes in: pupils, parents, their links and contact points, in one transaction.

A file is a change set. Children of the roll who are missing from the file are counted as *proposed* to have left
and stay; restrictions only move towards "do not send"; a contact point that died stays dead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.audit.actions import record_event
from everyfamily.core.roll import Roll, RollRow, SetAside
from everyfamily.core.same_adult import Adult, adults_of, strictness
from everyfamily.core.vault import Vault
from everyfamily.people.bulk import insert_rows
from everyfamily.people.keys import open_vault
from everyfamily.people.models import Care, ContactPoint, Parent, Pupil, RollImport
from everyfamily.people.tenancy import tenant


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a file did to a roll. `set_aside` holds the sheet's row numbers, codes and sentences, no values."""

    format: str
    rows: int
    accepted: int
    set_aside: tuple[SetAside, ...]
    children: int
    adults: int
    joined: int
    left_proposed: int
    changed: int
    restrictions_unknown: int


def commit_roll(school_id: int, roll: Roll, *, file_digest: str, by: str, now: datetime) -> ImportReport:
    """Write a roll that was read to the database; all of it or nothing."""
    with tenant(school_id):
        writer = _Writer(school_id, open_vault(school_id, now=now), now)
        adults = adults_of(roll.rows)
        pupils = writer.pupils(roll.rows)
        parents = writer.parents(adults)
        writer.cares(adults, parents, pupils)
        writer.contact_points(adults, parents)
        whole_rows = sum(problem.whole_row for problem in roll.set_aside)
        report = ImportReport(
            format="everyfamily template, CSV",
            rows=roll.read,
            accepted=roll.read - whole_rows,
            set_aside=tuple(roll.set_aside),
            children=len(pupils),
            adults=len(adults),
            joined=writer.joined,
            left_proposed=writer.left_proposed,
            changed=writer.changed,
            restrictions_unknown=sum(
                care.restriction == "unknown" for adult in adults for care in adult.cares.values()
            ),
        )
        _record(school_id, report, file_digest=file_digest, by=by, now=now)
        return report


def _record(school_id: int, report: ImportReport, *, file_digest: str, by: str, now: datetime) -> None:
    RollImport.objects.create(
        school_id=school_id,
        file_digest=file_digest,
        format=report.format,
        rows=report.rows,
        accepted=report.accepted,
        set_aside=[[problem.row, problem.code] for problem in report.set_aside],
        imported_at=now,
        imported_by=by,
    )
    record_event(
        action="import roll",
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail={"rows": report.rows, "accepted": report.accepted, "file": file_digest[:12]},
    )


_CARE = (
    *("school_id", "parent_id", "pupil_id", "relationship", "parental_responsibility", "has_care"),
    *("priority", "restriction"),
)


class _Writer:
    """Writes one school's rows in bulk. Ids are taken first, because a ciphertext is tied to its row's id."""

    def __init__(self, school_id: int, vault: Vault, now: datetime) -> None:
        self._school = school_id
        self._vault = vault
        self._now = now
        self.joined = 0
        self.left_proposed = 0
        self.changed = 0

    def pupils(self, rows: Iterable[RollRow]) -> dict[str, int]:
        """Pupil ids by the school's own id."""
        wanted = {row.pupil_id: row for row in rows}
        hashes = {pupil_id: self._vault.blind_index("pupil", pupil_id) for pupil_id in wanted}
        known = {
            bytes(pupil.id_hash): pupil for pupil in Pupil.objects.filter(school_id=self._school, on_roll_to=None)
        }
        new = [pupil_id for pupil_id in wanted if hashes[pupil_id] not in known]
        ids = dict(zip(new, _take_ids(Pupil._meta.db_table, len(new)), strict=True))
        today = self._now.date()
        insert_rows(
            Pupil._meta.db_table,
            ("id", "school_id", "id_hash", "id_encrypted", "year_group", "class_name", "on_roll_from"),
            (
                (
                    ids[pupil_id],
                    self._school,
                    hashes[pupil_id],
                    self._vault.encrypt("pupil", ids[pupil_id], pupil_id),
                    wanted[pupil_id].year_group,
                    wanted[pupil_id].class_name,
                    today,
                )
                for pupil_id in new
            ),
        )
        moved = []
        for pupil_id, row in wanted.items():
            pupil = known.get(hashes[pupil_id])
            if pupil is None:
                continue
            ids[pupil_id] = pupil.pk
            if (pupil.year_group, pupil.class_name) != (row.year_group, row.class_name):
                pupil.year_group, pupil.class_name = row.year_group, row.class_name
                moved.append(pupil)
        Pupil.objects.bulk_update(moved, ["year_group", "class_name"], batch_size=1000)
        self.joined = len(new)
        self.changed += len(moved)
        self.left_proposed = len(known.keys() - set(hashes.values()))
        return ids

    def parents(self, adults: Sequence[Adult]) -> dict[str, int]:
        """Parent ids by identity."""
        hashes = {adult.identity: self._vault.blind_index("parent", adult.identity) for adult in adults}
        known = dict(Parent.objects.filter(school_id=self._school).values_list("identity_hash", "id"))
        known = {bytes(identity): parent_id for identity, parent_id in known.items()}
        new = [adult for adult in adults if hashes[adult.identity] not in known]
        ids = dict(
            zip((adult.identity for adult in new), _take_ids(Parent._meta.db_table, len(new)), strict=True)
        )
        insert_rows(
            Parent._meta.db_table,
            (
                *("id", "school_id", "identity_hash", "name", "language", "format", "prefers"),
                *("objects_at", "objects_by"),
            ),
            (
                (
                    ids[adult.identity],
                    self._school,
                    hashes[adult.identity],
                    self._vault.encrypt("parent", ids[adult.identity], adult.name),
                    adult.language,
                    adult.format,
                    adult.wishes,
                    self._now if adult.objects else None,
                    "roll" if adult.objects else None,
                )
                for adult in new
            ),
        )
        objecting = [
            known[hashes[adult.identity]] for adult in adults if adult.objects and hashes[adult.identity] in known
        ]
        if objecting:
            Parent.objects.filter(school_id=self._school, id__in=objecting, objects_at=None).update(
                objects_at=self._now, objects_by="roll"
            )
        return ids | {
            adult.identity: known[hashes[adult.identity]] for adult in adults if hashes[adult.identity] in known
        }

    def cares(self, adults: Sequence[Adult], parents: dict[str, int], pupils: dict[str, int]) -> None:
        """Links between adults and children; a known link keeps the stricter restriction."""
        known = {(care.parent_id, care.pupil_id): care for care in Care.objects.filter(school_id=self._school)}
        new: list[tuple[object, ...]] = []
        stricter: list[Care] = []
        for adult in adults:
            for pupil_id, row in adult.cares.items():
                care = known.get((parents[adult.identity], pupils[pupil_id]))
                if care is None:
                    new.append(self._care(parents[adult.identity], pupils[pupil_id], row))
                elif strictness(row.restriction) > strictness(care.restriction):
                    care.restriction = row.restriction
                    stricter.append(care)
        insert_rows(Care._meta.db_table, _CARE, new)
        Care.objects.bulk_update(stricter, ["restriction"], batch_size=1000)
        self.changed += len(stricter)

    def _care(self, parent: int, pupil: int, row: RollRow) -> tuple[object, ...]:
        return (
            self._school,
            parent,
            pupil,
            row.relationship,
            row.parental_responsibility,
            row.has_care,
            row.priority,
            row.restriction,
        )

    def contact_points(self, adults: Sequence[Adult], parents: dict[str, int]) -> None:
        """Contact values of each adult; a value that is known, even a dead one, is left as it is."""
        known = {
            (parent, channel, bytes(value_hash))
            for parent, channel, value_hash in ContactPoint.objects.filter(school_id=self._school).values_list(
                "parent_id", "channel", "value_hash"
            )
        }
        new = []
        for adult in adults:
            parent = parents[adult.identity]
            for channel, value in adult.contacts:
                value_hash = self._vault.blind_index(channel, value)
                if (parent, channel, value_hash) not in known:
                    new.append((parent, channel, value, value_hash))
        ids = _take_ids(ContactPoint._meta.db_table, len(new))
        insert_rows(
            ContactPoint._meta.db_table,
            ("id", "school_id", "parent_id", "channel", "value", "value_hash", "status", "status_reason"),
            (
                (
                    row_id,
                    self._school,
                    parent,
                    channel,
                    self._vault.encrypt("contact", row_id, value),
                    value_hash,
                    "usable",
                    "",
                )
                for row_id, (parent, channel, value, value_hash) in zip(ids, new, strict=True)
            ),
        )


def _take_ids(table: str, count: int) -> list[int]:
    """Take `count` ids of a table's sequence in one round trip."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
        )
        return [row[0] for row in cursor.fetchall()]


def digest_of_file(data: bytes) -> str:
    """SHA-256 of the file, in hex: the same file twice can be told."""
    return hashlib.sha256(data).hexdigest()
