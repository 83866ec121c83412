"""The parent site's words as a family reads them: gaps filled, untranslated parts left out, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from everyfamily.checks.text.pieces import Piece, pieces_of_text
from everyfamily.core.packs.site_text import NOT_YET, SiteText
from everyfamily.core.partnership.site_gaps import STATEMENT_DAY, gap_texts, partners_of
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.name_lists import joined_names
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import fill

if TYPE_CHECKING:  # a letter from outside is checked without reading a partnership's file
    from everyfamily.core.partnership.partnership import Partnership


def filled_for(texts: Mapping[str, SiteText], partnership: Partnership, today: date) -> dict[str, SiteText]:
    """The texts with the partnership's words in their gaps. A route that it does not have leaves its gap open."""
    values = _values(partnership, today)
    return {language: _filled_text(text, values) for language, text in texts.items()}


def pieces_of_site(texts: Mapping[str, SiteText]) -> Iterator[Piece]:
    """Every piece of one set of the site's texts, language by language. The English replaces a passage "…"."""
    for language, text in texts.items():
        yield from (piece for piece in pieces_of_text(text, language) if piece.text != NOT_YET)


def _values(partnership: Partnership, today: date) -> dict[str, str]:
    partners = joined_names(partners_of(partnership))
    return gap_texts(partnership) | {"partners": partners, STATEMENT_DAY: day_in_words(today)}


def _filled_text(text: SiteText, values: Mapping[str, str]) -> SiteText:
    sections = tuple(
        replace(
            section,
            heading=None if section.heading is None else _filled(section.heading, values),
            passages=tuple(_filled(passage, values) for passage in section.passages),
        )
        for section in text.sections
    )
    return replace(text, title=_filled(text.title, values), sections=sections)


def _filled(passage: Passage, values: Mapping[str, str]) -> Passage:
    aside = passage.aside
    if "((" not in passage.text and "((" not in (aside or ""):
        return passage
    return replace(passage, text=fill(passage.text, values), aside=None if aside is None else fill(aside, values))
