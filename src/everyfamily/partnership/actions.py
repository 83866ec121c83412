"""Writes: settings are proposed and put in force, or given up. A change of who signs, who may be invited, or what
families ring takes two people (core/partnership/second_person.py). `watch` says whether families see anything yet, and
whom to tell."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.second_person import (
    MAIL_DOMAINS,
    Change,
    Watch,
    changes_for_two,
    needs_two,
    owners_to_tell,
    refuse_moved_lines,
)
from everyfamily.core.partnership.versions import PartnershipFiles, partnership_of
from everyfamily.partnership.models import Proposal, Version
from everyfamily.partnership.queries import files_of, in_force, newest_version
from everyfamily.work.actions.telling import tell


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
    """A change that takes two people, put in force by the person who asked for it."""

    code = "EF431"


class NotTried(EveryfamilyError):
    """Somebody agreed to a new number, or a new address, without ringing or opening it."""

    code = "EF434"


def propose(files: PartnershipFiles, partnership: Partnership, by: Actor, now: datetime, *, watch: Watch) -> int:
    """Ask for these settings; the proposal's id. Raises NothingChanged, ProposalWaits and NumberNotOfThisLine."""
    with transaction.atomic():
        _one_at_a_time()
        needs_second = _takes_two(files, partnership, watch=watch)
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
        if needs_second:
            _tell("asked for", _changes(partnership), partnership, watch, by, now)
    return row.pk


def put_in_force(
    proposal_id: int, by: Actor, now: datetime, *, watch: Watch, tried: Collection[str] = ()
) -> tuple[Change, ...]:
    """Make a proposal the settings that count; what `by` agreed to as the second person, and tried.

    `tried` has `what` of each change that `by` rang or opened and found right. Raises ProposalOver, SettingsMovedOn,
    SecondPersonNeeded, NotTried and NumberNotOfThisLine.
    """
    with transaction.atomic():
        _one_at_a_time()
        row = _open(proposal_id)
        if row.base_id != newest_version():
            raise SettingsMovedOn(
                "Other settings came into force after this was asked for.",
                "Cancel it, and give the new file again.",
            )
        files = files_of(row)
        partnership = partnership_of(files)
        # A letter may have been sealed since it was asked for.
        takes_two = _takes_two(files, partnership, watch=watch) or row.needs_second
        if takes_two and (by.account is None or by.account == row.asked_account):
            raise SecondPersonNeeded(
                "This changes who signs, who may be invited, or what families ring, so somebody else must put it in "
                "force.",
                "Ask a colleague who may change the settings.",
            )
        agreed = _changes(partnership) if takes_two else ()
        if any(one.is_to_be_tried and one.what not in tried for one in agreed):
            raise NotTried(
                "You have not tried each new number and address.",
                "Ring each number and open each address, and tick those that are right.",
            )
        if takes_two:
            _tell("agreed to", agreed, partnership, watch, by, now)
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
    return agreed


def change(
    files: PartnershipFiles,
    partnership: Partnership,
    *,
    base: int | None,
    by: Actor,
    now: datetime,
    watch: Watch,
) -> int | None:
    """Put settings in force that somebody made from the version `base` on a page, all in one. If that takes two people,
    they wait: the proposal's id.

    Raises SettingsMovedOn if others came into force meanwhile, ProposalWaits, NothingChanged and NumberNotOfThisLine.
    """
    with transaction.atomic():
        proposal = propose(files, partnership, by, now, watch=watch)
        if newest_version() != base:
            raise SettingsMovedOn(
                "Other settings came into force while your page was open.", "Look at them, and try again."
            )
        if Proposal.objects.values_list("needs_second", flat=True).get(pk=proposal):
            return proposal
        put_in_force(proposal, by, now, watch=watch)
    return None


def give_up(proposal_id: int, by: Actor, now: datetime) -> None:
    """End a proposal without a change. Raises ProposalOver."""
    with transaction.atomic():
        _one_at_a_time()
        _end(_open(proposal_id), by, now)
        _record("give up settings", by, "proposal", proposal_id, now)


def import_settings(
    files: PartnershipFiles,
    partnership: Partnership,
    by: Actor,
    agreed_by: Actor | None,
    now: datetime,
    *,
    watch: Watch,
) -> int:
    """Put settings in force from the machine itself; the version's id. Raises NothingChanged, NumberNotOfThisLine, and
    SecondPersonNeeded for a change that takes two people and has one name."""
    with transaction.atomic():
        _one_at_a_time()
        takes_two = _takes_two(files, partnership, watch=watch)
        needs_second = takes_two and (watch.families_see or newest_version() is not None)
        named = {one.text.casefold() for one in (by, agreed_by) if one is not None}
        if needs_second and len(named) < 2:
            raise SecondPersonNeeded(
                "This changes who signs, who may be invited, or what families ring, so somebody else must agree to it.",
                "Name who agreed to it.",
            )
        if needs_second:
            _tell("put in force", _changes(partnership), partnership, watch, by, now)
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


def _takes_two(files: PartnershipFiles, partnership: Partnership, *, watch: Watch) -> bool:
    """Whether a second person must agree. Raises NothingChanged and NumberNotOfThisLine."""
    try:
        now = in_force()
    except EveryfamilyError:
        # What is in force cannot be read by this program any more, so nobody can say that all of it stays.
        return True
    if now is not None and now.version is not None and now.files.digest == files.digest:
        raise NothingChanged("These are the settings that are in force.", "Give the file that you changed.")
    before = now.partnership if now is not None else None
    refuse_moved_lines(before, partnership)
    return needs_two(before, partnership, families_see=watch.families_see)


def _changes(partnership: Partnership) -> tuple[Change, ...]:
    try:
        now = in_force()
    except EveryfamilyError:
        return ()
    return () if now is None else changes_for_two(now.partnership, partnership)


def _tell(
    what: str, changes: Collection[Change], partnership: Partnership, watch: Watch, by: Actor, now: datetime
) -> None:
    """Say at once to every coordinator and signatory, and to the owners of the lines, what families would ring."""
    if not changes or not watch.families_see:
        return
    before = None
    with suppress(EveryfamilyError):
        before = in_force()
    owners = owners_to_tell(before.partnership if before else None, partnership, changes)
    said = [f"{one.what}: {one.after or 'taken out'}, instead of {one.before or 'nothing'}." for one in changes]
    end = {
        "asked for": "Nothing changes before a second person has looked at it and agreed.",
        "agreed to": "It is in force, and the parent site follows within a minute or two.",
        "put in force": "It is in force, by two names at the machine itself.",
    }[what]
    of_families = any(one.key != MAIL_DOMAINS for one in changes)
    stop = (
        "If it is wrong, sign in and say that the line is dead: that takes the number out at once."
        if of_families
        else "If it is wrong, sign in and look at the settings."
    )
    tell(
        to=[*watch.tell, *owners],
        about=f"numbers.{what.replace(' ', '-')}",
        subject=f"A change of {'what families ring' if of_families else 'who may be invited'} was {what}",
        lines=[f"By {by.text}:", *said, end, stop],
        by=by,
        now=now,
    )


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
