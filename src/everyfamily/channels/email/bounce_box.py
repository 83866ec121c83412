"""The bounce mailbox: what is in it becomes events, and is moved to `done` once they are recorded.

At least once: after a crash between `events` and `acknowledge`, the same events come again, and recording them twice
does no harm.
"""

from __future__ import annotations

import logging
from datetime import datetime

from everyfamily.channels.email.bounces import Bounces, What
from everyfamily.channels.email.mailbox import Mailbox, MailboxNotThere
from everyfamily.channels.events import DeliveryEvent

logger = logging.getLogger(__name__)

PAGE = 500
"""Messages in one look. What is left comes a minute later."""


class BounceBox:
    """Reads one bounce mailbox."""

    def __init__(self, mailbox: Mailbox, bounces: Bounces, *, page: int = PAGE) -> None:
        self._mailbox = mailbox
        self._bounces = bounces
        self._page = page
        self._done: list[str] = []
        self._for_a_person: list[str] = []

    def events(self, now: datetime) -> list[DeliveryEvent]:
        """One page of what has come back up to now. Raises MailboxNotThere and MailboxRefusesUs.

        If the mailbox ends in the middle, what was read until then counts, so that each look makes some progress.
        """
        self._done, self._for_a_person = [], []
        found: list[DeliveryEvent] = []
        try:
            for mail in self._mailbox.messages(self._page):
                reading = self._bounces.read(mail.data)
                (self._for_a_person if reading.what is What.NOT_OURS else self._done).append(mail.key)
                if reading.what is What.BOUNCE:
                    at = min(mail.came_at, now)
                    found.append(DeliveryEvent(reading.reference, reading.status, at, reading.reason))
        except MailboxNotThere:
            if not self._done and not self._for_a_person:
                raise
        if not self._done and not self._for_a_person:
            self._mailbox.close()
        return found

    def acknowledge(self) -> None:
        """The events from the last `events` call are recorded. Move them to `done`, and what is not a bounce of ours to
        where a person looks."""
        try:
            self._mailbox.move(self._done, "done")
            self._mailbox.move(self._for_a_person, "set-aside")
        finally:
            self._mailbox.close()
        if self._for_a_person:
            logger.warning(
                "The bounce mailbox had messages that are not bounces of a letter: %d. They are in set-aside.",
                len(self._for_a_person),
            )
        self._done, self._for_a_person = [], []

    def close(self) -> None:
        """Give the mailbox back."""
        self._mailbox.close()
