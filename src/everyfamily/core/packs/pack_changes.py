"""What differs between two versions of a pack: word by word, and what a partnership that uses it has to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from itertools import zip_longest
from typing import Any, Literal

from everyfamily.core.packs.pack_review import texts_of
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.translation_states import states_of
from everyfamily.core.text.passages import Passage

type Run = tuple[Literal["same", "gone", "new"], str]
"""Words that both versions have, that only the old one has, or only the new one."""


class Rise(IntEnum):
    """Which number of the version must rise."""

    NONE = 0
    THIRD = 1
    """Something that nobody reads in a letter: a note, a day of review, a draft's table."""
    SECOND = 2
    """Words or facts."""
    FIRST = 3
    """Something that a partnership must do before it can use the pack: a promise, a route, a gap, a nation, whom it is
    for."""


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One passage that is new, gone, or has other words, sources, promises or conditions."""

    file: str
    id: str
    """Its id in the new version, or in the old one if it is gone."""
    runs: tuple[Run, ...]
    """Its words. All "same" if only what is in braces differs."""
    braces: tuple[str, str]
    """What is said of it beside its words, in the old and the new version."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What came and what went of one kind: sources, promises, routes, gaps, languages, words of the topic."""

    what: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackChanges:
    """Everything that differs. Empty if both are the same pack."""

    passages: tuple[PassageChange, ...]
    lists: tuple[Listed, ...]
    fields: tuple[tuple[str, str, str], ...]
    """Name, old and new value of what pack.toml says of the whole."""
    stale: tuple[str, ...]
    """Translations that were made of the old English, and are now of other words: "letter cy"."""
    versions: tuple[str, str]
    must_rise: Rise
    same_digest: bool
    """Whether a letter made from the new one has the digest that it would have from the old one."""

    @property
    def version_is_right(self) -> bool:
        """Whether the version rose as it must. Before 1.0.0, any rise will do."""
        old, new = (tuple(int(part) for part in version.split(".")) for version in self.versions)
        if self.must_rise is Rise.NONE:
            return old == new
        if new <= old or old[0] == 0:
            return new > old
        return new[: 4 - self.must_rise] > old[: 4 - self.must_rise]


def changes_of(old: Pack, new: Pack) -> PackChanges:
    """Compare two versions of a pack."""
    passages = tuple(_passages(old, new))
    lists = tuple(one for one in _lists(old, new) if one.came or one.went or one.changed)
    fields = tuple(_fields(old, new))
    was_stale = {(one.part, one.language) for one in states_of(old) if one.stale}
    stale = tuple(
        f"{one.part} {one.language}"
        for one in states_of(new)
        if one.stale and (one.part, one.language) not in was_stale
    )
    same = old.digest == new.digest
    rise = Rise.NONE if same else _rise(passages, lists, fields)
    return PackChanges(passages, lists, fields, stale, (old.about.version, new.about.version), rise, same)


_FOR_PARTNERSHIPS = ("promises", "routes on the card", "routes beside the card", "gaps", "words of the topic")
_UNREAD = ("title", "review_on")
"""What pack.toml says that binds nobody."""


def _rise(
    passages: Sequence[PassageChange], lists: Sequence[Listed], fields: Sequence[tuple[str, str, str]]
) -> Rise:
    if any(one.what in _FOR_PARTNERSHIPS for one in lists) or any(name not in _UNREAD for name, _, _ in fields):
        return Rise.FIRST
    if passages or lists:
        return Rise.SECOND
    return Rise.THIRD


def _passages(old: Pack, new: Pack) -> Iterator[PassageChange]:
    languages = dict.fromkeys(
        one for pack in (new, old) for kept in (pack.texts, pack.site, pack.short) for one in kept
    )
    for language in languages:
        before = {text.name: text.passages for text in texts_of(old, language)}
        after = {text.name: text.passages for text in texts_of(new, language)}
        for name in dict.fromkeys((*after, *before)):
            yield from _of_text(name, before.get(name, ()), after.get(name, ()))


