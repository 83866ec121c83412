"""What a partnership says in other words than the pack, or adds to it, without a copy of the pack.

An override names one passage, and has the words that were there when it was written. If the pack has other words there
now, the override is stale, and nothing is made until somebody has looked at both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import StrictModel, TomlPlaces, parse_toml
from everyfamily.core.packs.packs import Name, Pack, Translation
from everyfamily.core.packs.site_files import Language, SiteTranslation
from everyfamily.core.packs.sources import Source
from everyfamily.core.partnership.partnership_gaps import GAP
from everyfamily.core.text.passages import Medium, Passage


class OverridesNotUsable(EveryfamilyError):
    """The overrides are of another pack, contradict each other, or say what a passage cannot be."""

    code: ClassVar[str] = "EF185"


class OverrideStale(EveryfamilyError):
    """The pack has other words now where an override was made."""

    code: ClassVar[str] = "EF186"


class Change(StrictModel):
    """A passage in other words. Its kind, its media and its conditions stay as they are."""

    passage: str
    """Its id, such as "now/4", "newsletter/call/1", "subject", or "primary/now/4" of a primary version."""
    language: Language = "en"
    was: str
    """The words of the pack for which it was written, with the aside after a bar."""
    words: str
    sources: tuple[str, ...] | None = None
    """None: those of the pack."""
    promises: tuple[Name, ...] | None = None
    why: str


class Addition(StrictModel):
    """A passage of the partnership's own, after one of the pack's."""

    after: str
    language: Language = "en"
    was: str
    """The words of the passage after which it comes."""
    words: str
    sources: tuple[str, ...] = ()
    promises: tuple[Name, ...] = ()
    only: tuple[Medium, ...] = ()
    why: str


class Overrides(StrictModel):
    """A file of overrides: of which pack, made for which version, and what."""

    pack: Name
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    changes: tuple[Change, ...] = ()
    additions: tuple[Addition, ...] = ()
    sources: Mapping[str, Source] = Field(default_factory=dict)
    """The partnership's own sources, beside those of the pack."""
    translations: Mapping[Language, Translation] = Field(default_factory=dict)
    """Who looked at a translation of the letter again, made of the English with these overrides."""
    site: Mapping[Language, SiteTranslation] = Field(default_factory=dict)
    short: Mapping[Language, SiteTranslation] = Field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether the pack stays as it is."""
        return not (self.changes or self.additions)

    @property
    def digest(self) -> str:
        """SHA-256 over what they say, whatever the form of the file."""
        spelt = json.dumps(
            self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(spelt.encode()).hexdigest()


def parse_overrides(text: str, file: str) -> tuple[Overrides, TomlPlaces]:
    """Read a file of overrides. Raises TomlNotValid."""
    return parse_toml(Overrides, text, file)


def line_of(passage: Passage) -> str:
    """A passage's words as an override has them: "text", or "text | aside"."""
    words = f"{passage.text} | {passage.aside}" if passage.aside else passage.text
    return " ".join(words.split())


def passages_of(pack: Pack) -> dict[tuple[str, str], Passage]:
    """Every passage that an override can name, by language and id."""
    letters = (
        (text.language, one)
        for text in pack.letter_texts()
        for one in (*text.passages(), *text.outside(), *text.beside())
    )
    pages = ((language, one) for language, text in pack.site.items() for one in text.passages())
    return {(language, one.id): one for language, one in (*letters, *pages)}


def begun_overrides(pack: Pack, ids: Iterable[str], language: str = "en") -> str:
    """A file of overrides with these passages in the pack's own words, for a person to change.

    Raises OverridesNotUsable for an id that the pack does not have.
    """
    return "".join(f"{line}\n" for line in _begun(pack, ids, language))


def _begun(pack: Pack, ids: Iterable[str], language: str) -> Iterator[str]:
    known = passages_of(pack)
    yield f"pack = {_spelt(pack.id)}"
    yield f"version = {_spelt(pack.about.version)}"
    for name in ids:
        if (language, name) not in known:
            raise OverridesNotUsable(
                f'The pack has no passage "{name}" in {language}.', "Look up its id on the page for reviewers."
            )
        words = _spelt(line_of(known[language, name]))
        yield ""
        yield "[[changes]]"
        yield f"passage = {_spelt(name)}"
        if language != "en":
            yield f"language = {_spelt(language)}"
        yield f"was = {words}"
        yield f"words = {words}"
        yield f'why = "{GAP}: why your area says it in other words"'


def _spelt(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
