"""One automatic answer to one reply, with the null sender on its envelope so that nothing can come back to it."""

from __future__ import annotations

import json
import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, formataddr
from pathlib import Path

from django.core.mail import EmailMultiAlternatives

from everyfamily.channels.base import Submission
from everyfamily.channels.kept_files import make_closed_folder
from everyfamily.core.sending.fallback import AttemptStatus


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent. Only `to` is personal."""

    reference: str
    to: str
    language: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    in_reply_to: str = ""
    """The Message-ID of the reply, checked."""
    thread: tuple[str, ...] = ()
    """What the reply answered, newest first."""


class AnswerPost(ABC):
    """What carries answers."""

    @abstractmethod
    def answer(self, answer: Answer, now: datetime) -> Submission:
        """Hand an answer over. Raises CarrierRefused, CarrierBroken or NoAnswer, as a carrier does."""

    def close(self) -> None:
        """Give back the connection."""
        return


class RecordedAnswers(AnswerPost):
    """A rehearsal: a line in a file says that an answer would have been sent and in which language, but never to
    whom."""

    def __init__(self, outbox: Path) -> None:
        self._file = outbox / "answers.log"

    def answer(self, answer: Answer, now: datetime) -> Submission:
        make_closed_folder(self._file.parent)
        line = json.dumps({"reference": answer.reference, "language": answer.language, "at": now.isoformat()})
        handle = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        return Submission(answer.reference, AttemptStatus.ACCEPTED)


def mail_of_answer(answer: Answer, sender: str, now: datetime) -> EmailMultiAlternatives:
    """The answer as Django's mail API takes it. Only the Message-ID of the reply is in it."""
    headers = {
        "Message-ID": f"<{answer.reference}@{sender.rpartition('@')[2]}>",
        "Date": format_datetime(now),
        "Auto-Submitted": "auto-replied",
        "Content-Language": answer.language,
    }
    if answer.in_reply_to:
        headers["In-Reply-To"] = answer.in_reply_to
        headers["References"] = " ".join((*reversed(answer.thread), answer.in_reply_to))
    return EmailMultiAlternatives(
        subject=answer.subject,
        body=answer.text,
        from_email=formataddr((answer.sender_name, sender)),
        to=[answer.to],
        reply_to=[answer.reply_to],
        headers=headers,
    )
