"""What there is to translate in a pack: units, each a piece of English with its key, and the words that a language has.

A key is a part, a section and a passage ("letter/now/2"), with "/aside" for what goes with an item. It is the same in
every language and version. What is only a gap, such as a number on the card, is not a unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from everyfamily.core.packs.letter_files import PRIMARY, PRIMARY_TEXTS
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.parity import digits_and_addresses
from everyfamily.core.packs.short_texts import english_of
from everyfamily.core.packs.site_text import NOT_YET, SiteText
from everyfamily.core.text.passages import LetterText, Passage, Section
from everyfamily.core.text.placeholders import fill, gaps_in

FIELDS: Mapping[str, Mapping[str, str]] = {
    "email": {"Subject": "subject", "Preheader": "preheader"},
    "sms": {"One fragment": "one-fragment", "Two fragments": "two-fragments"},
}
"""Parts that are lines with names: name of the line -> id of its passage."""
LETTER_PARTS = (
    "letter",
    "email",
    "sms",
    "newsletter",
    "briefing",
    *(f"{one}.{PRIMARY}" for one in PRIMARY_TEXTS),
)
"""The parts that together are a letter in one language, with those of its primary version."""


@dataclass(frozen=True, slots=True)
class EnglishPart:
    """One file of a pack in English, as it is translated: "letter", "letter.primary", "site", "short" and so on."""

    name: str
    title: Passage | None
    sections: tuple[Section, ...]
    fields: tuple[Passage, ...] = ()

    @property
    def stem(self) -> str:
        """Its name without the version."""
        return self.name.partition(".")[0]

    def passages(self) -> Iterator[Passage]:
        """Every passage in reading order."""
        if self.title is not None:
            yield self.title
        for section in self.sections:
            if section.heading is not None:
                yield section.heading
            yield from section.passages
        yield from self.fields

    def key(self, passage: Passage) -> str:
        """The key of a passage of this part."""
        if passage.kind == "title":
            return f"{self.name}/title"
        own = passage.id.removeprefix(f"{PRIMARY}/") if self.name != self.stem else passage.id
        return f"{self.name}/{own.removeprefix(f'{self.stem}/')}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of English to translate. `words` is "" if it is not translated yet."""

    key: str
    english: str
    file: str
    line: int
    words: str = ""
    needs_review: bool = False
    """The English has changed since it was translated, or may have."""
    was: str | None = None
    """The English that the words were made from, if it is known and another."""

    @property
    def part(self) -> str:
        """The part it belongs to."""
        return self.key.partition("/")[0]

    @property
    def kept(self) -> tuple[str, ...]:
        """What the translation must have exactly as it is here: gaps, digits and addresses."""
        gaps = re.findall(r"\(\([^()]+\)\)", self.english)
        digits, addresses = digits_and_addresses(fill(self.english, dict.fromkeys(gaps_in(self.english), "")))
        return tuple(dict.fromkeys((*gaps, *digits, *addresses)))


def parts_of(pack: Pack) -> dict[str, EnglishPart]:
    """Everything that can be translated in a pack, by the name of its part."""
    parts = {"short": _of_site("short", pack.short["en"]), **_of_letter(pack.texts["en"], "")}
    if pack.primary:
        parts |= _of_letter(pack.primary["en"], f".{PRIMARY}")
    if pack.site:
        parts["site"] = _of_site("site", pack.site["en"])
    return parts


def _of_letter(text: LetterText, version: str) -> dict[str, EnglishPart]:
    """The parts of one version, whose names end with `version`."""
    parts = [
        EnglishPart(f"letter{version}", text.title, text.sections),
        *(EnglishPart(f"{name}{version}", None, (), _fields(name, text)) for name in FIELDS),
    ]
    beside = (("newsletter", text.newsletter), ("briefing", text.briefing))
    parts += [EnglishPart(f"{name}{version}", one.title, one.sections) for name, one in beside if one is not None]
    return {one.name: one for one in parts}


