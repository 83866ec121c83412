"""A post that keeps what it is given, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.errors import CarrierRefused
from everyfamily.core.sending.fallback import AttemptStatus, Channel


@dataclass
class Post(Carrier):
    """Keeps what it was given, or refuses it."""

    name: ClassVar[str] = "a test's post"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.EMAIL})
    has_receipts: ClassVar[bool] = False
    taken: list[Message] = field(default_factory=list)
    refuses: bool = False

    def refuses_demonstrations(self) -> bool:
        return False

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        (message,) = messages
        if self.refuses:
            raise CarrierRefused("Not now.", "Later.")
        self.taken.append(message)
        return [Submission(message.reference, AttemptStatus.ACCEPTED)]
