"""Notes as the pages show them: a few on the page of the letter, and all of them on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.words import since_words
from everyfamily.core.permissions import Right
from everyfamily.core.text.beginnings import beginning_of
from everyfamily.core.text.row_numbers import row_number
from everyfamily.letters.actions.reviewing import LONGEST
from everyfamily.letters.draft_queries.drafts import DraftFacts
from everyfamily.letters.draft_queries.notes import NoteFacts, notes_before, notes_first
from everyfamily.staff.access import Visit
from everyfamily.staff.agreeing.opened import Asked, asked_for

ON_THE_LETTER: Final = 5
ON_A_PAGE: Final = 15
"""Of the page of all notes. Each may have a thousand characters, and a page has 60 kB at most."""


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note, and whether the reader may say that it is settled."""

    id: int
    text: str
    is_cut: bool
    by: str
    role: str
    place: str
    when: str
    settled: str
    may_settle: bool


def notes_of_letter(visit: Visit, asked: Asked, today: date) -> dict[str, Any]:
    """What the page of the letter shows of its notes: those that are open first, the newest at the top."""
    found = notes_first(asked.draft.id, ON_THE_LETTER)
    headings = dict(sections_of(asked))
    return {
        "notes": [_shown(visit, one, headings, today) for one in found.shown],
        "all_notes": found.all,
        "open_notes": found.open,
        "longest_note": f"{LONGEST:,}",
        "sections": sections_of(asked),
    }


def notes_values(visit: Visit, draft: DraftFacts) -> dict[str, Any]:
    """A page of all notes on a letter, the newest at the top."""
    asked, today = asked_for(draft), visit.now.astimezone(LONDON).date()
    headings = dict(sections_of(asked)) if asked is not None else {}
    before = row_number(visit.request.GET.get("before", "")) or None
    found = notes_before(draft.id, before, ON_A_PAGE + 1)
    shown = [_shown(visit, one, headings, today, whole=True) for one in found[:ON_A_PAGE]]
    return {
        "here": "letters",
        "reference": draft.reference,
        "title": asked.letter.english.title.text if asked is not None else f"Letter {draft.reference}",
        "is_asked": asked is not None,
        "notes": shown,
        "is_first": before is None,
        "older": shown[-1].id if len(found) > ON_A_PAGE else None,
    }


def sections_of(asked: Asked) -> list[tuple[str, str]]:
    """What a note can be about: the sections of the letter, by id, with their headings."""
    return [
        (one.id, one.heading.text if one.heading is not None else one.id.capitalize())
        for one in asked.letter.english.sections
    ]


def may_settle(visit: Visit, note: NoteFacts) -> bool:
    """Whether the reader may settle a note: an author may, and the person who left it may take it back this way."""
    return visit.held.may(Right.WRITE_LETTERS) or note.account == visit.account


def _shown(
    visit: Visit, one: NoteFacts, headings: Mapping[str, str], today: date, *, whole: bool = False
) -> NoteShown:
    text = one.text if whole else beginning_of(one.text)
    return NoteShown(
        one.id,
        text,
        text != one.text,
        one.by,
        one.role,
        headings.get(one.passage.partition("/")[0], one.passage),
        since_words(one.at, today),
        one.settled_by,
        one.settled_at is None and may_settle(visit, one),
    )
