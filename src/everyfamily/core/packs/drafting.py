"""What an author says in other words than a pack, passage by passage, and the file of overrides that it makes.

A draft is a pack and overrides on it. The file that is written here is what the letter is composed of, in a browser and
by the command alike, so both have one digest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.packs.overrides import OverridesNotUsable, line_of, parse_overrides, passages_of
from everyfamily.core.packs.overriding import override_faults, with_overrides
from everyfamily.core.packs.packs import Pack
from everyfamily.core.packs.sources import Source
from everyfamily.core.packs.translation_states import states_of
from everyfamily.core.text.passages import Passage

FILE = "overrides.toml"
"""The name of the file. It is under a letter's digest, as the place of each passage that it changes."""
NO_REASON = "Our area says it in other words."
"""Why, if the author gives no reason of their own."""
MOST_SIGNS = 2000
"""Characters of one passage. The longest of a pack has a quarter of it."""
OUTSIDE = "outside"
"""The section of what can be read without opening the letter: subject, preheader, texts."""
_OUTSIDE = frozenset({"subject", "preheader", "one-fragment", "two-fragments"})
_PRIMARY = f"{PRIMARY}/"
"""What the ids of a primary version begin with."""
_ADDED = re.compile(r"(.+)\+(\d+)")

type Kind = Literal["change", "addition", "back"]
type ReadPart = Literal["translations", "site", "short"]
"""The letter's whole text, its pages for the parent site, or the small set."""
type Key = tuple[str, str]
"""Language and id of a passage."""


type OwnSource = tuple[str, Source]
"""A source of the partnership's own, with its key in the letter: "OWN1"."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """One passage as an author left it. `back` means the pack's own words again, or an addition that is out again."""

    language: str
    passage: str
    """Its id in the letter: "now/4", and "now/4+1" for the first addition after it."""
    kind: Kind
    was: str = ""
    words: str = ""
    why: str = NO_REASON
    sources: tuple[str, ...] | None = None
    promises: tuple[str, ...] | None = None
    only: tuple[str, ...] = ()
    own: tuple[OwnSource, ...] = ()
    """The partnership's own among its sources."""

    @property
    def key(self) -> Key:
        """Language and id."""
        return self.language, self.passage