def parts_of_pages(texts: Mapping[str, SiteText]) -> dict[str, EnglishPart]:
    """The one part of the parent site's general pages."""
    # Their passages are read as those of a site, whatever they are about.
    return {"pages": _of_site("site", texts["en"], name="pages")}


def words_of(pack: Pack, language: str) -> dict[str, str]:
    """The words that a language has already, by key, drafts too."""
    parts = parts_of(pack)
    found: dict[str, str] = {}
    for name, texts in (("short", pack.short), ("site", pack.site)):
        if language in texts:
            found.update(_words(parts[name], texts[language].passages()))
    for letters, version in ((pack.texts, ""), (pack.primary, f".{PRIMARY}")):
        if (letter := letters.get(language)) is not None:
            for name, own in _of_letter(letter, version).items():
                if name in parts:
                    found.update(_words(parts[name], own.passages()))
    return found


def words_of_pages(texts: Mapping[str, SiteText], language: str) -> dict[str, str]:
    """The same for the general pages."""
    part = parts_of_pages(texts)["pages"]
    return dict(_words(part, texts[language].passages())) if language in texts else {}


def current_parts(pack: Pack, language: str) -> frozenset[str]:
    """The parts whose translation was made from today's English, as its table says."""
    found = {
        name
        for name, texts in (("short", pack.short), ("site", pack.site))
        if language in texts
        and texts[language].english_digest == english_of(texts[language], texts["en"]).english_digest
    }
    letter = pack.texts.get(language)
    if letter is not None and letter.english_digest == pack.texts["en"].english_digest:
        found.update(LETTER_PARTS)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Remembered:
    """A unit of an earlier file: the English that a translator saw, and their words."""

    english: str
    words: str
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a language before its file is written: the words in the pack, which parts are of today's
    English, and an earlier file by key."""

    words: Mapping[str, str] = field(default_factory=dict)
    current: frozenset[str] = frozenset()
    earlier: Mapping[str, Remembered] = field(default_factory=dict)
    earlier_counts: bool = False
    """The earlier file is a translator's newer work, and not what the pack was last made from."""


def units_of(parts: Iterable[EnglishPart], known: Known) -> list[Unit]:
    """The units of the parts with the words of a language. One whose English has changed needs review; the others are
    kept as they are."""
    return [_with_words(unit, known) for part in parts for unit in _units(part)]


def _units(part: EnglishPart) -> Iterator[Unit]:
    for passage in part.passages():
        key, place = part.key(passage), passage.place
        for name, english in ((key, passage.text), (f"{key}/aside", passage.aside)):
            if english is not None and has_words(english):
                yield Unit(name, english, place.file, place.line)


def has_words(english: str) -> bool:
    """Whether there is anything to translate: a letter outside the gaps."""
    return any(one.isalpha() for one in fill(english, dict.fromkeys(gaps_in(english), "")))


def _with_words(unit: Unit, known: Known) -> Unit:
    words, earlier = known.words.get(unit.key, ""), known.earlier.get(unit.key)
    counts = known.earlier_counts or not words or (earlier is not None and earlier.words == words)
    if earlier is not None and earlier.words and counts:
        stale = earlier.english != unit.english
        return replace(
            unit,
            words=earlier.words,
            needs_review=stale or earlier.needs_review,
            was=earlier.english if stale else None,
        )
    return replace(unit, words=words, needs_review=bool(words) and unit.part not in known.current)


def _words(part: EnglishPart, passages: Iterable[Passage]) -> Iterator[tuple[str, str]]:
    for passage in passages:
        key = part.key(passage)
        for name, words in ((key, passage.text), (f"{key}/aside", passage.aside)):
            if words and words != NOT_YET:
                yield name, words


def _fields(name: str, text: LetterText) -> tuple[Passage, ...]:
    if name == "email":
        return text.subject, text.preheader
    return tuple(one for one in (text.sms_short, text.sms) if one is not None)


def _of_site(part: str, text: SiteText, name: str | None = None) -> EnglishPart:
    return EnglishPart(name or part, text.title, text.sections)
