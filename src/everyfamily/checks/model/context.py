"""What rules may look at: the letter, the day, and what rendering measured, passed in as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from everyfamily.checks.model.waivers import WaiverUse
from everyfamily.checks.text.about_harm import UNSAID, Subject, subject_of
from everyfamily.checks.text.document_pieces import pieces_of_document
from everyfamily.checks.text.pieces import Part, Piece, pieces_of
from everyfamily.checks.text.site_words import filled_for, pieces_of_site
from everyfamily.core.letter.letters import CitedSource, Letter
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.bodies import Promise
from everyfamily.core.partnership.routes import Route
from everyfamily.core.text.gaps import PERSONAL_GAPS
from everyfamily.core.text.outside_document import Document
from everyfamily.core.text.passages import LetterText, Passage

if TYPE_CHECKING:  # a letter from outside is checked without reading packs and partnerships
    from everyfamily.core.packs.sources import Source
    from everyfamily.core.partnership.partnership import Partnership

_SAYS_INVENTED = re.compile(r"\bDemonstration: [^\n]{1,80}\binvented\b")
"""What every letter of a demonstration prints at its foot (rendering/labels.py)."""
LEAST_ENGLISH = 4
"""A document is in English if one letter in this many is: with two translations below it, it still is."""


class Need(StrEnum):
    """What a rule cannot do without. If a rule's need is not met, it is skipped, and the report says so."""

    LETTER = "a letter composed from a pack and a partnership file"
    OURS = "a text of ours, with its promises and sources"
    WHOLE = "a whole letter, which pages of the parent site are not"
    SMS = "the count of text message fragments"
    PRINT = "the count of printed pages"
    WAIVERS = "the waivers, once they were applied"
    REGISTER = "a partnership's register of routes (--partnership FILE)"
    ENGLISH = "a text in English"
    HARM = "a letter about harm to children, which this does not read as (--about-harm runs them)"


@dataclass(frozen=True, slots=True)
class SmsCount:
    """A text message as GOV.UK Notify would count it."""

    fragments: int
    characters: int
    encoding: Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True, slots=True)
