"""Whether one person may let a mailing go on: what somebody else stopped takes two."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.core.agreement.two_people import Act, AnotherPersonNeeded, stopped_by_another
from everyfamily.letters.actions.askings import agree, agree_with, end_askings, require_no_withdrawal
from everyfamily.letters.queries import asked_since, references_of
from everyfamily.mailings.models import Mailing, MailingTask


def takes_another(mailing_id: int, who: Actor) -> bool:
    """Whether this person only asks, and another lets it go on. What stopped by itself takes one person."""
    letter_id = Mailing.objects.values_list("letter_id", flat=True).get(pk=mailing_id)
    open_now = MailingTask.objects.filter(mailing_id=mailing_id, closed_at=None)
    tasks = list(open_now.values_list("kind", "owner", "owner_account", "opened_at"))
    pauses = [(owner, account) for kind, owner, account, _ in tasks if kind == "paused"]
    since = min((at for *_, at in tasks), default=None)
    return stopped_by_another(who, pauses, asked_since(letter_id, since) if since is not None else ())


def settle_going_on(
    mailing_id: int, who: Actor, now: datetime, *, asked: int | None, agreed_by: Actor | None
) -> None:
    """In the transaction in which a mailing goes on: `who` agrees to what somebody else asked for (`asked`), or
    `agreed_by` agrees with them, or it takes no second person.

    Raises AskingOver, WithdrawalWaits and AnotherPersonNeeded.
    """
    letter_id = Mailing.objects.values_list("letter_id", flat=True).get(pk=mailing_id)
    reference = references_of([letter_id])[letter_id]
    require_no_withdrawal(reference)
    if asked is not None:
        agree(asked, Act.GO_ON, by=who, now=now)
        return
    if takes_another(mailing_id, who):
        if agreed_by is None:
            raise AnotherPersonNeeded(
                "Somebody else paused this mailing, so it takes two people to let it go on.",
                "Ask for it on the letter’s page. At the command, name who agreed as well.",
            )
        agree_with(reference, Act.GO_ON, who, agreed_by, now)
    end_askings(reference, by=who, now=now)
