"""The general pages of the parent site: a folder of texts with its sources, written once for every partnership."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.text_files import TextFileUnreadable, decode, read_text
from everyfamily.core.files.toml_files import StrictModel, parse_toml
from everyfamily.core.packs.site_files import SiteTable, site_texts
from everyfamily.core.packs.site_text import PAGE_SECTIONS, SiteText
from everyfamily.core.packs.sources import Source, SourcesFile, check_sources


class SitePackFile(StrictModel):
    """`site.toml`: version and languages of the general pages, and the day when somebody must read them again."""

    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    review_on: date
    statement_on: date
    site: SiteTable = SiteTable()


@dataclass(frozen=True, slots=True)
class SitePack:
    """The general pages, by language, always including English."""

    version: str
    review_on: date
    statement_on: date
    """When the accessibility statement was written."""
    texts: Mapping[str, SiteText]
    sources: Mapping[str, Source]


def load_site_pack(folder: Path, languages: Collection[str] | None = None) -> SitePack:
    """Read the general pages in English and in `languages` (None: all that there are).

    Raises TextFileUnreadable, TomlNotValid, PackTextMalformed or PackIncomplete.
    """
    if not folder.is_dir():
        raise TextFileUnreadable(
            "The folder of the site's general pages is not there.",
            "Give the path of a folder with a site.toml.",
            SourceLocation(folder.name),
        )

    return _read(lambda name: read_text(folder / name, f"{folder.name}/{name}"), folder.name, languages)


def parse_site_pack(files: Mapping[str, bytes], folder: str) -> SitePack:
    """The same from its files' bytes, in every language. Raises what `load_site_pack` raises."""

    def text_of(name: str) -> str:
        if name not in files:
            raise TextFileUnreadable("The file is not there.", "Add it.", SourceLocation(f"{folder}/{name}"))
        return decode(files[name], f"{folder}/{name}")

    return _read(text_of, folder, None)


def _read(text_of: Callable[[str], str], folder: str, languages: Collection[str] | None) -> SitePack:
    about, places = parse_toml(SitePackFile, text_of("site.toml"), f"{folder}/site.toml")
    sources, _ = parse_toml(SourcesFile, text_of("sources.toml"), f"{folder}/sources.toml")
    texts = site_texts(text_of, folder, "pages", about.site, places, PAGE_SECTIONS, languages)
    for text in texts.values():
        check_sources(sources.sources, text.passages())
    return SitePack(about.version, about.review_on, about.statement_on, texts, sources.sources)
