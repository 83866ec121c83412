"""A composed letter: the passages of one pack, filled in for one partnership and one term.

A letter is a value. Channels render it, rules check it, signatories approve its digest, and none of them changes it.
Gaps that only a school or an address fills stay open: `((address))`, `((school))`, `((school number))`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.packs.overridden_words import Overridden
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.bodies import Body, Enquiries, Promise, Signatory
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.passages import LetterText


@dataclass(frozen=True, slots=True)
class CitedSource:
    """A source that passages of the letter name, as it was in the pack on the day of composing."""

    key: str
    supports: str
    address: str
    status: Literal["found", "second-hand", "recollection"]
    review_on: date


@dataclass(frozen=True, slots=True)
class Followed:
    """The withdrawn letter that another one follows, and as what."""

    reference: str
    kind: Literal["correction", "replacement"]
    """A correction is for those who had the withdrawn letter, and a replacement is for everybody else."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter for one partnership, topic and term, in every language it has."""

    reference: str
    """Unique, and a family can check it, e.g. "ES-2703-K7R4"."""
    topic: str
    topic_words: tuple[str, ...]
    """Words that name the topic. None may be on the outside."""
    term: str
    """Readable, e.g. "spring term 2027"."""
    dated: date
    review_on: date
    pack: str
    pack_version: str
    pack_digest: str
    """SHA-256 of the pack's files."""
    partnership: str
    area: str
    site: str
    """Address of the parent site without a scheme."""
    page: str
    """Address of this letter's page without a scheme."""
    sender_name: str
    """Sender of emails and texts."""
    reply_mailbox: str
    reply_owner: str
    next_topic: str | None
    bodies: tuple[Body, ...]
    signatories: tuple[Signatory, ...]
    enquiries: Enquiries
    from_lines: tuple[str, ...]
    """Name and postal address of the partnership, as printed."""
    routes: tuple[Route, ...]
    """The card's routes, in printed order, then those that are separate (online, survivors)."""
    promises: tuple[Promise, ...]
    texts: Mapping[str, LetterText] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    """Ids of the routes that are separate from the card because a passage gives them."""
    demonstration: bool = False
    """True for everything that the demo makes. Printed small at the foot."""
    partnership_file: str = "partnership.toml"
    sources: tuple[CitedSource, ...] = ()
    """The sources that its passages name. None in letters sealed without them."""
    languages: tuple[str, ...] = ()
    """Tags of the languages in addition to English in which its page on the parent site can be read."""
    short: Mapping[str, SiteText] = field(default_factory=dict)
    """The small set, by language: title, danger lines, card and text message, filled. Only those that a second person
    has read against today's English. Never English, and none in letters sealed without them."""
    follows: Followed | None = None
    """None for a letter that follows none, and in letters sealed before letters said so."""
    overridden: Overridden | None = None
    """Which of its words are the partnership's own. None where all are the pack's."""
    from_year: int = EVERY_YEAR
    """The first year group that it is offered to (core/calendar/year_groups.py)."""
    secondary_from: int | None = None
    """The year group from which families get `texts`, if those of younger children get `primary`
    (core/calendar/letter_versions.py). None for a letter in one version."""
    primary: Mapping[str, LetterText] = field(default_factory=dict)
    """The primary version by language. Empty for a letter in one version."""
    short_primary: Mapping[str, SiteText] = field(default_factory=dict)
    """The small set of the primary version. `short` is that of `texts`."""

    @property
    def english(self) -> LetterText:
        """The text that every translation is made from."""
        return self.texts["en"]

    @property
    def versions(self) -> tuple[Version | None, ...]:
        """The secondary and the primary version, or None as the only one."""
        return (Version.SECONDARY, Version.PRIMARY) if self.primary else (None,)

    def in_version(self, version: Version | None) -> Letter:
        """The letter as a family of this version gets it: its words are `texts`, and it has no other version.

        What a letter in one version is in any of them, and a letter with two in None, is itself.
        """
        if not self.primary or version is None:
            return self
        one = replace(self, secondary_from=None, primary={}, short_primary={})
        return replace(one, texts=self.primary, short=self.short_primary) if version is Version.PRIMARY else one

    def letter_texts(self) -> Iterator[LetterText]:
        """Every text of it: each version in each language."""
        yield from self.texts.values()
        yield from self.primary.values()

    @property
    def card_routes(self) -> tuple[Route, ...]:
        """The routes on the card that a family cuts out, in printed order."""
        return tuple(route for route in self.routes if route.id not in self.apart)