def _of_text(name: str, before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[PassageChange]:
    for section in dict.fromkeys(_section(one) for one in (*after, *before)):
        was = [one for one in before if _section(one) == section]
        now = [one for one in after if _section(one) == section]
        yield from _of_section(name, was, now)


def _section(passage: Passage) -> str:
    """Headings are compared with headings, and what is under them with what is under them."""
    return passage.id if passage.kind in ("title", "heading") else f"{passage.id.rpartition('/')[0]}/"


def _of_section(name: str, was: Sequence[Passage], now: Sequence[Passage]) -> Iterator[PassageChange]:
    matcher = SequenceMatcher(None, [_line(one) for one in was], [_line(one) for one in now], autojunk=False)
    for _, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        for old, new in zip_longest(was[from_old:to_old], now[from_new:to_new]):
            known = new or old
            braces = _braces(old), _braces(new)
            if known is not None and (_line(old) != _line(new) or braces[0] != braces[1]):
                yield PassageChange(name, known.id, tuple(runs_between(_line(old), _line(new))), braces)


def _line(passage: Passage | None) -> str:
    if passage is None:
        return ""
    return f"{passage.text} | {passage.aside}" if passage.aside else passage.text


def _braces(passage: Passage | None) -> str:
    if passage is None:
        return ""
    parts = {
        "promise": passage.promise or "",
        "source": ",".join(passage.sources),
        "only": ",".join(passage.only),
        "if": (passage.condition or "").replace(" ", "-"),
    }
    return " ".join(f"{name}={value}" for name, value in parts.items() if value)


def runs_between(before: str, after: str) -> Iterator[Run]:
    """Two lines compared word by word."""
    was, now = before.split(), after.split()
    for kind, from_old, to_old, from_new, to_new in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield "same", " ".join(was[from_old:to_old])
            continue
        if to_old > from_old:
            yield "gone", " ".join(was[from_old:to_old])
        if to_new > from_new:
            yield "new", " ".join(now[from_new:to_new])


def _lists(old: Pack, new: Pack) -> Iterator[Listed]:
    changed = tuple(key for key in old.sources if key in new.sources and old.sources[key] != new.sources[key])
    yield Listed("sources", *_came_and_went(old.sources, new.sources), changed)
    yield Listed("promises", *_came_and_went(_promises(old), _promises(new)))
    yield _routes("routes on the card", old.about.routes.card, new.about.routes.card)
    yield _routes("routes beside the card", old.about.routes.apart, new.about.routes.apart)
    yield Listed("gaps", *_came_and_went(old.about.gaps, new.about.gaps))
    yield Listed("words of the topic", *_came_and_went(old.about.topic_words, new.about.topic_words))
    was, now = _pictures(old), _pictures(new)
    other = tuple(section for section in now if section in was and was[section] != now[section])
    yield Listed("sections with drawings", *_came_and_went(was, now), other)
    yield Listed("languages", *_came_and_went(_languages(old), _languages(new)))


def _routes(what: str, old: Sequence[str], new: Sequence[str]) -> Listed:
    came, went = _came_and_went(old, new)
    moved = ("their order",) if not (came or went) and tuple(old) != tuple(new) else ()
    return Listed(what, came, went, moved)


def _came_and_went(old: Iterable[str], new: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    was, now = list(dict.fromkeys(old)), list(dict.fromkeys(new))
    return tuple(one for one in now if one not in was), tuple(one for one in was if one not in now)


def _promises(pack: Pack) -> list[str]:
    return [promise for text in texts_of(pack) for passage in text.passages for promise in passage.promises]


def _pictures(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    return pack.about.site.pictures if pack.about.site is not None else {}


def _languages(pack: Pack) -> list[str]:
    return [*pack.about.languages, *(f"{one.part} {one.language}" for one in states_of(pack))]


_COMPARED_ABOVE = {"version", "topic_words", "gaps", "routes", "languages", "site", "short", "translations"}


def _fields(old: Pack, new: Pack) -> Iterator[tuple[str, str, str]]:
    for name in type(new.about).model_fields:
        if name not in _COMPARED_ABOVE:
            was, now = _in_words(getattr(old.about, name)), _in_words(getattr(new.about, name))
            if was != now:
                yield name, was, now


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
