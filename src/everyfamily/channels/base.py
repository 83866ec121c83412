"""The one way to send: validate, build the payload, submit, read the answer.

A carrier's adapter fills in three of the steps. It raises an error for what it does not support. `reference` is ours.
It goes to the carrier, so that the carrier can be asked about it after a crash.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal, Protocol, get_args

from everyfamily.channels.errors import FeatureNotSupported
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.sending.fallback import AttemptStatus, Channel

Press = Callable[[Sequence[tuple[str, ...]]], bytes]
"""Prints one letter for each address as one tagged PDF. An empty address gives a copy without one."""


Postage = Literal["first", "second", "economy"]
"""Classes of postage, in GOV.UK Notify's words."""
POSTAGES: tuple[Postage, ...] = get_args(Postage)


Kind = tuple[str, str, str]
"""Version, language and format of a letter on paper."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies in one language, format and version for one class, and the school's own ids of the children who take them
    home."""

    language: str
    format: str
    pupils: tuple[str, ...]
    version: str = ""
    """ "primary" or "secondary", or blank for a letter in one version."""

    @property
    def kind(self) -> Kind:
        """What they are copies of."""
        return self.version, self.language, self.format


@dataclass(frozen=True, slots=True)
class ClassPile:
    """What one class hands out, as its cover sheet says. `printed_at` is when the last copy was put on the pile."""

    group: str
    copies: tuple[Copies, ...]
    printed_at: datetime


Covers = Callable[[Sequence[ClassPile]], bytes]
"""Prints a cover sheet for each class as one tagged PDF. Each begins on a fresh sheet and has its bookmark."""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that goes with an email: its name, what is in it, and its media type."""

    name: str
    content: bytes = field(repr=False)
    kind: str


@dataclass(frozen=True, slots=True)
class Body:
    """What was sealed, with the school's gaps filled. It is the same for every adult of a school with the same
    language and version.

    `key` names it in logs and outboxes ("ES-2703-K7R4 en 900003") and holds no personal data.
    """

    key: str
    language: str
    sender_name: str
    reply_to: str
    subject: str = ""
    text: str = ""
    html: str | None = None
    press: Press | None = field(default=None, compare=False, repr=False)
    """Prints it, for carriers of paper."""
    format: str = "standard"
    """"standard" or "large print"."""
    postage: Postage = "second"
    """The postage, from the school's policy."""
    school_key: str = ""
    """Reference and URN, which are the same for all bodies of one letter and school ("ES-2703-K7R4 900003")."""
    covers: Covers | None = field(default=None, compare=False, repr=False)
    """Prints the cover sheets for pupil post."""
    version: str = ""
    """ "primary" or "secondary", or blank for a letter in one version."""
    files: tuple[AttachedFile, ...] = field(default=(), compare=False)
    """Attached to an email to one of our own people. No family's message has any."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one contact value.

    `to` is an email address, a number in E.164, or nothing for post. `address` is the lines in the window for post, or
    empty. `group` is the class for pupil post, and then `to` is the school's own pupil id, for the hand-out list.
    """

    channel: Channel
    reference: str
    body: Body
    to: str = ""
    address: tuple[str, ...] = ()
    group: str = ""
    calls: int = 0
    """Calls before this one: if a carrier refused, it is called again with the same reference."""

    @property
    def contact_value(self) -> str:
        """The value that "at most one message" counts by."""
        return self.to or "\n".join(self.address)


@dataclass(frozen=True, slots=True)
class Submission:
    """What the carrier said when called."""

    reference: str
    status: AttemptStatus
    reason: str = ""


class RehearsalList(Protocol):
    """Who may be written to in a rehearsal."""

    def require(self, messages: Sequence[Message]) -> None:
        """Raise NotOnRehearsalList unless every message goes to somebody on the list."""


class Carrier(ABC):
    """A provider behind one or more channels."""

    name: ClassVar[str]
    """The provider's name, for its pace and its page ("smtp", "print folder")."""
    channels: ClassVar[frozenset[Channel]]
    has_receipts: ClassVar[bool]
    """Whether it ever says *delivered*. A carrier without receipts never confirms."""
    knows_at_once: ClassVar[bool] = True
    """Whether `ask` knows about a message as soon as it was accepted. A carrier that learns of it later is asked
    later."""
    carries_files: ClassVar[bool] = False
    """Whether an email that it carries may have files."""
    remembers: ClassVar[timedelta | None] = None
    """How long `ask` knows about a message. After that, "never had it" is not an answer. None means for ever."""

    def batch_of(self, channel: Channel) -> int:
        """How many messages one call takes. More than one only if the call is all or nothing."""
        return 1

    def answers_for(self, channel: Channel) -> bool:
        """Whether `ask` can say what happened to a reference, which settles an abandoned attempt at once."""
        return False

    def refuses_demonstrations(self) -> bool:
        """Whether it would really send what belongs to a demonstration, and so may not be given it. A carrier is real
        until it says that it is not."""
        return True

    def send(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        """Send messages of one channel and body, up to `batch_of` it. The answers are in the same order.

        Raises CarrierRefused, CarrierBroken (or its subclass NotOnRehearsalList) or NoAnswer for the whole call.
        """
        channel = messages[0].channel
        if channel not in self.channels:
            raise FeatureNotSupported(
                f"{type(self).__name__} does not carry {channel}.", "Choose another carrier for it."
            )
        if messages[0].body.files and not self.carries_files:
            raise FeatureNotSupported(f"{type(self).__name__} carries no files.", "Send the email without them.")
        if self.rehearsal is not None:
            self.rehearsal.require(messages)
        if len(messages) > self.batch_of(channel) or len({(m.channel, m.body.key) for m in messages}) > 1:
            raise ValueError(f"a call takes up to {self.batch_of(channel)} messages of one channel and body")
        return self.submit(messages, now)

    rehearsal: RehearsalList | None = None
    """Set if only the addresses on a list may be written to (channels/rehearsal.py)."""

    @abstractmethod
    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        """Hand the messages over."""

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        """Say what happened to a reference, or None if the carrier never had it. Only if it can answer."""
        raise FeatureNotSupported(
            f"{type(self).__name__} cannot be asked about a reference.", "Wait for its receipt instead."
        )

    def receipts(self, now: datetime) -> list[DeliveryEvent]:
        """Receipts that came in up to `now` and were not acknowledged. None for a carrier that calls us."""
        return []

    def acknowledge(self) -> None:
        """The receipts from the last `receipts` call are recorded, and need not be given again. After a crash before
        this, they are given twice."""
        return

    def close(self) -> None:
        """Give back connections and files. The carrier is not used afterwards."""
        return
