"""The page for those who review a pack: a specialist, a manager, a lawyer. One file that can be sent and printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from everyfamily.core.calendar.year_groups import from_year_in_words, year_in_words
from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.packs.pack_review import PackReview, PackText
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.passages import Passage
from everyfamily.rendering.html import environment

_TITLES = {
    "letter": "The letter",
    "email": "What is seen of the email before it is opened",
    "sms": "The text messages",
    "newsletter": "The passage for a school’s newsletter",
    "briefing": "The page for a school’s staff",
    "press": "The page for the press office",
    "site": "The pages on the parent site",
}
_STATUS = {"found": "seen", "second-hand": "second-hand", "recollection": "own knowledge"}


def render_pack_page(review: PackReview, digest_words: str, today: date) -> str:
    """The page as HTML that needs nothing else. `digest_words` is the pack's digest as people compare it."""
    return (
        environment()
        .get_template("pack_page.html")
        .render(
            review=review,
            about=review.pack.about,
            for_whom=from_year_in_words(review.pack.about.from_year) or "of every year",
            secondary_from=review.pack.about.secondary_from and year_in_words(review.pack.about.secondary_from),
            digest=digest_words,
            today=day_in_words(today),
            day=day_in_words,
            texts=[(_title(text), text.name, list(_sections(text))) for text in review.texts],
            doubtful={one.key for one in review.to_confirm},
            status=_STATUS,
            file_of={
                passage.id: text.name.rsplit(".", 2)[0] for text in review.texts for passage in text.passages
            },
            sources=review.pack.sources,
        )
    )


def _title(text: PackText) -> str:
    said = _TITLES.get(text.name.split(".")[0], text.name)
    return f"{said}: primary version" if text.name.split(".")[1] == PRIMARY else said


def _sections(text: PackText) -> list[dict[str, Any]]:
    """The passages under their headings. A passage before the first heading is under none."""
    found: list[dict[str, Any]] = []
    for passage in text.passages:
        section = _section_of(passage)
        if passage.kind in ("title", "heading") or not found or found[-1]["id"] != section:
            found.append({"id": section, "head": None, "passages": []})
        if passage.kind in ("title", "heading"):
            found[-1]["head"] = passage
        else:
            found[-1]["passages"].append(passage)
    return found


def _section_of(passage: Passage) -> str:
    """The part of its id before its number: "now" of "now/2", "newsletter/about" of "newsletter/about/1"."""
    return passage.id if passage.kind == "heading" else passage.id.rpartition("/")[0]