class CheckContext:
    """Everything that a run of the rules reads. Make one with `of_letter`, `of_site` or `of_document`.

    `sms_fragments` and `print_pages` are by language. None means that nobody measured. `open_gaps` are names of gaps
    that stay open when the letter is sealed. The runner fills `waiver_uses` for rules about waivers. `documents` are
    files as read back: the one document from outside, or those that our letter was rendered into. `register` has the
    routes that a partnership keeps, for our letter or for a document given together with a partnership's file.
    `subject` says whether rules about letters on harm to children apply, and which kinds of harm.

    `texts` are ours by language, for a letter or for the parent site, with the `promises` that somebody agreed to, the
    `sources` that they name, the `signatories` (ids) who may waive, and the `own_numbers` printed next to the
    register's. In a `demonstration`, numbers, addresses and names may be invented. A letter from outside says that it
    is one.
    """

    pieces: tuple[Piece, ...]
    today: date
    letter: Letter | None = None
    sms_fragments: Mapping[str, SmsCount] | None = None
    print_pages: Mapping[str, int] | None = None
    open_gaps: frozenset[str] = PERSONAL_GAPS
    waiver_uses: tuple[WaiverUse, ...] | None = None
    documents: tuple[Document, ...] = ()
    register: tuple[Route, ...] | None = None
    subject: Subject = UNSAID
    texts: Mapping[str, LetterText] | Mapping[str, SiteText] | None = None
    promises: tuple[Promise, ...] = ()
    sources: tuple[CitedSource, ...] = ()
    signatories: tuple[str, ...] = ()
    own_numbers: tuple[str, ...] = ()
    demonstration: bool = False
    folder: str = ""
    """Before the language in the names of our letter's files: "primary/" for the primary version."""

    @classmethod
    def of_letter(
        cls,
        letter: Letter,
        *,
        today: date,
        sms_fragments: Mapping[str, SmsCount] | None = None,
        print_pages: Mapping[str, int] | None = None,
        open_gaps: frozenset[str] = PERSONAL_GAPS,
        documents: Sequence[Document] = (),
        folder: str = "",
    ) -> CheckContext:
        """A context for one of our letters in one version, in every language and channel it has."""
        return cls(
            pieces_of(letter),
            today,
            letter,
            sms_fragments,
            print_pages,
            open_gaps,
            documents=tuple(documents),
            register=letter.routes,
            texts=letter.texts,
            promises=letter.promises,
            sources=letter.sources,
            signatories=tuple(signatory.id for signatory in letter.signatories),
            own_numbers=(letter.enquiries.number,),
            demonstration=letter.demonstration,
            folder=folder,
        )

    @classmethod
    def of_site(
        cls,
        texts: Mapping[str, SiteText],
        partnership: Partnership,
        *,
        today: date,
        sources: Mapping[str, Source],
        open_gaps: frozenset[str] = frozenset(),
    ) -> CheckContext:
        """A context for one set of the parent site's texts, by language, filled for a partnership.

        `sources` are those of the set's own file.
        """
        filled = filled_for(texts, partnership, today)
        return cls(
            tuple(pieces_of_site(filled)),
            today,
            open_gaps=open_gaps,
            register=partnership.routes,
            texts=filled,
            promises=partnership.promises,
            sources=tuple(
                CitedSource(key, source.supports, source.address, source.status, source.review_on)
                for key, source in sources.items()
            ),
            signatories=tuple(signatory.id for signatory in partnership.signatories),
            own_numbers=(partnership.enquiries.number,),
            demonstration=partnership.demonstration,
        )

    @classmethod
    def of_document(
        cls,
        document: Document,
        *,
        today: date,
        register: Sequence[Route] | None = None,
        about_harm: bool | None = None,
    ) -> CheckContext:
        """A context for a document from outside: text with places, and a register if somebody gave one.

        If `about_harm` is None, the words of the document decide.
        """
        pieces = pieces_of_document(document)
        subject = subject_of(pieces)
        return cls(
            pieces,
            today,
            documents=(document,),
            register=None if register is None else tuple(register),
            subject=subject if about_harm is None else replace(subject, about_harm=about_harm),
            demonstration=any(_SAYS_INVENTED.search(piece.text) for piece in pieces),
        )

    @property
    def is_about_harm(self) -> bool:
        """Whether it is read as a letter about harm to children."""
        return self.subject.about_harm

    @property
    def is_ours(self) -> bool:
        """Whether we wrote it: a letter from a pack, or the parent site's words."""
        return self.texts is not None

    @property
    def is_site(self) -> bool:
        """Whether it is words of the parent site, which are not a letter."""
        return self.is_ours and self.letter is None

    @property
    def provides(self) -> frozenset[Need]:
        """The needs this context meets."""
        met = {
            Need.LETTER: self.letter is not None,
            Need.OURS: self.is_ours,
            Need.WHOLE: not self.is_site,
            Need.SMS: self.sms_fragments is not None,
            Need.PRINT: self.print_pages is not None,
            Need.WAIVERS: self.waiver_uses is not None,
            Need.REGISTER: self.register is not None,
            Need.ENGLISH: self._is_in_english,
            Need.HARM: self.is_about_harm,
        }
        return frozenset(need for need, is_met in met.items() if is_met)

    @property
    def _is_in_english(self) -> bool:
        """Ours always is, with its translations. An English letterhead over a Polish letter does not make it an English
        text."""
        english = sum(len(piece.text) for piece in self.pieces if piece.is_english)
        enough = self.is_ours or english * LEAST_ENGLISH >= sum(len(piece.text) for piece in self.pieces)
        return english > 0 and enough

    def written(self) -> Iterator[tuple[str, Passage]]:
        """Each passage of our own texts with its language, including those next to the letter and outside it."""
        for language, text in (self.texts or {}).items():
            for passage in text.passages():
                yield language, passage
            if isinstance(text, LetterText):
                for passage in (*text.outside(), *text.beside()):
                    yield language, passage

    def part(self, part: Part, language: str | None = None) -> Iterator[Piece]:
        """The pieces of one part, in reading order, in one language or in all."""
        for piece in self.pieces:
            if piece.part == part and language in (None, piece.language):
                yield piece

    def of_passage(self, passage: str) -> Iterator[Piece]:
        """Where a finding about something in a passage points: to its first piece, or otherwise the first of all."""
        yield from [*(piece for piece in self.pieces if piece.passage == passage), *self.pieces][:1]

    def titles(self, part: Part = "body") -> dict[str, Piece]:
        """The first piece of a part in each language: a finding about something missing points here."""
        first: dict[str, Piece] = {}
        for piece in self.part(part):
            first.setdefault(piece.language, piece)
        return first
