"""A section as an author sends it: read into passages, and refused with reasons or not. Nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.letter.section_faults import line_faults, section_faults, too_long
from everyfamily.core.letter.section_words import SectionWords, is_own, section_text, section_words
from everyfamily.core.packs.drafting import Added, Drafted, Key, after_of, to_write
from everyfamily.core.packs.overrides import line_of
from everyfamily.core.text.passages import Passage
from everyfamily.staff.letters.opened import Opened

FIELD = "field-"
WORDS = "words"


@dataclass(frozen=True, slots=True)
class Typed:
    """What is in the form: the text of the section, the passages with a field of their own by id, and why."""

    text: str
    fields: Mapping[str, str]
    why: str
    seen: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why something cannot be saved. `place` is the id of the field in the page."""

    place: str
    fact: str
    fix: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What a form says, by passage, and what keeps it from being saved."""

    words: Mapping[str, str]
    added: tuple[Added, ...]
    faults: tuple[Fault, ...]


def fields_of(part: LetterPart, language: str) -> tuple[Passage, ...]:
    """The passages with a field of their own. In a translation that is each one, beside its English."""
    return part.fields if language == "en" else part.all


def typed_of(part: LetterPart, language: str, why: str, seen: int) -> Typed:
    """The form when it opens."""
    fields = {one.id: line_of(one) for one in fields_of(part, language)}
    return Typed(section_text(part.passages), fields, why, seen)


def typed_in(part: LetterPart, language: str, data: QueryDict) -> Typed:
    """The form as it was sent. A field that was not sent is as it was."""
    seen = data.get("seen", "")
    fields = fields_of(part, language)
    return Typed(
        data.get(WORDS, section_text(part.passages)).replace("\r\n", "\n").replace("\0", ""),
        {one.id: data.get(f"{FIELD}{one.id}", line_of(one)).replace("\0", "") for one in fields},
        data.get("why", ""),
        int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 18 else 0,
    )


def with_additions(opened: Opened, language: str, part: LetterPart) -> LetterPart:
    """A part of a translation with a place for each passage that was added to the English and is not translated yet."""
    if language == "en" or part.section is None:
        return part
    there = {one.id for one in part.passages}
    missing: dict[str, list[Passage]] = {}
    for one in opened.part("en", part.id).passages:
        if is_own(one.id) and one.id not in there:
            missing.setdefault(after_of(one.id), []).append(replace(one, text="", aside=None))
    passages = list(missing.get(part.start, [])) if part.section.heading is not None else []
    for one in part.passages:
        passages.append(one)
        is_last = not any(
            after_of(two.id) == after_of(one.id) for two in part.passages[part.passages.index(one) + 1 :]
        )
        passages += missing.get(after_of(one.id), []) if is_last else []
    return replace(part, section=replace(part.section, passages=tuple(passages)))


def edited_of(opened: Opened, language: str, part: LetterPart, typed: Typed) -> Edited:
    """Read a form against the part as it is now."""
    own = opened.own_part(language, part.id)
    faults: list[Fault] = []
    words: dict[str, str] = {}
    fields = fields_of(part, language)
    pack_fields = {one.id: one for one in fields_of(own, language)}
    for one in fields:
        line = " ".join(typed.fields[one.id].split())
        if not is_own(one.id):
            words[one.id] = line
        if line != line_of(one):
            like = pack_fields.get(one.id) or _as_addition(one, pack_fields.get(after_of(one.id)))
            found = line_faults(opened.pack, like, typed.fields[one.id])
            faults += [_fault(f"{FIELD}{one.id}", fault) for fault in found]
    if language != "en":
        faults += _gaps(part, typed)
        added = tuple(
            _kept(opened.rows.get((language, one.id)), after_of(one.id), " ".join(typed.fields[one.id].split()))
            for one in part.passages
            if is_own(one.id)
        )
        return Edited(words, added, tuple(faults))
    added = ()
    if own.section is not None and own.passages:
        long = too_long(typed.text)
        faults += [_fault(WORDS, fault) for fault in long]
        if not long:
            read = section_words(typed.text, part.passages, part.start)
            found = section_faults(opened.pack, own.section, part.passages, read)
            faults += [_fault(WORDS, fault) for fault in found]
            words |= read.words
            added = _added(opened.rows, language, read)
    return Edited(words, added, tuple(faults))


def _as_addition(one: Passage, after: Passage | None) -> Passage:
    """What an addition must be like: with an aside if the passage that it comes after has one, and with no gap of
    that passage."""
    aside = "" if after is None or after.aside is None else "aside"
    return replace(one, text="", aside=aside or None)


def _gaps(part: LetterPart, typed: Typed) -> Iterator[Fault]:
    """An addition is known by its number, so none can be translated before the one above it."""
    said: dict[str, bool] = {}
    for one in reversed(part.passages):
        if not is_own(one.id):
            continue
        is_said = bool(typed.fields[one.id].strip())
        if not is_said and said.get(after_of(one.id)):
            yield Fault(
                f"{FIELD}{one.id}",
                "This addition is not translated, and one below it is.",
                "Translate them from the top.",
            )
        said[after_of(one.id)] = is_said or said.get(after_of(one.id), False)


def _added(rows: Mapping[Key, Drafted], language: str, read: SectionWords) -> tuple[Added, ...]:
    """What is added, with the sources and promises that it had."""
    return tuple(
        _kept(rows.get((language, one.like)) if one.like is not None else None, one.after, one.block.words)
        for one in read.added
    )


def _kept(before: Drafted | None, after: str, words: str) -> Added:
    if before is None:
        return Added(after, words)
    return Added(after, words, before.sources or (), before.promises or (), before.only, before.own)


def unsaved(opened: Opened, language: str, edited: Edited) -> Opened:
    """The letter as it would be with these words. Raises what composing raises."""
    rows = to_write(opened.pack, opened.rows, language, edited.words, edited.added)
    return opened.with_rows({**opened.rows, **{one.key: one for one in rows}}) if rows else opened


def faults_by_passage(
    part: LetterPart, language: str, faults: Mapping[str, Sequence[EveryfamilyError]]
) -> tuple[Fault, ...]:
    """What the action refused, at the field of each passage."""
    fields = {one.id for one in fields_of(part, language)}
    return tuple(
        _fault(f"{FIELD}{passage}" if passage in fields else WORDS, fault)
        for passage, found in faults.items()
        for fault in found
    )


def _fault(place: str, fault: EveryfamilyError) -> Fault:
    number = fault.place.line if fault.place is not None and place == WORDS else 0
    where = f"Paragraph {number}: " if number else ""
    return Fault(place, f"{where}{fault.fact}", fault.fix)