@dataclass(frozen=True, slots=True)
class Added:
    """A passage that an author adds after one of the pack's."""

    after: str
    """Id of the pack's passage, or of the heading."""
    words: str
    sources: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    own: tuple[OwnSource, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody read a translation against the English of the draft; `part` is the table of the overrides for it."""

    part: ReadPart
    language: str
    translator: str
    english_digest: str
    checker: str | None = None
    checked_digest: str | None = None
    """Of the translation's own words as they were read. None for a letter's whole text, whose table has none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage of a section as it is now, for an author."""

    id: str
    kind: str
    pack: str
    """The pack's words, "" for an addition."""
    words: str
    is_changed: bool
    is_stale: bool
    """It was written for other words of the pack than there are now."""
    why: str = ""


def section_of(passage_id: str) -> str:
    """The section that a passage is edited in: "now" of "now", "now/4" and "now/4+1"; "outside" of the subject."""
    base = after_of(passage_id)
    version = _PRIMARY if base.startswith(_PRIMARY) else ""
    if base.removeprefix(version) in _OUTSIDE:
        return f"{version}{OUTSIDE}"
    stem, _, last = base.rpartition("/")
    return stem if last.isdigit() else base


def after_of(passage_id: str) -> str:
    """What an addition comes after: "now/4" of "now/4+1", the heading "now" of "now/0+1". Any other id as it is."""
    found = _ADDED.fullmatch(passage_id)
    return (found[1] if found else passage_id).removesuffix("/0")


def addition_id(after: Passage, number: int) -> str:
    """The id that an addition has in the letter, by the passage that it comes after and its number, from 1."""
    return f"{after.id}/0+{number}" if after.kind == "heading" else f"{after.id}+{number}"


def sections_of(pack: Pack, language: str = "en") -> dict[str, list[Passage]]:
    """The passages that an author may change, by section, in the order of the pack."""
    sections: dict[str, list[Passage]] = {}
    for (tongue, _), passage in passages_of(pack).items():
        if tongue == language:
            sections.setdefault(section_of(passage.id), []).append(passage)
    return sections


def shown_section(pack: Pack, drafted: Mapping[Key, Drafted], language: str, section: str) -> list[Shown]:
    """A section as it is now: the pack's passages with what was changed, and each addition after its own."""
    shown: list[Shown] = []
    for own in sections_of(pack, language).get(section, []):
        line, change = line_of(own), drafted.get((language, own.id))
        if change is None or change.kind != "change":
            shown.append(Shown(own.id, own.kind, line, line, is_changed=False, is_stale=False))
        else:
            stale = change.was != line
            shown.append(Shown(own.id, own.kind, line, change.words, True, stale, change.why))
        for one in _additions(drafted, language, own):
            stale = one.was != line
            kind = "paragraph" if own.kind == "heading" else own.kind
            shown.append(Shown(one.passage, kind, "", one.words, True, stale, one.why))
    return shown


def _additions(drafted: Mapping[Key, Drafted], language: str, after: Passage) -> Iterator[Drafted]:
    number = 1
    while (one := drafted.get((language, addition_id(after, number)))) is not None and one.kind == "addition":
        yield one
        number += 1


def to_write(
    pack: Pack,
    drafted: Mapping[Key, Drafted],
    language: str,
    words: Mapping[str, str],
    added: Sequence[Added],
    why: str = "",
) -> list[Drafted]:
    """What a save changes, as rows to add. Nothing if the words are what they were.

    `words` are lines ("text | aside") by id, and `added` everything that is to come after one of these ids: an addition
    that is not in it any more goes. Raises KeyError for an id that the pack does not have.
    """
    known = passages_of(pack)
    rows: list[Drafted] = []
    for name, line in words.items():
        own = known[language, name]
        rows += _changed(own, drafted.get((language, name)), language, _spaced(line), why)
        here = [one for one in added if one.after == name]
        rows += _added(own, list(_additions(drafted, language, own)), language, here, why)
    return rows


def _changed(own: Passage, now: Drafted | None, language: str, line: str, why: str) -> Iterator[Drafted]:
    now = now if now is not None and now.kind == "change" else None
    if line == line_of(own):
        if now is not None:
            yield replace(now, kind="back", was="", words="")
        return
    made = Drafted(
        language,
        own.id,
        "change",
        line_of(own),
        line,
        why or (now.why if now is not None else NO_REASON),
        now.sources if now is not None else None,
        now.promises if now is not None else None,
        own=now.own if now is not None else (),
    )
    if made != now:
        yield made


def _added(
    own: Passage, now: Sequence[Drafted], language: str, added: Sequence[Added], why: str
) -> Iterator[Drafted]:
    added = [one for one in added if one.words.strip()]
    for number, one in enumerate(added, start=1):
        before = now[number - 1] if number <= len(now) else None
        made = Drafted(
            language,
            addition_id(own, number),
            "addition",
            line_of(own),
            _spaced(one.words),
            why or (before.why if before is not None else NO_REASON),
            one.sources,
            one.promises,
            one.only,
            one.own,
        )
        if made != before:
            yield made
    for gone in now[len(added) :]:
        yield replace(gone, kind="back", was="", words="")


def _spaced(words: str) -> str:
    return " ".join(words.split())


def faults_of(pack: Pack, rows: Sequence[Drafted]) -> dict[str, list[EveryfamilyError]]:
    """What keeps each of these passages from being in a letter, by its id. Empty if nothing does."""
    found: dict[str, list[EveryfamilyError]] = {}
    for one in rows:
        if one.kind == "back":
            continue
        if not one.words:
            found[one.passage] = [_left_out()]
            continue
        overrides, places = parse_overrides(overrides_text(pack, [one]), FILE)
        if faults := override_faults(pack, overrides, places):
            found[one.passage] = faults
    return found


def _left_out() -> EveryfamilyError:
    return OverridesNotUsable(
        "The passage has no words.",
        "Write some: a passage of the pack can be said in other words, and not left out.",
    )


def stale_in(pack: Pack, drafted: Mapping[Key, Drafted]) -> list[tuple[Drafted, str | None]]:
    """Everything that was written for other words than the pack has, with what it has there now (None: no passage)."""
    known = passages_of(pack)
    lines = {one.key: _line(known.get((one.language, after_of(one.passage)))) for one in drafted.values()}
    return [(one, lines[one.key]) for one in drafted.values() if one.kind != "back" and one.was != lines[one.key]]


def _line(passage: Passage | None) -> str | None:
    return line_of(passage) if passage is not None else None


def drafted_pack(pack: Pack, rows: Sequence[Drafted], read: Sequence[Read] = ()) -> Pack:
    """The pack with everything an author changed, read from the same file as anybody else would. Raises what
    `with_overrides` raises."""
    return with_overrides(pack, *parse_overrides(overrides_text(pack, rows, read), FILE))


def read_now(pack: Pack, part: ReadPart, language: str, *, translator: str | None, checker: str) -> Read | None:
    """What it means that `checker` has read this translation today, against the English of a pack that has the draft's
    words. None if there is no such translation. `translator` None: who is known to have made it."""
    named = "letter" if part == "translations" else part
    for state in states_of(pack):
        if (state.part, state.language) == (named, language):
            made = translator or state.translator
            return Read(part, language, made, state.english_digest, checker, state.own_digest)
    return None


def overrides_text(pack: Pack, rows: Sequence[Drafted], read: Sequence[Read] = ()) -> str:
    """The file of overrides, in the pack's own order, so that the same words always make the same file."""
    return "".join(f"{line}\n" for line in _lines(pack, rows, read))


def _lines(pack: Pack, rows: Sequence[Drafted], read: Sequence[Read]) -> Iterator[str]:
    order = {key: number for number, key in enumerate(passages_of(pack))}
    last = len(order)

    def place(one: Drafted) -> tuple[int, str, int]:
        found = _ADDED.fullmatch(one.passage)
        after = one.language, after_of(one.passage)
        return order.get(after, last), after[1], int(found[2]) if found else 0

    yield f"pack = {_spelt(pack.id)}"
    yield f"version = {_spelt(pack.about.version)}"
    kept = sorted((one for one in rows if one.kind != "back"), key=place)
    for one in (one for one in kept if one.kind == "change"):
        yield from ("", "[[changes]]", f"passage = {_spelt(one.passage)}", *_said(one))
    for one in (one for one in kept if one.kind == "addition"):
        yield from ("", "[[additions]]", f"after = {_spelt(after_of(one.passage))}", *_said(one))
        if one.only:
            yield f"only = {_spelt(list(one.only))}"
    sources = {key: source for one in kept for key, source in one.own}
    for key, source in sorted(sources.items()):
        yield from ("", f"[sources.{_spelt(key)}]")
        yield from (f"{name} = {_spelt(value)}" for name, value in _of_source(source))
        yield f"review_on = {source.review_on.isoformat()}"
    for made in sorted(read, key=lambda one: (one.part, one.language)):
        yield from ("", f"[{made.part}.{made.language}]", f"translator = {_spelt(made.translator)}")
        if made.checker:
            yield f"checker = {_spelt(made.checker)}"
        if made.checked_digest:
            yield f"checked_digest = {_spelt(made.checked_digest)}"
        yield f"english_digest = {_spelt(made.english_digest)}"


def _of_source(source: Source) -> Iterator[tuple[str, str]]:
    yield from (("supports", source.supports), ("address", source.address))
    yield from (("status", source.status), ("as_found", source.as_found))


def _said(one: Drafted) -> Iterator[str]:
    if one.language != "en":
        yield f"language = {_spelt(one.language)}"
    yield f"was = {_spelt(one.was)}"
    yield f"words = {_spelt(one.words)}"
    if one.sources is not None:
        yield f"sources = {_spelt(list(one.sources))}"
    if one.promises is not None:
        yield f"promises = {_spelt(list(one.promises))}"
    yield f"why = {_spelt(one.why)}"


def _spelt(value: object) -> str:
    """As TOML has it, on one line. A character that TOML does not have in a text comes as an escape."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
