"""What takes two people about a sealed letter: to withdraw it for good, and to let it go on after another's pause.

The first person stops it, at once. The second agrees by `withdraw` and `resume_mailing`, in the transaction that does
it. Everybody who coordinates or signs is told of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.two_people import Act
from everyfamily.letters.actions.askings import ask
from everyfamily.letters.queries import standing_of
from everyfamily.mailings.actions.guards.claims_under_way import wait_for_claims
from everyfamily.mailings.actions.sending.pausing import mark_paused
from everyfamily.mailings.models import Mailing
from everyfamily.work.actions.telling import tell


def ask_to_withdraw(reference: str, *, why: str, by: Actor, now: datetime, tell_to: Iterable[int]) -> bool:
    """Stop the letter on every worker, at once, and ask a second person to withdraw it for good. When this returns, no
    call begins. False if a withdrawal was asked for already.

    Raises LetterNotKnown, MoveNotAllowed, and ClaimsUnderWay if it is stopped but a call may still begin.
    """
    with transaction.atomic(durable=True):
        is_new = ask(reference, Act.WITHDRAW, why=why, by=by, now=now)
        letter = standing_of(reference)
        if letter is not None:
            for mailing in Mailing.objects.filter(letter_id=letter.id, state="open"):
                mark_paused(mailing.pk, why=why, by=by, now=now)
        if is_new:
            tell(
                to=tell_to,
                about="letters.withdrawal-asked",
                subject=f"Letter {reference} is stopped, and may be withdrawn",
                lines=[
                    f"{by.text} stopped letter {reference} and asked for it to be withdrawn for good: {why}",
                    "Nothing of it is sent now. A second person looks at it and agrees, or lets it be.",
                ],
                by=by,
                now=now,
            )
    wait_for_claims("The letter is stopped")
    return is_new


def ask_to_go_on(reference: str, *, by: Actor, now: datetime, tell_to: Iterable[int]) -> bool:
    """Ask a second person to let the mailing go on that somebody else paused. False if somebody asked already. Raises
    what `ask` raises."""
    with transaction.atomic():
        is_new = ask(reference, Act.GO_ON, why="", by=by, now=now)
        if is_new:
            tell(
                to=tell_to,
                about="letters.go-on-asked",
                subject=f"Letter {reference} is paused, and may go on",
                lines=[
                    f"{by.text} asked for letter {reference} to go on. Somebody else had paused it.",
                    "Nothing of it is sent before another person looks at it and agrees.",
                ],
                by=by,
                now=now,
            )
    return is_new
