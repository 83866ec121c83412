"""Passkeys with which signatories approve: made by one person of the body, confirmed by another, endorsed, ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from everyfamily.accounts.key_queries import signatory_key
from everyfamily.accounts.models import SignatoryKey
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.endorsements import Endorsement, KeyToEndorse
from everyfamily.core.agreement.enrolment import (
    EndorsementNotGood,
    EnrolledKey,
    KeyOver,
    NewKey,
    PasskeyNotMade,
    require_confirmable,
)
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.roles_together import require_settled


def add_key(*, body: str, made: NewKey, by: Actor, now: datetime) -> int:
    """Keep a passkey that somebody who signs for this body just made. It waits for a second person. Returns its id.
    Raises PasskeyNotMade if it is known already."""
    assert by.account is not None
    try:
        with transaction.atomic():
            row = SignatoryKey.objects.create(
                signatory=body,
                account_id=by.account,
                label=made.key.label,
                credential_id=made.credential_id,
                public_key=made.key.public_key,
                rp_id=made.key.rp_id,
                may_be_copied=made.may_be_copied,
                made_by=by.text,
                made_at=now,
            )
            _record("make approval key", row.pk, body, by, now)
    except IntegrityError as problem:
        raise PasskeyNotMade("This passkey is known already.", "Make a new one.") from problem
    return row.pk


def confirm_key(key_id: int, *, body: str, in_hand_since: datetime, by: Actor, now: datetime) -> None:
    """Say as a second person of the body that its fingerprint was compared by phone.

    `in_hand_since` is since when the second person has had their way in: somebody who was let in a moment ago is no
    second person. Raises KeyOver, KeyNeedsAnother and NotYetSettled.
    """
    assert by.account is not None
    with transaction.atomic():
        require_confirmable(_locked(key_id), account=by.account, body=body)
        require_settled(in_hand_since, now)
        SignatoryKey.objects.filter(pk=key_id).update(
            confirmed_account_id=by.account, confirmed_by=by.text, confirmed_at=now
        )
        _record("confirm approval key", key_id, body, by, now)


def keep_endorsement(
    key_id: int,
    given: Endorsement,
    *,
    what: KeyToEndorse,
    counting: Iterable[ApprovalKey],
    by: Actor,
    now: datetime,
) -> None:
    """Keep that a key of the body that counts signed a further one. The seal proves it again.

    `counting` are the keys of the signatory by the settings in force. Raises KeyOver, and EndorsementNotGood for one
    of another key, by a key that does not count, or whose signature does not fit.
    """
    with transaction.atomic():
        key = _open(key_id, what.signatory)
        if key.confirmed_at is None:
            raise KeyOver("A second person has not confirmed this key.", "Ring each other, and confirm it first.")
        if given.what != what or given.by == what.key or given.by not in counting or not given.is_good():
            raise EndorsementNotGood(
                "This is no good endorsement of this key by a key of your body that counts.",
                "Sign it again, with a key that the settings name.",
            )
        if not key.endorsement:
            SignatoryKey.objects.filter(pk=key_id).update(endorsement=given.to_json())
            _record("endorse approval key", key_id, what.signatory, by, now)


def end_key(key_id: int, *, body: str, by: Actor, now: datetime) -> None:
    """End a key of one's body. It approves nothing from the next letter on. Raises KeyOver."""
    with transaction.atomic():
        _open(key_id, body)
        SignatoryKey.objects.filter(pk=key_id).update(ended_by=by.text, ended_at=now)
        _record("end approval key", key_id, body, by, now)


def end_keys_of(account: int, body: str, *, by: Actor, now: datetime) -> None:
    """End all keys that an account has for a body, in the transaction in which it loses its role there."""
    open_ones = SignatoryKey.objects.filter(account_id=account, signatory=body, ended_at=None)
    for key_id in list(open_ones.values_list("id", flat=True)):
        end_key(key_id, body=body, by=by, now=now)


def _locked(key_id: int) -> EnrolledKey | None:
    """The key, which nobody else changes until this transaction ends."""
    list(SignatoryKey.objects.select_for_update().filter(pk=key_id).values_list("pk"))
    return signatory_key(key_id)


def _open(key_id: int, body: str) -> EnrolledKey:
    key = _locked(key_id)
    if key is None or key.signatory != body or key.ended_at is not None:
        raise KeyOver("This key has ended already.", "Look at the keys of your body again.")
    return key


def _record(action: str, key_id: int, body: str, by: Actor, now: datetime) -> None:
    record_event(
        action=action, by=by, subject_type="approval key", subject_id=key_id, now=now, detail={"body": body}
    )
