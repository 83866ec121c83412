"""One automatic answer to one reply: recorded, committed, and then sent, by the rule for email to staff and schools
(core/sending/staff_mail.py). Two are never sent.

Two keyed hashes are kept for a reply, under the mailing's ledger key: of the message, so that it is answered once, and
of its sender, who gets one answer in seven days. Both are deleted when the mailing is closed. Its body is never read.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from everyfamily.channels.email.answers import Answer, AnswerPost
from everyfamily.channels.email.replies import Reply
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.keys.vault import MailingHash
from everyfamily.core.partnership.routes import Route, RouteState
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import AGAIN, Next, next_of
from everyfamily.letters.queries import letter_by_id, routes_now, sealed_letter_by_id
from everyfamily.mailings.actions.keys.ledger_keys import open_ledger_key
from everyfamily.mailings.messages.answer_texts import answer_language, answer_text, local_lines
from everyfamily.mailings.models import Mailing, ReplyAnswer
from everyfamily.mailings.queries.replies import (
    Answered,
    language_of_message,
    mailing_of_mailbox,
    message_answered,
)
from everyfamily.partnership.queries import settings_in_brief
from everyfamily.work.actions.outbox import call, record, settle

ONE_ANSWER_IN = timedelta(days=7)
"""RFC 3834 and RFC 5230: one answer to each sender in this time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened with a reply. `settled`: it need not be looked at again."""

    settled: bool
    status: AttemptStatus | None = None
    """Of the call, if there was one."""


NOTHING = Outcome(settled=True)


def answer_reply(reply: Reply, came_at: datetime, post: AnswerPost, domain: str, now: datetime) -> Outcome:
    """Answer a reply once, if it belongs to a mailing that is not closed. `domain` is that of our Message-IDs."""
    answered = message_answered(reply.references(domain)) or mailing_of_mailbox(reply.to, came_at)
    if answered is None or answered.reply_mailbox.lower() not in reply.to:
        return NOTHING
    language = language_of_message(answered.message) if answered.message is not None else ""
    answer = _compose(answered, reply, language, now)
    row = _write(answered.mailing_id, reply, came_at, answer.language, now)
    if not isinstance(row, int):
        return row
    status = call(lambda: post.answer(answer, now))
    record(ReplyAnswer.objects.filter(pk=row), status, now)
    return Outcome(settled=status.value not in AGAIN, status=status)


def settle_answers(now: datetime) -> int:
    """Answers that a dead worker was sending become unknown, and stay so. Returns how many there were."""
    return settle(ReplyAnswer.objects.all(), now)


def _compose(answered: Answered, reply: Reply, language: str, now: datetime) -> Answer:
    """The answer's words. For a letter that was withdrawn, only 999 is given."""
    letter = sealed_letter_by_id(answered.letter_id)
    routes = routes_now(_settled(letter.card_routes), now) if letter is not None else ()
    good = [route for route in routes if route.state_on(now.astimezone(LONDON).date()) is RouteState.GOOD]
    letter = letter or letter_by_id(answered.letter_id)
    language = answer_language(letter, language)
    lines = local_lines(letter, good)
    subject, text = answer_text(letter, language, owner=answered.reply_owner, lines=lines)
    return Answer(
        reference=str(uuid.uuid4()),
        to=reply.answer_to,
        language=language,
        sender_name=letter.sender_name,
        reply_to=answered.reply_mailbox,
        subject=subject,
        text=text,
        in_reply_to=reply.message_id,
        thread=reply.thread,
    )


def _settled(printed: Sequence[Route]) -> list[Route]:
    """The letter's lines as the settings in force have them: an answer is written today. Without settings, as they are
    printed."""
    partnership = settings_in_brief().partnership
    if partnership is None:
        return list(printed)
    today = {route.id: route for route in partnership.routes}
    return [today[route.id] for route in printed if route.id in today]


def _write(mailing_id: int, reply: Reply, came_at: datetime, language: str, now: datetime) -> int | Outcome:
    """Record that the answer is being sent, and commit; or say why none is sent.

    Meanwhile the mailing's row is locked, so two workers cannot answer one sender, and a close waits or is already
    done.
    """
    with transaction.atomic(durable=True):
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        if mailing.ledger_key is None:
            return NOTHING
        if mailing.restored_at is not None and came_at <= mailing.restored_at:
            # The database that was lost may have answered it. A person reads it.
            return NOTHING
        hasher = MailingHash(open_ledger_key(mailing))
        message = hasher.of("reply", reply.identity)
        sender = hasher.of("reply's sender", reply.sender)
        answers = ReplyAnswer.objects.filter(mailing_id=mailing_id)
        known = answers.filter(message_hash=message).first()
        if known is not None:
            return _again(known, now)
        if answers.filter(sender_hash=sender, written_at__gt=came_at - ONE_ANSWER_IN).exists():
            return NOTHING
        made = ReplyAnswer.objects.create(
            mailing_id=mailing_id,
            message_hash=message,
            sender_hash=sender,
            language=language,
            status=AttemptStatus.SENDING.value,
            written_at=now,
            changed_at=now,
        )
        return int(made.pk)


def _again(known: ReplyAnswer, now: datetime) -> int | Outcome:
    """An answer that was recorded before is sent again only if nothing had left us."""
    match next_of(known.facts(), now):
        case Next.SEND:
            known.status, known.changed_at = AttemptStatus.SENDING.value, now
            known.save(update_fields=["status", "changed_at"])
            return int(known.pk)
        case Next.WAIT:
            return Outcome(settled=False)
    return NOTHING
