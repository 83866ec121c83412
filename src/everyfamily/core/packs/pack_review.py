"""What somebody who reviews a pack needs beside its words: which facts a person must still confirm, which sentences
rest on them, what managers must agree to, and which numbers it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.letter_files import FIELDS, PRIMARY
from everyfamily.core.packs.overrides import Overrides
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.sources import Source
from everyfamily.core.packs.translation_states import TranslationState, states_of
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import gaps_in

_TO_CONFIRM = re.compile(r"\bconfirms?\b")
_LEGEND = "review_on"
"""The last word that the legend at the top of sources.toml explains. What comes after it is said of this pack."""


@dataclass(frozen=True, slots=True)
class PackText:
    """One English file of a pack, in reading order. `name` is the file's."""

    name: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A source that a person must confirm before what rests on it is printed."""

    key: str
    source: Source
    why: tuple[str, ...]
    """Why, in words: "recollection", "it says who is to confirm it", "its review day has passed"."""
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the pack says where a partnership has other words ("" where it has added some), and why it has them."""

    was: str
    why: str


@dataclass(frozen=True, slots=True)
class PackReview:
    """Everything on the page for those who review a pack."""

    pack: Pack
    texts: tuple[PackText, ...]
    notes: tuple[str, ...]
    """What the writers say of all sources, from the top of sources.toml, paragraph by paragraph."""
    to_confirm: tuple[ToConfirm, ...]
    promises: Mapping[str, tuple[Passage, ...]]
    routes: Mapping[str, tuple[Passage, ...]]
    """Each route that it needs, first those of the card in printed order, with the passages that print it."""
    unused: tuple[str, ...]
    """Keys of sources that no passage names."""
    translations: tuple[TranslationState, ...]
    own: Mapping[SourceLocation, OwnWords]
    """By its place, each passage in which a partnership has its own words."""


def review_of(
    pack: Pack, sources_text: str, today: date, overrides: tuple[Overrides, TomlPlaces] | None = None
) -> PackReview:
    """Read a pack for review, with the overrides that were applied to it. `sources_text` is its sources.toml, whose
    first comment speaks of all sources."""
    texts = texts_of(pack)
    passages = [passage for text in texts for passage in text.passages]
    doubts = {key: _doubts(source, today) for key, source in pack.sources.items()}
    by_source = _by(passages, lambda one: one.sources)
    return PackReview(
        pack,
        texts,
        _notes(sources_text),
        tuple(
            ToConfirm(key, source, doubts[key], by_source[key])
            for key, source in pack.sources.items()
            if doubts[key] and key in by_source
        ),
        _by(passages, lambda one: one.promises),
        {
            name: tuple(one for one in passages if name in _routes_in(one))
            for name in (*pack.about.routes.card, *pack.about.routes.apart)
        },
        unused_sources(pack),
        tuple(states_of(pack)),
        dict(_own_words(*overrides)) if overrides is not None else {},
    )


def _own_words(overrides: Overrides, places: TomlPlaces) -> Iterator[tuple[SourceLocation, OwnWords]]:
    for number, change in enumerate(overrides.changes):
        yield places.place(("changes", number)), OwnWords(change.was, change.why)
    for number, addition in enumerate(overrides.additions):
        yield places.place(("additions", number)), OwnWords("", addition.why)


def unused_sources(pack: Pack) -> tuple[str, ...]:
    """Keys of its sources that no English sentence names."""
    named = {key for text in texts_of(pack) for passage in text.passages for key in passage.sources}
    return tuple(key for key in pack.sources if key not in named)


def unread_files(pack: Pack, names: Iterable[str]) -> tuple[str, ...]:
    """The pack's files that nothing is made of: their language is not in pack.toml, or their name not known."""
    languages = dict.fromkeys((*pack.texts, *pack.site, *pack.short))
    passages = (one for tag in languages for text in texts_of(pack, tag) for one in text.passages)
    read = {"pack.toml", "sources.toml"} | {one.place.file.rpartition("/")[2] for one in passages}
    return tuple(name for name in names if name not in read)


def texts_of(pack: Pack, language: str = "en") -> tuple[PackText, ...]:
    """The texts of a pack in one language, by file, in the order of the letter, what is beside it, and its pages.

    They are told apart by the passages' ids, because a partnership's own words are not in the pack's files.
    """
    site = pack.site.get(language)
    short = pack.short.get(language) if language != "en" else None  # in English it is the letter's own words
    by_stem: dict[str, list[Passage]] = {}
    for texts, version in ((pack.texts, ""), (pack.primary, f".{PRIMARY}")):
        if (text := texts.get(language)) is None:
            continue
        by_stem[f"letter{version}"] = list(text.passages())
        for one in text.outside():
            by_stem.setdefault(f"{'sms' if one.kind == 'text message' else 'email'}{version}", []).append(one)
        for one in text.beside():
            stem = one.id.removeprefix(f"{PRIMARY}/").partition("/")[0]
            by_stem.setdefault(f"{stem}{version}", []).append(one)
    if site is not None:
        by_stem["site"] = list(site.passages())
    if short is not None:
        by_stem["short"] = list(short.passages())
    return tuple(
        PackText(f"{stem}.{language}.{'txt' if stem.split('.')[0] in FIELDS else 'md'}", tuple(own))
        for stem, own in by_stem.items()
    )


def _by(passages: Iterable[Passage], keys: Callable[[Passage], Iterable[str]]) -> dict[str, tuple[Passage, ...]]:
    found: dict[str, tuple[Passage, ...]] = {}
    for passage in passages:
        for key in keys(passage):
            found[key] = (*found.get(key, ()), passage)
    return found


def _routes_in(passage: Passage) -> set[str]:
    """Ids of the routes whose number, name or form the passage prints."""
    named = [gap.split(" ") for gap in gaps_in(passage.words) if gap.startswith("route ")]
    return {words[1] for words in named if len(words) > 1}


def _doubts(source: Source, today: date) -> tuple[str, ...]:
    said = f"{source.supports} {source.address} {source.as_found}"
    why = {
        "recollection": "it is somebody’s own knowledge, and no page was seen",
        "second-hand": "somebody else reports it, and nobody has seen the page itself",
    }
    return tuple(
        words
        for words in (
            why.get(source.status, ""),
            "its row asks somebody to confirm it" if _TO_CONFIRM.search(said) else "",
            f"its review day has passed: {source.review_on}" if source.review_on <= today else "",
        )
        if words
    )


def _notes(text: str) -> tuple[str, ...]:
    """The comment at the top of sources.toml, after the legend of its keys. A line of a list begins with "- "."""
    head = list(takewhile(lambda line: line.startswith("#"), text.split("\n")))
    legend = [
        number for number, line in enumerate(head) if line.removeprefix("#").strip().startswith(f"{_LEGEND} ")
    ]
    said = [""]
    for line in head[legend[0] + 1 if legend else 0 :]:
        words = line.removeprefix("#").strip()
        ends_list = said[-1].startswith("- ") and not line.startswith("#  ")
        if not words or words.startswith("- ") or ends_list:
            said.append(words)
        else:
            said[-1] = f"{said[-1]} {words}".strip()
    return tuple(filter(None, said))
