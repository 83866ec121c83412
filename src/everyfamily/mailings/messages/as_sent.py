"""A message in the words in which a family got it: made again from the sealed letter, without anybody's data in it."""

from __future__ import annotations

from everyfamily.channels.base import Body
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.letters import Letter
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.messages.bodies import Bodies
from everyfamily.people.queries import SchoolFacts


def message_as_sent(
    letter: Letter, school: SchoolFacts, channel: str, language: str, format: str, version: Version | None = None
) -> Body:
    """The message for an adult of this school with this language and format, in the version that they were sent.
    `pdf_of` prints it, if it is paper.

    The school's name and number are as they are today, and so is the adult's language: what they were on the day of
    sending is not kept.
    """
    return Bodies(letter, school).of(Channel(channel), language, format=format, version=version)


def pdf_of(body: Body) -> bytes | None:
    """One copy on paper without an address in the window; None for what is not paper."""
    return body.press([()]) if body.press is not None else None
