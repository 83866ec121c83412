"""A letter that is being written, opened for a page: its pack, its words, and the letter that they make today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any, Concatenate

from django.http import Http404, HttpResponseBase

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import LetterPart, letter_parts, part_of
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.drafting import Drafted, Key, Read, drafted_pack
from everyfamily.core.packs.packs import Pack
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.permissions import Right
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft_by_reference
from everyfamily.letters.draft_queries.words import (
    composed,
    drafted,
    pack_of,
    read_in,
    settings_now,
)
from everyfamily.staff.access import Visit, page
from everyfamily.staff.letters.mends import of_problem


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft with everything that its pages show."""

    draft: DraftFacts
    partnership: Partnership
    settings: str
    """Digest of the settings in force."""
    rows: Mapping[Key, Drafted]
    """What is not the pack's."""
    read: tuple[Read, ...]
    pack: Pack
    """As it was when the draft was begun."""
    worded: Pack
    """The pack with the draft's words in it, and its gaps open."""
    letter: Letter
    today: date

    @property
    def languages(self) -> tuple[str, ...]:
        """Those in which the whole letter is written, English first."""
        return tuple(self.worded.texts)

    @property
    def parts(self) -> tuple[LetterPart, ...]:
        """The parts of the English, with the passages that stand this term."""
        return self.parts_in("en")

    def parts_in(self, language: str) -> tuple[LetterPart, ...]:
        """The parts in one language."""
        ids = self._ids(language)
        return tuple(one.with_only(ids) for one in letter_parts(self.worded, language))

    def part(self, language: str, part_id: str) -> LetterPart:
        """One part with the draft's words. Raises Http404 if there is none."""
        found = part_of(self.worded, language, part_id)
        if found is None:
            raise Http404
        return found.with_only(self._ids(language))

    def own_part(self, language: str, part_id: str) -> LetterPart:
        """The same as the pack has it."""
        found = part_of(self.pack, language, part_id)
        assert found is not None  # words change, sections do not
        return found.with_only(self._ids(language))

    def has_passage(self, language: str, passage_id: str) -> bool:
        """Whether the letter has this passage in this language."""
        return passage_id in self._ids(language)

    def _ids(self, language: str) -> set[str]:
        of_language = (text for text in self.letter.letter_texts() if text.language == language)
        return {one.id for text in of_language for one in (*text.passages(), *text.outside(), *text.beside())}

    def with_rows(self, rows: Mapping[Key, Drafted]) -> Opened:
        """The same with other words, which nobody has saved. Raises what composing raises."""
        worded = drafted_pack(self.pack, list(rows.values()), self.read)
        letter = composed(self.draft, worded, self.partnership)
        return replace(self, rows=rows, worded=worded, letter=letter)


def open_draft(draft: DraftFacts, now: datetime) -> Opened:
    """Open it. Raises what composing raises: OverrideStale, TopicNotPlanned, RouteUnknown and others."""
    (partnership, settings), pack = settings_now(now), pack_of(draft)
    rows, read = drafted(draft.id), tuple(read_in(draft.id))
    worded = drafted_pack(pack, list(rows.values()), read)
    letter = composed(draft, worded, partnership)
    today = now.astimezone(LONDON).date()
    return Opened(draft, partnership, settings, rows, read, pack, worded, letter, today)


type _View[**P] = Callable[P, HttpResponseBase]


def known(reference: str) -> DraftFacts:
    """The draft of a reference in an address. Raises Http404."""
    found = draft_by_reference(reference)
    if found is None:
        raise Http404
    return found


def shown[**P](
    visit: Visit, draft: DraftFacts, view: _View[Concatenate[Visit, Opened, P]], *args: P.args, **kwargs: P.kwargs
) -> HttpResponseBase:
    """The page of a draft. One that makes no letter today gets a page that says why."""
    try:
        opened = open_draft(draft, visit.now)
    except EveryfamilyError as problem:
        mend = of_problem(problem, draft.reference, visit.held)
        values = {"here": "letters", "draft": draft, "problem": problem, "mend": mend}
        return visit.render("staff/letters/problem.html", values, status=409)
    return view(visit, opened, *args, **kwargs)


def letter_page(right: Right) -> Callable[[_View[Concatenate[Visit, ...]]], Callable[..., HttpResponseBase]]:
    """A page of letters: also for those who read them for one body. It is opened for no school."""
    return page(right, anywhere=True)


def draft_page(
    right: Right,
) -> Callable[[_View[Concatenate[Visit, Opened, ...]]], Callable[..., HttpResponseBase]]:
    """A page of one draft, for whoever has the right."""

    def guarding(view: _View[Concatenate[Visit, Opened, ...]]) -> Callable[..., HttpResponseBase]:
        @letter_page(right)
        @wraps(view)
        def guarded(visit: Visit, reference: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return shown(visit, known(reference), view, *args, **kwargs)

        return guarded

    return guarding
