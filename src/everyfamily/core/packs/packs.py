"""Content packs: the words on one topic, versioned, with their sources. They are data, read into typed values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from everyfamily.core.calendar.year_groups import EVERY_YEAR, LAST_YEAR
from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.toml_files import StrictModel, TomlPlaces, parse_toml
from everyfamily.core.packs.letter_files import PRIMARY, TextFiles, letter_text
from everyfamily.core.packs.overridden_words import Overridden
from everyfamily.core.packs.pack_files import digest_of_files, files_in_folder
from everyfamily.core.packs.pack_sections import PackIncomplete, check_sections, letter_sections
from everyfamily.core.packs.section_shapes import shape_faults
from everyfamily.core.packs.short_texts import english_short, short_texts
from everyfamily.core.packs.site_files import Language, SiteTable, SiteTranslation, site_texts
from everyfamily.core.packs.site_text import TOPIC_SECTIONS, SiteText
from everyfamily.core.packs.sources import Source, SourcesFile, check_sources, source_faults
from everyfamily.core.packs.translations import english_digest
from everyfamily.core.text.passages import LetterText, Passage
from everyfamily.core.text.placeholders import NestedGap, fill, gap_name, gaps_in

Nation = Literal["England", "Wales", "Scotland", "Northern Ireland"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class PackRoutes(StrictModel):
    """Routes by their id in the partnership's register: the card's in printed order, and those that are separate."""

    card: tuple[Name, ...] = Field(min_length=1)
    apart: tuple[Name, ...] = ()

    @field_validator("card")
    @classmethod
    def danger_comes_first(cls, card: tuple[str, ...]) -> tuple[str, ...]:
        if card and card[0] != "emergency":
            raise ValueError('the first route on the card must be "emergency"')
        return card


class Translation(StrictModel):
    """Who made a translation, who read it against the English, and from which version of the English it was made.

    `english_digest` is what reading the pack gives for the English text on the day of translating.
    """

    translator: str
    checker: str | None = None
    english_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class PackFile(StrictModel):
    """`pack.toml`: what the pack is, for whom, and what its texts may use."""

    id: Name
    title: str
    topic_words: tuple[str, ...] = Field(min_length=1)
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    nations: tuple[Nation, ...] = Field(min_length=1)
    offered_to: str
    from_year: Annotated[int, Field(ge=EVERY_YEAR, le=LAST_YEAR)] = EVERY_YEAR
    """The first year group that it may go out to, unless the partnership decides otherwise: 0 is Reception, and so
    every child."""
    secondary_from: Annotated[int, Field(gt=EVERY_YEAR, le=LAST_YEAR)] | None = None
    """The year group from which families get the usual texts, if those of younger children have a version of their own
    (`letter.primary.en.md`). None for a pack whose letter has one version."""
    languages: tuple[Language, ...] = ("en",)
    translations: Mapping[Language, Translation] = Field(default_factory=dict)
    gaps: tuple[str, ...]
    review_on: date
    routes: PackRoutes
    site: SiteTable | None = None
    """Present if the pack has pages for the parent site."""
    short: Mapping[Language, SiteTranslation] = Field(default_factory=dict)
    """Who made the small set of each language, `short.<language>.md`, and who read it."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A content pack as read: texts with their gaps open, by language."""

    about: PackFile
    texts: Mapping[str, LetterText]
    sources: Mapping[str, Source]
    digest: str
    """SHA-256 over the names and words of the pack's files."""
    places: TomlPlaces
    site: Mapping[str, SiteText] = field(default_factory=dict)
    """The topic's pages on the parent site, by language. Empty for a pack without a [site] table."""
    short: Mapping[str, SiteText] = field(default_factory=dict)
    """The small set by language, drafts too, with the English that it is made from."""
    overridden: Overridden | None = None
    """What a partnership says in its own words instead. None for the pack itself."""
    primary: Mapping[str, LetterText] = field(default_factory=dict)
    """The primary version by language. Empty for a letter in one version, whose words are `texts`."""

    @property
    def id(self) -> str:
        """The topic's id, "child-sexual-exploitation"."""
        return self.about.id

    def letter_texts(self) -> Iterator[LetterText]:
        """Every text of its letter: each version in each language."""
        yield from self.texts.values()
        yield from self.primary.values()


def load_pack(folder: Path, site_languages: Collection[str] | None = None) -> Pack:
    """Read a pack's folder, and its pages for the parent site in English and in `site_languages` (None: all of them).

    Raises TextFileUnreadable, TomlNotValid, PackTextMalformed or PackIncomplete.
    """
    return parse_pack(files_in_folder(folder), folder.name, site_languages)


