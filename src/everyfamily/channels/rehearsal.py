"""A rehearsal writes only to the people on a list that the coordinator gives.

The check comes before every carrier, in the one way to send. An address that is not on the list stops the call and
pauses the mailing, whatever the rolls say. If the list cannot be read, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from everyfamily.channels.base import Message
from everyfamily.channels.errors import NotOnRehearsalList
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import read_text
from everyfamily.core.sending.fallback import Channel

PAPER = "paper"
"""A line that allows paper to be printed. It stays in a folder on this machine until somebody passes it on."""
_ON_PAPER = (Channel.POST, Channel.PUPIL_POST)


class RehearsalListNotRight(EveryfamilyError):
    """A line of the rehearsal's list is not an email address, a number or the word "paper"."""

    code = "EF963"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The list, as it was read."""

    values: frozenset[str]
    """Email addresses in lower case, and numbers in E.164."""
    paper: bool

    def require(self, messages: Sequence[Message]) -> None:
        """Raise NotOnRehearsalList unless every message may go."""
        strange = sum(not self._may_have(message) for message in messages)
        if strange:
            raise NotOnRehearsalList(
                f"This is a rehearsal, and {strange} of {len(messages)} messages would go to somebody who is not on "
                "its list.",
                "Nothing was sent. Import a roll with only your staff, or add them to the list of "
                "EVERYFAMILY_REHEARSAL.",
            )

    def _may_have(self, message: Message) -> bool:
        if message.channel in _ON_PAPER:
            return self.paper
        return message.to.casefold() in self.values


def read_rehearsal(file: Path) -> Rehearsal:
    """One address or number on each line; # begins a comment. Raises TextFileUnreadable and RehearsalListNotRight."""
    values: set[str] = set()
    paper = False
    for number, line in enumerate(read_text(file, file.name).splitlines(), start=1):
        value = line.partition("#")[0].strip()
        if not value:
            continue
        if value.casefold() == PAPER:
            paper = True
        elif "@" in value:
            values.add(value.casefold())
        else:
            values.add(_e164(value, SourceLocation(file.name, number)))
    return Rehearsal(frozenset(values), paper)


def _e164(value: str, place: SourceLocation) -> str:
    import phonenumbers  # only a rehearsal needs it

    try:
        parsed = phonenumbers.parse(value, "GB")
    except phonenumbers.NumberParseException as problem:
        raise RehearsalListNotRight(
            "This line of the rehearsal's list is not an email address, a number or the word paper.",
            "Write one address or number on each line.",
            place,
        ) from problem
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
