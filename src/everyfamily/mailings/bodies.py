"""What is sent: the sealed letter with one school's gaps filled, per language and channel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

from everyfamily.channels.base import Body
from everyfamily.channels.errors import AddressDoesNotFit
from everyfamily.core.fallback import Channel
from everyfamily.core.gaps import PersonalGaps
from everyfamily.core.letters import Letter
from everyfamily.people.queries import SchoolFacts
from everyfamily.rendering.email import render_email
from everyfamily.rendering.pdf import render_bundle
from everyfamily.rendering.print_data import AddressTooLong
from everyfamily.rendering.sms import render_sms


class Bodies:
    """Makes each body of one letter at one school once. Made from the sealed record, never from a pack."""

    def __init__(self, letter: Letter, school: SchoolFacts) -> None:
        self.letter = letter
        self._school = school
        self._made: dict[tuple[Channel, str], Body] = {}

    @cached_property
    def _gaps(self) -> PersonalGaps:
        return PersonalGaps(school=self._school.name, school_number=self._school.phone or None)

    def of(self, channel: Channel, language: str) -> Body:
        """The body for an adult's language; English, with its line on other languages, where none is made."""
        language = language if language in self.letter.texts else "en"
        key = (channel, language)
        if key not in self._made:
            self._made[key] = self._make(channel, language)
        return self._made[key]

    def _make(self, channel: Channel, language: str) -> Body:
        letter = self.letter
        key = f"{letter.reference} {language} {self._school.urn}"
        if channel is Channel.EMAIL:
            email = render_email(letter, language, self._gaps)
            return Body(key, language, email.sender_name, email.reply_to, email.subject, email.text, email.html)
        if channel is Channel.TEXT:
            sms = render_sms(letter, language, self._gaps)
            return Body(key, language, sms.sender_name, letter.reply_mailbox, text=sms.text)
        return Body(key, language, letter.sender_name, letter.reply_mailbox, press=partial(self._print, language))

    def _print(self, language: str, addresses: Sequence[tuple[str, ...]]) -> bytes:
        copies = [PersonalGaps(address, self._gaps.school, self._gaps.school_number) for address in addresses]
        try:
            return render_bundle(self.letter, language, copies)
        except AddressTooLong as problem:
            raise AddressDoesNotFit(problem.index) from problem
