"""A roll goes in: pupils, parents, their links and contact points, in one transaction.

A file is a change set. Children of the roll who are missing from the file are counted as *proposed* to have left
and stay; adults who no longer stand beside a child of the file are counted and held; restrictions only move towards
"do not send"; a contact point that died stays dead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.audit.actions import record_event
from everyfamily.core.roll import Roll, RollRow, SetAside
from everyfamily.core.same_adult import Adult, adults_of
from everyfamily.core.vault import Vault
from everyfamily.people.actions.known_adults import KnownAdults
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
    """Children, adults and links that were known and are different now."""
    restrictions_unknown: int
    adults_missing: int
    """Adults whose child is in the file and who no longer stand beside it: held for that child."""


def commit_roll(school_id: int, roll: Roll, *, file_digest: str, by: str, now: datetime) -> ImportReport:
    """Write a roll that was read to the database; all of it or nothing."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        writer = _Writer(school_id, vault, now)
        adults = adults_of(roll.rows)
        pupils = writer.pupils(roll.rows)
        known = KnownAdults(school_id, vault, adults, pupils)
        parents = writer.parents(adults, known)
        writer.cares(adults, parents, pupils, known)
        writer.contact_points(adults, parents, known)
        adults_missing = known.hold_missing(adults)
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
            adults_missing=adults_missing,
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
        known = {bytes(pupil.id_hash): pupil for pupil in Pupil.objects.filter(school_id=self._school)}
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
        moved, returned = [], []
        for pupil_id, row in wanted.items():
            pupil = known.get(hashes[pupil_id])
            if pupil is None:
                continue
            ids[pupil_id] = pupil.pk
            if pupil.on_roll_to is not None:
                pupil.on_roll_to = None
                returned.append(pupil)
            if (pupil.year_group, pupil.class_name) != (row.year_group, row.class_name):
                pupil.year_group, pupil.class_name = row.year_group, row.class_name
                moved.append(pupil)
        Pupil.objects.bulk_update(moved, ["year_group", "class_name"], batch_size=1000)
        Pupil.objects.bulk_update(returned, ["on_roll_to"], batch_size=1000)
        self.joined = len(new) + len(returned)
        self.changed += len(moved)
        missing = known.keys() - set(hashes.values())
        self.left_proposed = sum(known[pupil].on_roll_to is None for pupil in missing)
        return ids

    def parents(self, adults: Sequence[Adult], known: KnownAdults) -> dict[str, int]:
        """Parent ids by identity."""
        new = [adult for adult in adults if adult.identity not in known.own]
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
                    self._vault.blind_index("parent", adult.identity),
                    self._vault.encrypt("parent", ids[adult.identity], adult.name),
                    adult.language,
                    adult.format or "standard",
                    adult.wishes,
                    self._now if known.objects(adult) else None,
                    "roll" if known.objects(adult) else None,
                )
                for adult in new
            ),
        )
        objecting = {parent for adult in adults if known.objects(adult) for parent in known.same[adult.identity]}
        if objecting:
            Parent.objects.filter(school_id=self._school, id__in=objecting, objects_at=None).update(
                objects_at=self._now, objects_by="roll"
            )
        self.changed += known.update_parents(adults)
        return ids | known.own

    def cares(
        self, adults: Sequence[Adult], parents: dict[str, int], pupils: dict[str, int], known: KnownAdults
    ) -> None:
        """Links between adults and children; a link keeps the strictest restriction that was ever given."""
        new = [
            self._care(parents[adult.identity], pupils[pupil_id], row, known.restriction(adult, pupil_id))
            for adult in adults
            for pupil_id, row in adult.cares.items()
            if (parents[adult.identity], pupils[pupil_id]) not in known.links
        ]
        insert_rows(Care._meta.db_table, _CARE, new)
        self.changed += known.update_links(adults)

    def _care(self, parent: int, pupil: int, row: RollRow, restriction: str) -> tuple[object, ...]:
        return (
            self._school,
            parent,
            pupil,
            row.relationship,
            row.parental_responsibility,
            row.has_care,
            row.priority,
            restriction,
        )

    def contact_points(self, adults: Sequence[Adult], parents: dict[str, int], known: KnownAdults) -> None:
        """Contact values of each adult; a value that is known, even a dead one, is left as it is."""
        new = []
        for adult in adults:
            parent = parents[adult.identity]
            for channel, value in adult.contacts:
                value_hash = self._vault.blind_index(channel, value)
                if not known.has_contact(parent, channel, value_hash):
                    status = known.contact_status(adult, channel, value_hash)
                    new.append((parent, channel, value, value_hash, *status))
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
                    status,
                    reason,
                )
                for row_id, (parent, channel, value, value_hash, status, reason) in zip(ids, new, strict=True)
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
