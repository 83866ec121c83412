"""An approval comes in, from a page or as a file. It is proven before it is kept, and again before the seal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.approvals import (
    Approval,
    ApprovalNotGood,
    RequiredSignatory,
    check_approval,
    key_of,
)
from everyfamily.core.agreement.seals import required_signatories
from everyfamily.core.agreement.signatory_keys import KeyNotPinned
from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.actions.freezing import overtaken
from everyfamily.letters.actions.open_drafts import locked, note
from everyfamily.letters.draft_queries.agreeing import approvals_of
from everyfamily.letters.draft_queries.drafts import DraftFacts
from everyfamily.letters.draft_queries.frozen import (
    FrozenFacts,
    frozen,
    record_of_frozen,
    settings_moved,
    what_stops,
)
from everyfamily.letters.files.key_lists import keys_that_count
from everyfamily.letters.models import LetterSeen, ReceivedApproval


class NotGoodToday(EveryfamilyError):
    """Something came up since the words were frozen, so nobody may approve or seal them today."""

    code = "EF510"


def receive_approval(frozen_id: int, approval: Approval, *, by: Actor, now: datetime) -> bool:
    """Keep an approval of a frozen version. False if this one is there already.

    Raises ApprovalNotGood for one of other words, by nobody who must approve, with a signature that does not fit, or
    that was given to an earlier version;
    KeyNotPinned, if the settings name a signed list of keys and this key does not count by it; VersionOvertaken;
    NotGoodToday; DraftOver.
    """
    with transaction.atomic():
        facts, version = open_version(frozen_id)
        record = record_of_frozen(frozen_id)
        _require_of(approval, record, version)
        required = required_signatories(record)
        who = check_approval(approval, required)
        _require_counting(approval, who, now)
        require_good_today(frozen_id, now)
        if any(one.approval == approval for one in approvals_of(frozen_id)):
            return False
        _require_new(approval, version)
        ReceivedApproval.objects.create(
            frozen_id=frozen_id,
            signatory=who.id,
            kind=approval.kind,
            json=approval.row(),
            by=by.text,
            account=by.account,
            at=now,
        )
        note(
            "approve letter", facts, by=by, now=now, signatory=who.id, kind=approval.kind, version=version.number
        )
    return True


def _require_new(approval: Approval, version: FrozenFacts) -> None:
    """A change voids an approval for ever, also if the old words come back and have the same digest: somebody who kept
    it as a file cannot bring it in again. The signatory may have thought better of it."""
    earlier = ReceivedApproval.objects.filter(frozen__draft_id=version.draft_id).exclude(frozen_id=version.id)
    if earlier.filter(json=approval.row()).exists():
        raise ApprovalNotGood(
            "This approval was given to an earlier version, and a change has voided it.",
            "Approve the version that is shown now.",
        )


def _require_counting(approval: Approval, who: RequiredSignatory, now: datetime) -> None:
    """Say now what the seal would refuse. The seal does not rely on this."""
    known = keys_that_count(settings.EVERYFAMILY_SIGNATORY_KEYS_FILE, now)
    if known is None:
        return
    if key_of(approval, [key for key in who.keys if key in known.get(who.id, ())]) is None:
        raise KeyNotPinned(
            f"The key with which {who.organisation} approved is not in the signed list of keys.",
            "Ask for the list to be signed again, or approve with another key.",
        )


def open_version(frozen_id: int) -> tuple[DraftFacts, FrozenFacts]:
    """A version that people may speak about, with its draft locked. Raises LookupError, VersionOvertaken, DraftOver."""
    version = frozen(frozen_id)
    if version is None:
        raise LookupError("no such version")
    facts = locked(version.draft_id)
    # Again, because somebody may have saved a word before the draft was locked.
    version = frozen(frozen_id)
    if version is None or not version.is_done:
        raise LookupError("this version is not frozen")
    if version.overtaken_at is not None or settings_moved(version):
        raise overtaken()
    return facts, version


def require_good_today(frozen_id: int, now: datetime) -> None:
    """Raise NotGoodToday, with the first thing that came up."""
    for fact in what_stops(frozen_id, now):
        raise NotGoodToday(fact, "Ring the route and sign it, or change the letter and ask again.")


def note_seen(frozen_id: int, *, account: int, now: datetime) -> None:
    """An account looked at a frozen version: next time it is shown what changed since."""
    version = frozen(frozen_id)
    if version is not None:
        LetterSeen.objects.update_or_create(
            draft_id=version.draft_id, frozen_id=frozen_id, account=account, defaults={"at": now}
        )


def _require_of(approval: Approval, record: dict[str, Any], version: FrozenFacts) -> None:
    if (approval.reference, approval.digest) != (record["reference"], version.digest):
        raise ApprovalNotGood(
            "The approval is of other words than those that are frozen.",
            "Compare the fingerprints, and approve the version that is shown now.",
        )
