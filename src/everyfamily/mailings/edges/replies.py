"""The reply mailbox, looked at every minute. Only headers are read, and nothing is marked, moved or kept.

A person reads the replies. This only makes sure that everybody who writes is told at once what to do if it cannot wait.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings

from everyfamily.channels.carrier_choice import RECORDING, chosen
from everyfamily.channels.email.answers import AnswerPost, RecordedAnswers
from everyfamily.channels.email.anymail_mail import AnymailMail
from everyfamily.channels.email.django_mail import DjangoMail
from everyfamily.channels.email.mailbox import Mailbox
from everyfamily.channels.email.mailbox_address import mailbox_at
from everyfamily.channels.email.replies import reply_in
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.core.sending.staff_mail import stops
from everyfamily.mailings.actions.replies.answering import answer_reply, settle_answers
from everyfamily.mailings.installation.carriers import outbox
from everyfamily.mailings.queries.replies import reply_mailboxes

logger = logging.getLogger(__name__)

WINDOW = timedelta(days=3)
"""What came in before this is no longer answered: a person has read it, or an answer would only confuse."""
PAGE = 200
"""Headers in one look."""


@dataclass
class Replies:
    """One process's look at the mailbox. It remembers what it has settled. The database knows what other processes have
    settled."""

    mailbox: Mailbox
    post: Callable[[], AnswerPost]
    sender: str
    """The address that letters are sent from."""
    ours: frozenset[str] = frozenset()
    """Other addresses of ours."""
    _settled: dict[str, datetime] = field(default_factory=dict)

    def look(self, now: datetime) -> int:
        """Answer what came in. Returns how many answers were sent. Raises what a mailbox raises."""
        settle_answers(now)
        since = now - WINDOW
        self._settled = {key: at for key, at in self._settled.items() if at >= since - timedelta(days=2)}
        ours = self.ours | reply_mailboxes() | {self.sender.lower()}
        domain = self.sender.rpartition("@")[2]
        found = list(self.mailbox.headers(since, PAGE, self._settled.keys()))
        self.mailbox.close()
        answers: list[AttemptStatus] = []
        post = self.post() if found else None
        try:
            for mail in found:
                reply = reply_in(mail.data, ours=ours) if mail.came_at >= since else None
                if reply is None or post is None:
                    self._settled[mail.key] = mail.came_at
                    continue
                outcome = answer_reply(reply, min(mail.came_at, now), post, domain, now)
                if outcome.settled:
                    self._settled[mail.key] = mail.came_at
                if outcome.status is not None:
                    answers.append(outcome.status)
                if stops(answers):
                    break
        finally:
            if post is not None:
                post.close()
        return answers.count(AttemptStatus.ACCEPTED)


@cache
def replies() -> Replies | None:
    """The reply mailbox of this installation, one for each process. None if none is set."""
    if not settings.EVERYFAMILY_REPLIES["mailbox"]:
        return None
    ours = frozenset({settings.EVERYFAMILY_BOUNCES["to"].lower()} - {""})
    mailbox = mailbox_at(settings.EVERYFAMILY_REPLIES["mailbox"], settings.EVERYFAMILY_REPLIES["password"])
    return Replies(mailbox, answer_post, settings.EVERYFAMILY_SENDER, ours)


def answer_post() -> AnswerPost:
    """What sends answers here: a file in a rehearsal, the provider of email, or the mail server."""
    way = chosen(settings.EVERYFAMILY_CHANNELS, settings.EVERYFAMILY_CARRIERS_NAMED).get(Channel.EMAIL)
    # A rehearsal writes only to the people on its list, and a reply may be from anybody.
    if way == RECORDING or settings.EVERYFAMILY_REHEARSAL:
        return RecordedAnswers(outbox())
    if way == "anymail":
        return AnymailMail(sender=settings.EVERYFAMILY_SENDER)
    return DjangoMail(sender=settings.EVERYFAMILY_SENDER)


def look_at_replies(now: datetime) -> int:
    """One look. If a mailbox is away, the log says so, and it is looked at again a minute later."""
    found = replies()
    if found is None:
        return 0
    try:
        return found.look(now)
    except EveryfamilyError as problem:
        logger.warning("The reply mailbox could not be read (%s).", problem.code)
        return 0
