"""A school's lead changes what is theirs to set."""

from __future__ import annotations

from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.schools.own_settings import RUNG, OwnSettings, Typed, changed, what_changed
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import School

_COLUMNS = ("lead_role", "phone", "phone_checked_at", "phone_checked_by", "keep_days", "channel_policy")


class SettingsChanged(EveryfamilyError):
    """Somebody changed the school's settings after the person was shown them."""

    code = "EF565"


def own_settings(school_id: int) -> OwnSettings:
    """What the school has set. Raises SchoolNotYours."""
    with tenant(school_id):
        return _settings(School.objects.get(pk=school_id))


def update_school(school_id: int, typed: Typed, *, seen: str, by: Actor, now: datetime) -> list[str]:
    """Change them, and say what changed, in words. Nothing is written if nothing differs.

    `seen` is the `mark` of the settings when the person was shown them. Raises SettingsChanged, SettingNotGood and
    PolicyNotGood, and then nothing changed.
    """
    with tenant(school_id):
        row = School.objects.select_for_update(no_key=True).get(pk=school_id)
        before = _settings(row)
        after = changed(before, typed, by=by.text, now=now)
        said = what_changed(before, after)
        if before.mark != seen:
            # The same form once more: nothing of it is left to do.
            if not {*said} - {RUNG}:
                return []
            raise SettingsChanged(
                "Somebody changed these settings while this page was open.",
                "Nothing of yours was saved. Look at what they are now, and save again.",
            )
        if said:
            for name in _COLUMNS:
                setattr(row, name, getattr(after, name))
            row.save(update_fields=_COLUMNS)
            record_event(
                action="change school",
                by=by,
                subject_type="school",
                subject_id=school_id,
                now=now,
                school_id=school_id,
                detail={"changed": ", ".join(said)},
            )
        return said


def _settings(row: School) -> OwnSettings:
    return OwnSettings(**{name: getattr(row, name) for name in _COLUMNS})
