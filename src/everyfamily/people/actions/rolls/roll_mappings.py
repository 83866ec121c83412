"""What each heading of a school's own export means: saved once, and used for every later file."""

from __future__ import annotations

from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import RollMapping


def saved_mapping(school_id: int) -> ColumnMapping | None:
    """The school's own mapping, if it has saved one."""
    with tenant(school_id):
        columns = RollMapping.objects.filter(school_id=school_id).values_list("columns", flat=True).first()
    return ColumnMapping.from_json(columns) if columns is not None else None


def keep_mapping(school_id: int, mapping: ColumnMapping, *, by: Actor, now: datetime) -> None:
    """Keep a mapping for the school's later files. The newest counts."""
    with tenant(school_id):
        RollMapping.objects.update_or_create(
            school_id=school_id,
            defaults={"columns": mapping.to_json(), "saved_at": now, "saved_by": by.text},
        )
        record_event(
            action="save mapping",
            by=by,
            subject_type="school",
            subject_id=school_id,
            now=now,
            school_id=school_id,
            detail={"headings": len(mapping.entries)},
        )