def parse_pack(files: Mapping[str, bytes], folder: str, site_languages: Collection[str] | None = None) -> Pack:
    """Make a pack from its files' bytes (name to bytes). Raises what `load_pack` raises, never anything else."""
    texts = TextFiles(files, folder)
    about, places = parse_toml(PackFile, texts.text("pack.toml"), texts.shown("pack.toml"))
    sources, _ = parse_toml(SourcesFile, texts.text("sources.toml"), texts.shown("sources.toml"))
    letters = {language: letter_text(texts, language) for language in about.languages}
    pack = Pack(about, letters, sources.sources, digest_of_files(files), places)
    pack = replace(pack, primary=_primary(pack, texts))
    _check_languages(pack, texts)
    for letter in pack.letter_texts():
        check_sections(letter.title, letter.sections, letter_sections(letter.sections), "a letter")
        for fault in shape_faults(letter.sections):
            raise fault
        _check_passages(pack, [*letter.passages(), *letter.outside(), *letter.beside()])
    english = english_short(letters["en"], about.routes.card, pack.primary.get("en"))
    short = short_texts(texts.text, folder, about.short, english, places)
    pack = replace(pack, texts=_with_translators(pack, pack.texts), primary=_with_translators(pack, pack.primary))
    return replace(pack, site=_site(pack, texts, site_languages), short=short)


def _primary(pack: Pack, texts: TextFiles) -> dict[str, LetterText]:
    """The primary version. Raises PackIncomplete if its files and pack.toml do not agree on whether there is one."""
    about = pack.about
    if about.secondary_from is None:
        if texts.has(name := f"letter.{PRIMARY}.en.md"):
            raise PackIncomplete(
                "The pack has a primary version, and does not say from which year families get the other one.",
                "Add secondary_from to pack.toml, such as secondary_from = 7.",
                SourceLocation(texts.shown(name)),
            )
        return {}
    if about.secondary_from <= about.from_year:
        raise PackIncomplete(
            "The secondary version begins where the letter does, so nobody would get the primary one.",
            "Lower from_year, raise secondary_from, or take it and the primary files out.",
            pack.places.place(("secondary_from",)),
        )
    return {language: letter_text(texts, language, primary=True) for language in about.languages}


def _site(pack: Pack, texts: TextFiles, languages: Collection[str] | None) -> dict[str, SiteText]:
    if pack.about.site is None:
        return {}
    site = site_texts(texts.text, texts.folder, "site", pack.about.site, pack.places, TOPIC_SECTIONS, languages)
    for text in site.values():
        check_sources(pack.sources, text.passages())
    return site


def _check_languages(pack: Pack, files: TextFiles) -> None:
    if "en" not in pack.texts:
        raise PackIncomplete(
            "The pack has no English text.",
            'Add "en": translations are made from it.',
            pack.places.place(("languages",)),
        )
    for texts, tag in ((pack.texts, ""), (pack.primary, f"{PRIMARY}.")):
        for language, text in texts.items():
            if [section.id for section in text.sections] != [section.id for section in texts["en"].sections]:
                raise PackIncomplete(
                    "The sections are not those of the English text.",
                    "Give the same sections in the same order.",
                    SourceLocation(files.shown(f"letter.{tag}{language}.md")),
                )


def _with_translators(pack: Pack, texts: Mapping[str, LetterText]) -> dict[str, LetterText]:
    """The texts of a version, each with who made it and from which English. Raises PackIncomplete if nobody says."""
    digest = english_digest(pack.texts["en"], pack.primary.get("en"))
    for language in pack.about.translations:
        if language == "en" or language not in pack.texts:
            raise PackIncomplete(
                f'The table translations.{language} is of no translation in "languages".',
                "Add the language there, or take the table out.",
                pack.places.place(("translations", language)),
            )
    made_by: dict[str, LetterText] = {}
    for language, text in texts.items():
        made = pack.about.translations.get(language)
        if language == "en":
            made_by[language] = replace(text, english_digest=digest)
        elif made is None:
            raise PackIncomplete(
                f'The pack does not say who made the translation "{language}".',
                f'Add [translations.{language}] with translator, checker and english_digest = "{digest}".',
                pack.places.place(("languages",)),
            )
        else:
            made_by[language] = replace(
                text, translator=made.translator, checker=made.checker, english_digest=made.english_digest
            )
    return made_by


def _check_passages(pack: Pack, passages: Iterable[Passage]) -> None:
    for fault in passage_faults(pack.about, pack.sources, passages):
        raise fault


def passage_faults(
    about: PackFile, sources: Mapping[str, Source], passages: Iterable[Passage]
) -> Iterator[PackIncomplete]:
    """Each gap that a letter's passage has wrongly or that the pack does not declare, and each source that is not
    there."""
    allowed = {gap_name(name) for name in about.gaps}
    routes = {f"route {name}" for name in (*about.routes.card, *about.routes.apart)}
    routes |= {f"{name} {field}" for name in routes for field in ("name", "form")}
    allowed |= {gap_name(name) for name in routes}
    for passage in passages:
        words = passage.words
        try:
            fill(words, {})
        except NestedGap as error:
            yield PackIncomplete(error.fact, error.fix, passage.place)
            continue
        for gap in gaps_in(words):
            if gap not in allowed:
                yield PackIncomplete(
                    f'The gap "(({gap}))" is not one this pack declares.',
                    "Correct its name, or add it to gaps or routes in pack.toml.",
                    passage.place,
                )
        if "((" in fill(words, dict.fromkeys(gaps_in(words), "")):
            yield PackIncomplete("A gap is opened and not closed.", 'Write "((name))".', passage.place)
        yield from source_faults(sources, [passage])
