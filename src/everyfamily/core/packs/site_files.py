"""Reads one set of the site's texts, English and its translations: a topic's `site.*.md`, or the general
`pages.*.md`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from everyfamily.core.files.toml_files import StrictModel, TomlPlaces
from everyfamily.core.packs.pack_sections import PackIncomplete, check_sections
from everyfamily.core.packs.pack_text import parse_body
from everyfamily.core.packs.parity import check_shape, check_unseen
from everyfamily.core.packs.pictures import PictureName
from everyfamily.core.packs.site_text import ANSWERED, SiteText, site_digest, with_further
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import NestedGap, fill, gap_name, gaps_in

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]+)*$")]

SITE_GAPS = frozenset(
    {
        "area", "partners", "partnership", "site", "mailbox",
        "enquiries role", "enquiries number", "enquiries hours", "statement day",
    }
)  # fmt: skip
"""Gaps that the partnership's file fills on the site, in addition to `route ID` and `route ID name`."""
_SITE_GAPS_COMPARED = frozenset(gap_name(name) for name in SITE_GAPS)


class SiteTranslation(StrictModel):
    """Who made a translation of the site's text, who read it against the English, and from which English it was
    made."""

    translator: str
    checker: str | None = None
    checked_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    """The digest of the translation's own words as the checker read them. With a different digest, nobody has
    checked it."""
    english_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class SiteTable(StrictModel):
    """`[site]` in a `pack.toml` and in `site.toml`: the languages of the texts in addition to English, and pictures."""

    translations: Mapping[Language, SiteTranslation] = Field(default_factory=dict)
    pictures: Mapping[str, tuple[PictureName, ...]] = Field(default_factory=dict)
    """For a section in short sentences, one for each of its items, in order. They are the same in every language."""


def site_texts(
    text_of: Callable[[str], str],
    folder: str,
    stem: str,
    table: SiteTable,
    places: TomlPlaces,
    required: Mapping[str, str],
    languages: Collection[str] | None = None,
) -> dict[str, SiteText]:
    """Read `<stem>.<language>.md` in English and in each language of `table` that is in `languages` (None: all). Raises
    TextFileUnreadable, PackTextMalformed or PackIncomplete.

    The English has exactly the sections in `required`, and perhaps a further page's, each with a heading. A translation
    may lack sections but not have others, and each of its sections has the passages, asides and routes of the English
    one.
    """
    english = _read(text_of, folder, f"{stem}.en.md", "en")
    check_sections(english.title, english.sections, with_further(required, english.sections), f"{stem}.en.md")
    _check_headings(english)
    _check_pictures(english, table, places)
    texts = {"en": replace(english, english_digest=site_digest(english))}
    for language, made in table.translations.items():
        if language == "en":
            raise PackIncomplete(
                "English is not a translation.",
                "Take the table out.",
                places.place(("site", "translations", "en")),
            )
        if languages is not None and language not in languages:
            continue
        text = _read(text_of, folder, f"{stem}.{language}.md", language)
        check_shape(text, english)
        texts[language] = translated_by(text, made)
    return texts


def translated_by(text: SiteText, made: SiteTranslation) -> SiteText:
    """A translation with who made it, who read it and which words, as its table says, and the digest of its own."""
    return replace(
        text,
        translator=made.translator,
        checker=made.checker,
        english_digest=made.english_digest,
        checked_digest=made.checked_digest,
        own_digest=site_digest(text),
    )


def _read(text_of: Callable[[str], str], folder: str, name: str, language: str) -> SiteText:
    title, sections = parse_body(text_of(name), f"{folder}/{name}", part="site")
    text = SiteText(language, title, sections)
    for passage in text.passages():
        check_gaps(passage)
        check_unseen(passage)
    return text


def _check_headings(english: SiteText) -> None:
    for section in english.sections:
        if section.heading is None:
            raise PackIncomplete(
                f'The section "{section.id}" has no heading.',
                "Write one: it is shown on the page, or in the browser's tab.",
                section.passages[0].place if section.passages else english.title.place,
            )
        items = [passage for passage in section.passages if passage.kind == "item"]
        if section.heading.aside is None and any(item.aside for item in items):
            raise PackIncomplete(
                "The heading does not say what the asides of its items are.",
                'Write "Heading | what they are".',
                section.heading.place,
            )
        for item in items:
            if section.id in ANSWERED and item.aside is None:
                raise PackIncomplete("The item has no answer.", 'Write "text | answer".', item.place)


def _check_pictures(english: SiteText, table: SiteTable, places: TomlPlaces) -> None:
    for name, pictures in table.pictures.items():
        section = english.section(name)
        lines = [passage.kind for passage in section.passages] if section is not None else []
        if lines != ["item"] * len(pictures):
            raise PackIncomplete(
                f'"{name}" has {len(pictures)} pictures, and {lines.count("item")} items in the text.',
                "Give one picture for each item, to a section that has only items.",
                places.place(("site", "pictures", name)),
            )


def check_gaps(passage: Passage) -> None:
    """Raise PackIncomplete for a gap that the parent site does not fill, or that is not closed."""
    words = passage.words
    try:
        fill(words, {})
    except NestedGap as error:
        raise PackIncomplete(error.fact, error.fix, passage.place) from error
    if "((" in fill(words, dict.fromkeys(gaps_in(words), "")) or "??" in words:
        raise PackIncomplete(
            "A gap is opened and not closed, or has a condition.", 'Write "((name))".', passage.place
        )
    for gap in gaps_in(words):
        route = gap.startswith("route ") and "school" not in gap.split()
        if not route and gap not in _SITE_GAPS_COMPARED:
            raise PackIncomplete(
                f'The gap "(({gap}))" is not one of the parent site\'s.',
                f"Use one of these: {', '.join(sorted(SITE_GAPS))}, route … or route … name.",
                passage.place,
            )
