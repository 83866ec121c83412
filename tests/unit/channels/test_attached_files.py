"""A file goes with an email to one of our own people, and never by a carrier that carries none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from everyfamily.channels.base import AttachedFile, Body, Carrier, Message, Submission
from everyfamily.channels.email.wire import mail_of
from everyfamily.channels.errors import FeatureNotSupported
from everyfamily.core.sending.fallback import AttemptStatus, Channel

NOW = datetime(2027, 3, 1, 10, tzinfo=UTC)
PDF = AttachedFile("draft-letter-en.pdf", b"%PDF-1.7", "application/pdf")


def message(*files: AttachedFile) -> Message:
    """An email to one of our own people."""
    body = Body(
        "ES-2703-K7R4 rest draft", "en", "Eastmere", "letters@eastmere.example", "DRAFT", "Words.", files=files
    )
    return Message(Channel.EMAIL, "draft-1", body, to="tom@example.org")


class Plain(Carrier):
    """A carrier without files."""

    name: ClassVar[str] = "plain"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.EMAIL})
    has_receipts: ClassVar[bool] = False

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        return [Submission(one.reference, AttemptStatus.ACCEPTED) for one in messages]


def test_an_email_has_its_files_under_their_names() -> None:
    made = mail_of(message(PDF), "letters@eastmere.example", NOW).message()
    (file,) = [part for part in made.walk() if part.get_filename()]
    assert (file.get_filename(), file.get_content_type()) == ("draft-letter-en.pdf", "application/pdf")
    assert file.get_payload(decode=True) == b"%PDF-1.7"


def test_a_carrier_that_carries_no_files_refuses_them_and_takes_the_rest() -> None:
    assert Plain().send([message()], NOW)
    with pytest.raises(FeatureNotSupported):
        Plain().send([message(PDF)], NOW)
