"""Writes: settings are proposed and put in force, or given up. A change of who signs takes two people."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.versions import PartnershipFiles, who_signs
from everyfamily.partnership.models import Proposal, Version
from everyfamily.partnership.queries import in_force, newest_version


class NothingChanged(EveryfamilyError):
    """The settings are the same as those in force."""

    code = "EF427"


class ProposalWaits(EveryfamilyError):
    """Somebody has asked for a change already, and it is not decided."""

    code = "EF428"


class ProposalOver(EveryfamilyError):
    """The proposal was put in force or given up."""

    code = "EF429"


class SettingsMovedOn(EveryfamilyError):
    """Other settings came into force after this was asked for."""

    code = "EF430"


class SecondPersonNeeded(EveryfamilyError):
    """A change of who signs, put in force by whoever asked for it."""

    code = "EF431"


def propose(files: PartnershipFiles, partnership: Partnership, by: Actor, now: datetime) -> int:
    """Ask for these settings; the proposal's id. Raises NothingChanged and ProposalWaits."""
    with transaction.atomic():
        _one_at_a_time()
        needs_second = _changes_who_signs(files, partnership)
        if Proposal.objects.filter(ended_at=None, base_id=newest_version()).exists():
            raise ProposalWaits(
                "Somebody has asked for a change already.", "Put it in force or cancel it, and ask again."
            )
        row = Proposal.objects.create(
            base_id=newest_version(),
            needs_second=needs_second,
            asked_at=now,
            asked_by=by.text,
            asked_account=by.account,
            **_columns(files),
        )
        _record("propose settings", by, "proposal", row.pk, now, digest=files.digest[:12], second=needs_second)
    return row.pk


def put_in_force(proposal_id: int, by: Actor, now: datetime) -> int:
    """Make a proposal the settings that count; the version's id. Raises ProposalOver, SettingsMovedOn and
    SecondPersonNeeded."""
    with transaction.atomic():
        _one_at_a_time()
        row = _open(proposal_id)
        if row.base_id != newest_version():
            raise SettingsMovedOn(
                "Other settings came into force after this was asked for.",
                "Cancel it, and give the new file again.",
            )
        if row.needs_second and (by.account is None or by.account == row.asked_account):
            raise SecondPersonNeeded(
                "This changes who signs, so somebody else must put it in force.",
                "Ask a colleague who may change the settings.",
            )
        is_same = by.account is not None and by.account == row.asked_account
        version = Version.objects.create(
            previous_id=row.base_id,
            at=now,
            by=by.text,
            account=by.account,
            asked_by="" if is_same else row.asked_by,
            asked_account=None if is_same else row.asked_account,
            file=row.file,
            text=row.text,
            drawings=row.drawings,
            digest=row.digest,
        )
        row.version = version
        _end(row, by, now)
        _record("put settings in force", by, "settings", version.pk, now, digest=row.digest[:12], proposal=row.pk)
    return version.pk


def change_at_once(
    files: PartnershipFiles, partnership: Partnership, *, base: int | None, by: Actor, now: datetime
) -> int:
    """Put settings in force that somebody made from the version `base` on a page, all in one; the version's id.

    Raises SettingsMovedOn if others came into force meanwhile, ProposalWaits, NothingChanged, and SecondPersonNeeded
    for a change of who signs.
    """
    with transaction.atomic():
        proposal = propose(files, partnership, by, now)
        if newest_version() != base:
            raise SettingsMovedOn(
                "Other settings came into force while your page was open.", "Look at them, and try again."
            )
        return put_in_force(proposal, by, now)


def give_up(proposal_id: int, by: Actor, now: datetime) -> None:
    """End a proposal without a change. Raises ProposalOver."""
    with transaction.atomic():
        _one_at_a_time()
        _end(_open(proposal_id), by, now)
        _record("give up settings", by, "proposal", proposal_id, now)


def import_settings(
    files: PartnershipFiles, partnership: Partnership, by: Actor, agreed_by: Actor | None, now: datetime
) -> int:
    """Put settings in force from the machine itself; the version's id. Raises NothingChanged, and SecondPersonNeeded
    for a change of who signs that only one person is named for."""
    with transaction.atomic():
        _one_at_a_time()
        needs_second = _changes_who_signs(files, partnership) and newest_version() is not None
        named = {one.text.casefold() for one in (by, agreed_by) if one is not None}
        if needs_second and len(named) < 2:
            raise SecondPersonNeeded(
                "This changes who signs, so somebody else must agree to it.", "Name who agreed to it."
            )
        row = Version.objects.create(
            previous_id=newest_version(),
            at=now,
            by=(agreed_by or by).text,
            asked_by=by.text if agreed_by else "",
            **_columns(files),
        )
        _record("import settings", by, "settings", row.pk, now, digest=files.digest[:12])
        if agreed_by is not None:
            _record("agree to settings", agreed_by, "settings", row.pk, now, digest=files.digest[:12])
    return row.pk


def _changes_who_signs(files: PartnershipFiles, partnership: Partnership) -> bool:
    """Whether who signs differs from what is in force. Raises NothingChanged."""
    try:
        now = in_force()
    except EveryfamilyError:
        # What is in force cannot be read by this program any more, so nobody can say that who signs stays.
        return True
    if now is not None and now.version is not None and now.files.digest == files.digest:
        raise NothingChanged("These are the settings that are in force.", "Give the file that you changed.")
    return now is None or who_signs(now.partnership) != who_signs(partnership)


def _open(proposal_id: int) -> Proposal:
    row = Proposal.objects.filter(pk=proposal_id, ended_at=None).first()
    if row is None:
        raise ProposalOver("This change was put in force or given up.", "Look at the settings again.")
    return row


def _end(row: Proposal, by: Actor, now: datetime) -> None:
    row.ended_at, row.ended_by, row.ended_account = now, by.text, by.account
    row.save(update_fields=["ended_at", "ended_by", "ended_account", "version"])


def _columns(files: PartnershipFiles) -> dict[str, object]:
    return {
        "file": files.file[:80],
        "text": files.text,
        "drawings": [list(pair) for pair in files.drawings],
        "digest": files.digest,
    }


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('everyfamily settings', 0))")


def _record(action: str, by: Actor, kind: str, subject: int, now: datetime, **detail: object) -> None:
    record_event(action=action, by=by, subject_type=kind, subject_id=subject, now=now, detail=detail)
