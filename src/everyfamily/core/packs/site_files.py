"""Reads one set of the site's texts, English and its translations: a topic's `site.*.md`, or the general
`pages.*.md`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from everyfamily.core.files.toml_files import StrictModel, TomlPlaces
from everyfamily.core.packs.pack_sections import PackIncomplete, check_sections
from everyfamily.core.packs.pack_text import parse_body
from everyfamily.core.packs.site_text import ANSWERED, NOT_YET, SiteText, site_digest
from everyfamily.core.text.passages import Passage, Section
from everyfamily.core.text.placeholders import NestedGap, fill, gap_name, gaps_in

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z]+)*$")]

SITE_GAPS = frozenset(
    {
        "area", "partners", "partnership", "site", "mailbox",
        "enquiries role", "enquiries number", "enquiries hours", "statement day",
    }
)  # fmt: skip
"""Gaps that the partnership's file fills on the site, in addition to `route ID` and `route ID name`."""


UNSEEN = re.compile("[\u200b\u2060\u202a-\u202e\u2066-\u2069\ufeff]")
"""Invisible characters that turn or split what is read. Joiners and the two direction marks are part of writing."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+|\b[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b(?:/\S*)?")


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
    """`[site]` in a `pack.toml` and in `site.toml`: the languages of the texts in addition to English."""

    translations: Mapping[Language, SiteTranslation] = Field(default_factory=dict)


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

    The English has exactly the sections in `required`, each with a heading. A translation may lack sections but not
    have others, and each of its sections has the passages, asides and routes of the English one.
    """
    english = _read(text_of, folder, f"{stem}.en.md", "en")
    check_sections(english.title, english.sections, required, f"{stem}.en.md")
    _check_headings(english)
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
        _check_shape(text, english)
        texts[language] = replace(
            text,
            translator=made.translator,
            checker=made.checker,
            english_digest=made.english_digest,
            checked_digest=made.checked_digest,
            own_digest=site_digest(text),
        )
    return texts


def _read(text_of: Callable[[str], str], folder: str, name: str, language: str) -> SiteText:
    title, sections = parse_body(text_of(name), f"{folder}/{name}", part="site")
    text = SiteText(language, title, sections)
    for passage in text.passages():
        _check_gaps(passage)
        if found := UNSEEN.search(passage.words):
            raise PackIncomplete(
                f"The passage has an invisible mark in it (U+{ord(found[0]):04X}).",
                "Take it out: the site sets the direction of numbers and names itself.",
                passage.place,
            )
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


def _check_gaps(passage: Passage) -> None:
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
        if not route and gap not in {gap_name(name) for name in SITE_GAPS}:
            raise PackIncomplete(
                f'The gap "(({gap}))" is not one of the parent site\'s.',
                f"Use one of these: {', '.join(sorted(SITE_GAPS))}, route … or route … name.",
                passage.place,
            )


def _check_shape(text: SiteText, english: SiteText) -> None:
    for section in text.sections:
        own = english.section(section.id)
        at = section.heading.place if section.heading else text.title.place
        if own is None:
            raise PackIncomplete(
                f'The English text has no section "{section.id}".', "Correct its id, or take it out.", at
            )
        if not _same_shape(section, own):
            raise PackIncomplete(
                f'The section "{section.id}" has other passages than the English one '
                f"({len(section.passages)} and {len(own.passages)}).",
                f'Give the same paragraphs and items, in the same order; write "{NOT_YET}" for one not translated yet.',
                at,
            )
        for theirs, passage in zip(_lines_of(own), _lines_of(section), strict=True):
            _check_parity(passage, theirs)


def _lines_of(section: Section) -> tuple[Passage, ...]:
    """The heading, if there is one, and the passages."""
    return (section.heading, *section.passages) if section.heading is not None else section.passages


def _check_parity(translated: Passage, english: Passage) -> None:
    """Refuse a translated passage that shows a different gap, digit or address from the English one.

    A number written by hand, or 44 for 55, might be noticed by a second reader or by nobody. What is not translated yet
    appears in English, so a passage is compared as the page will show it.
    """
    passage = replace(
        translated,
        text=english.text if translated.text == NOT_YET else translated.text,
        aside=english.aside if translated.aside in (None, NOT_YET) else translated.aside,
    )
    for (what, fix), own, theirs in zip(_SAME, _facts_of(passage), _facts_of(english), strict=True):
        if own != theirs:
            raise PackIncomplete(
                f"The passage has other {what} than the English one ({_listed(own)} and {_listed(theirs)}).",
                fix,
                passage.place,
            )


_SAME = (
    ("gaps", "Put each gap where the English has it."),
    ("digits", "Write the same digits; telephone numbers come by gaps."),
    ("addresses", "Name no page or mailbox that the English does not name."),
)
"""What a translated passage must show as the English one does, in the order of `_facts_of`."""


def _facts_of(passage: Passage) -> tuple[list[str], list[str], list[str]]:
    gaps = gaps_in(passage.words)
    digits, addresses = digits_and_addresses(fill(passage.words, dict.fromkeys(gaps, "")))
    return sorted(f"(({gap}))" for gap in gaps), digits, addresses


def digits_and_addresses(words: str) -> tuple[list[str], list[str]]:
    """What a translation must have as the English has it: runs of digits, in Western form, and web and email
    addresses."""
    western = "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in words)
    return sorted(re.findall(r"[0-9]+", western)), sorted(_ADDRESS.findall(words))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names) or "none"


def _same_shape(section: Section, english: Section) -> bool:
    if section.heading is None or english.heading is None:
        return False
    pairs = zip((section.heading, *section.passages), (english.heading, *english.passages), strict=False)
    return len(section.passages) == len(english.passages) and all(
        # An aside that is not translated yet appears in English. One that the English does not have would be lost.
        own.kind == theirs.kind and (own.aside is None or theirs.aside is not None)
        for own, theirs in pairs
    )
