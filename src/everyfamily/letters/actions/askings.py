"""Writes: somebody asks for what takes two people about a sealed letter, and it is agreed to or taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.approvals import LetterState, MoveNotAllowed
from everyfamily.core.agreement.two_people import Act, Asked, WithdrawalWaits, over
from everyfamily.letters.actions.sealed_letters import LetterNotKnown
from everyfamily.letters.models import Asking, Letter
from everyfamily.letters.queries import asked_of

_ASKS = {Act.WITHDRAW: "ask to withdraw letter", Act.GO_ON: "ask to let mailing go on"}
_AGREES = {Act.WITHDRAW: "agree to withdrawal", Act.GO_ON: "agree to going on"}
_TAKES_BACK = {Act.WITHDRAW: "take back withdrawal", Act.GO_ON: "take back going on"}


def ask(reference: str, act: Act, *, why: str, by: Actor, now: datetime) -> bool:
    """Write down what a second person must agree to. False if it waits already.

    To ask for a withdrawal overrules what somebody asked for to go on. Raises LetterNotKnown, MoveNotAllowed for a
    letter that is withdrawn, and WithdrawalWaits if it should go on although somebody asked for its withdrawal.
    """
    with transaction.atomic():
        letter = _lock(reference)
        open_now = asked_of(reference)
        if open_now is not None and open_now.act is act:
            return False
        if open_now is not None:
            if act is Act.GO_ON:
                require_no_withdrawal(reference)
            _end(open_now, by, now, agreed=False)
        Asking.objects.create(
            letter=letter, act=act.value, why=why, asked_at=now, asked_by=by.text, asked_account=by.account
        )
        _record(_ASKS[act], reference, by, now, {"why": why} if why else {})
    return True


def agree(asking: int, act: Act, *, by: Actor, now: datetime) -> None:
    """Agree to what somebody else asked for, in the transaction that does it. Raises AskingOver and
    AnotherPersonNeeded."""
    row = _open(asking, act)
    row.require_another(by)
    _end(row, by, now, agreed=True)
    _record(_AGREES[act], row.reference, by, now, {})


def agree_with(reference: str, act: Act, asker: Actor, second: Actor, now: datetime) -> None:
    """On the machine itself, where both are named at once. Raises AnotherPersonNeeded for one name twice."""
    Asked(0, reference, act, "", now, asker.text, asker.account).require_another(second)
    _record(_AGREES[act], reference, second, now, {})


def take_back(asking: int, act: Act, *, by: Actor, now: datetime) -> None:
    """Let it be. What was paused stays paused. Raises AskingOver."""
    with transaction.atomic():
        row = _open(asking, act)
        _end(row, by, now, agreed=False)
        _record(_TAKES_BACK[act], row.reference, by, now, {})


def end_askings(reference: str, *, by: Actor, now: datetime) -> None:
    """Nothing waits any more: the letter was withdrawn or goes on otherwise."""
    if (row := asked_of(reference)) is not None:
        _end(row, by, now, agreed=False)


def require_no_withdrawal(reference: str) -> None:
    """Raise WithdrawalWaits while a second person has not looked at a withdrawal."""
    row = asked_of(reference)
    if row is not None and row.act is Act.WITHDRAW:
        raise WithdrawalWaits(
            f"{row.by} asked for letter {reference} to be withdrawn, so nothing of it is sent.",
            "Agree to it or take it back first, on the letter’s page.",
        )


def _lock(reference: str) -> Letter:
    letter = Letter.objects.select_for_update().filter(reference=reference).first()
    if letter is None:
        raise LetterNotKnown(f"No letter {reference} was sent from here.", "See which letters were sent.")
    if letter.state != LetterState.SEALED:
        raise MoveNotAllowed(f"Letter {reference} is {letter.state}.", "Nothing has to be asked for.")
    return letter


def _open(asking: int, act: Act) -> Asked:
    reference = Asking.objects.filter(pk=asking).values_list("letter__reference", flat=True).first()
    # The letter's row first, so that two people at once do it one after the other.
    Letter.objects.select_for_update().filter(reference=reference).first()
    row = asked_of(reference or "")
    if row is None or (row.id, row.act) != (asking, act):
        raise over()
    return row


def _end(row: Asked, by: Actor, now: datetime, *, agreed: bool) -> None:
    Asking.objects.filter(pk=row.id).update(
        ended_at=now, ended_by=by.text, ended_account=by.account, is_agreed=agreed
    )


def _record(action: str, reference: str, by: Actor, now: datetime, detail: dict[str, object]) -> None:
    record_event(action=action, by=by, subject_type="letter", subject_id=reference, now=now, detail=detail)
