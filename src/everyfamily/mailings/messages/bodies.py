"""What is sent: the sealed letter with one school's gaps filled, for each language and channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from django.conf import settings

from everyfamily.channels.base import POSTAGES, Body, ClassPile, Postage
from everyfamily.channels.errors import AddressDoesNotFit
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Letter
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.cover_sheets import Cover, CoverCopies, render_cover_sheets
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print_bundle
from everyfamily.rendering.pdf import render_bundle
from everyfamily.rendering.print_data import AddressTooLong
from everyfamily.rendering.sms import render_sms

if TYPE_CHECKING:
    from everyfamily.people.queries import SchoolFacts

_Render = Callable[[Letter, str, Sequence[PersonalGaps]], bytes]


class Bodies:
    """Makes each body of one letter at one school once. It uses the sealed record, never a pack."""

    def __init__(self, letter: Letter, school: SchoolFacts) -> None:
        self.letter = letter
        self._school = school
        self._made: dict[tuple[Channel, str, bool, Version | None], Body] = {}

    @cached_property
    def _gaps(self) -> PersonalGaps:
        return PersonalGaps(school=self._school.name, school_number=self._school.phone or None)

    def of(
        self, channel: Channel, language: str, *, format: str = "standard", version: Version | None = None
    ) -> Body:
        """The body in an adult's language, in the version that they get. If there is none in it, English,
        with its lines in other languages.

        If the letter has only the small set in it, a text message is in their language, and the printed letter has its
        lines.

        `format` is what the adult asked for. Paper is printed large for "large print". Easy read, audio and braille are
        not made, and those adults get the letter, which says how to ask. An email can be enlarged on its reader's
        screen.
        """
        large = format == "large print" and channel in (Channel.POST, Channel.PUPIL_POST)
        # Large print has room for the lines of every language, and the email has them all.
        letter = self.letter.in_version(version)
        in_short = channel is not Channel.EMAIL and not large and language in letter.short
        language = language if in_short or language in letter.texts else "en"
        key = (channel, language, large, version)
        if key not in self._made:
            made = self._make(letter, channel, language, large=large)
            if version is not None:
                made = replace(made, key=f"{made.key} {version}", version=version.value)
            self._made[key] = made
        return self._made[key]

    def _make(self, letter: Letter, channel: Channel, language: str, *, large: bool) -> Body:
        key = f"{letter.reference} {language} {self._school.urn}"
        if channel is Channel.EMAIL:
            email = render_email(letter, language, self._gaps)
            return Body(key, language, email.sender_name, email.reply_to, email.subject, email.text, email.html)
        if channel is Channel.TEXT:
            sms = render_sms(letter, language, self._gaps)
            return Body(key, language, sms.sender_name, letter.reply_mailbox, text=sms.text)
        return self._on_paper(letter, f"{key} large print" if large else key, language, large=large)

    def _on_paper(self, letter: Letter, key: str, language: str, *, large: bool) -> Body:
        return Body(
            key,
            language,
            letter.sender_name,
            letter.reply_mailbox,
            press=partial(self._print, letter, render_large_print_bundle if large else render_bundle, language),
            format="large print" if large else "standard",
            postage=_postage(self._school.channel_policy),
            school_key=f"{letter.reference} {self._school.urn}",
            covers=self._covers,
        )

    def _covers(self, piles: Sequence[ClassPile]) -> bytes:
        return render_cover_sheets(self.letter, self._school.name, [cover_of(pile) for pile in piles])

    def _print(
        self, letter: Letter, render: _Render, language: str, addresses: Sequence[tuple[str, ...]]
    ) -> bytes:
        copies = [PersonalGaps(address, self._gaps.school, self._gaps.school_number) for address in addresses]
        try:
            return render(letter, language, copies)
        except AddressTooLong as problem:
            raise AddressDoesNotFit(problem.index) from problem


def cover_of(pile: ClassPile) -> Cover:
    """What the cover sheet of a class says."""
    return Cover(
        pile.group,
        tuple(CoverCopies(one.language, one.format, one.pupils, one.version) for one in pile.copies),
        pile.printed_at.astimezone(LONDON).date(),
    )


def _postage(policy: Mapping[str, object]) -> Postage:
    """As the school's policy says, or otherwise the installation's setting."""
    asked = policy.get("postage", settings.EVERYFAMILY_POSTAGE)
    return next((one for one in POSTAGES if one == asked), "second")
