"""What the pages of recordings show."""

from __future__ import annotations

from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.languages import english_name
from everyfamily.letters.site_queries import RecordingFacts, letters_to_read, recordings
from everyfamily.parentsite.recordings import MOST_BYTES, usual_minutes, words_digest
from everyfamily.staff.access import Visit

ON_A_PAGE = 20
"""Letters. Each has up to a dozen languages."""


def list_values(before: int) -> dict[str, Any]:
    """Letters, the newest first, with each language and who read it."""
    letters = letters_to_read(before, ON_A_PAGE + 1)
    shown = letters[:ON_A_PAGE]
    kept = {(one.reference, one.language): one for one in recordings([one.reference for one in shown])}
    return {
        "here": "site",
        "letters": [
            (
                one.reference,
                one.term,
                [(tag, english_name(tag), kept.get((one.reference, tag))) for tag in one.languages],
            )
            for one in shown
        ],
        "older": shown[-1].id if len(letters) > ON_A_PAGE else None,
    }


def recording_values(visit: Visit, letter: Letter, language: str) -> dict[str, Any]:
    """One letter in one language."""
    kept = next((one for one in recordings([letter.reference]) if one.language == language), None)
    return {
        "here": "site",
        "reference": letter.reference,
        "language": language,
        "name": english_name(language),
        "minutes": usual_minutes(letter, language),
        "has_versions": len(letter.versions) > 1,
        "words": words_digest(letter, language),
        "most": MOST_BYTES // 1_000_000,
        "kept": kept,
        "kept_on": _day(kept) if kept is not None else "",
        "problem": None,
        "typed": None,
    }


def _day(kept: RecordingFacts) -> str:
    return day_in_words(kept.at.astimezone(LONDON).date())
