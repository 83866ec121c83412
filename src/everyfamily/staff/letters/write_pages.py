"""What the page of one section shows: the words, what was found in them, and how families read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.agreement.draft_states import DraftState
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.letter_parts import GROUP_NAMES, Group, LetterPart, field_name
from everyfamily.core.letter.passage_differences import PassageDifference, passage_differences
from everyfamily.core.packs.drafting import NO_REASON, section_of, shown_section
from everyfamily.core.packs.overrides import line_of
from everyfamily.core.packs.translation_states import TranslationState, states_of
from everyfamily.core.text.beginnings import beginning_of
from everyfamily.core.text.languages import english_name
from everyfamily.letters.actions.passages import Conflict
from everyfamily.letters.draft_queries.frozen import current_version
from everyfamily.letters.draft_queries.notes import NoteFacts, open_notes
from everyfamily.letters.draft_queries.words import SectionNow, drafted
from everyfamily.rendering.view import direction_of
from everyfamily.staff.letters.editing import FIELD, Fault, Typed, fields_of
from everyfamily.staff.letters.findings import Found, find_and_count, marked, shown
from everyfamily.staff.letters.opened import Opened
from everyfamily.staff.letters.words import LOOKS, STATES, at_in_words

_NOTES = 3
"""On the page of a part. The others are on the page of all notes."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """A part in the menu beside the words."""

    id: str
    name: str
    findings: int
    must: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class GroupLinks:
    """The parts of the letter, or of what is said beside it. It is open if the page is of one of its parts."""

    name: str
    parts: tuple[PartLink, ...]
    is_open: bool
    findings: int
    is_plain: bool
    """It is the letter itself, and not folded: there is no other version of it."""


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A passage with a field of its own."""

    id: str
    name: str
    value: str
    faults: tuple[Fault, ...]
    is_long: bool


def write_values(
    opened: Opened,
    language: str,
    part: LetterPart,
    typed: Typed,
    at: SectionNow,
    now: datetime,
    waivers: Sequence[Waiver],
    faults: Sequence[Fault] = (),
) -> dict[str, Any]:
    """The editor of one part."""
    found, pages = find_and_count(opened, waivers, Version.PRIMARY if part.group == "primary" else None)
    groups = groups_of(opened, language, part.id, found)
    letter_ids = [one.id for one in opened.parts_in(language) if one.group == part.group]
    version = current_version(opened.draft.id)
    is_sent = version is not None and version.is_done and version.overtaken_at is None
    state = DraftState.ASKED if is_sent else DraftState.WRITING
    return {
        **frame_of(opened, language, part),
        **checked_values(opened, language, part, found, faults),
        "typed": typed,
        "fields": _fields(part, language, typed, faults),
        "has_text": bool(part.passages) and language == "en",
        "rows": max(7, len(typed.text) // 55 + typed.text.count("\n") + 1),
        "groups": groups,
        "state": STATES[state],
        "look": LOOKS[state],
        "is_sent": is_sent,
        "number": letter_ids.index(part.id) + 1,
        "of": len(letter_ids),
        "pages": pages,
        "saved_by": at.by,
        "saved_at": at_in_words(at.at, now) if at.at is not None else "",
        **notes_on(opened, now, language, part.id),
        "own": [(one, sources_of(opened, language, one.id)) for one in own_words(opened, language, part)],
        "no_reason": NO_REASON,
        "all_findings": sum(one.severity is not Severity.ADVICE for one in found.report.findings),
    }


def frame_of(opened: Opened, language: str, part: LetterPart) -> dict[str, Any]:
    """What is on every page of a part."""
    return {
        "here": "letters",
        "draft": opened.draft,
        "letter": opened.letter,
        "part": part,
        "language": language,
        "language_name": english_name(language),
        "direction": direction_of(language),
        "languages": [(tag, english_name(tag), tag == language, state) for tag, state in _states(opened)],
        "group_name": group_name(part.group, has_primary=bool(opened.letter.primary)),
        "is_primary": part.group == "primary",
    }


def group_name(group: Group, *, has_primary: bool) -> str:
    """What a group of parts is called. If there is a primary version, the letter itself is for secondary schools."""
    return "For secondary schools" if group == "letter" and has_primary else GROUP_NAMES[group]


def _states(opened: Opened) -> list[tuple[str, str]]:
    words = {one.language: one for one in states_of(opened.worded) if one.part == "letter"}
    return [(tag, _state(words[tag]) if tag in words else "") for tag in opened.languages]


def _state(one: TranslationState) -> str:
    if one.stale:
        return "the English changed"
    return "" if one.checked else "not read"


def checked_values(
    opened: Opened, language: str, part: LetterPart, found: Found, faults: Sequence[Fault] = ()
) -> dict[str, Any]:
    """How families read the part, and what was found in it: what changes while somebody writes."""
    section = marked(found, language, part)
    return {
        "reading": section.passages,
        "findings": [shown(one, opened.rows) for one in section.findings],
        "faults": faults,
        "part": part,
        "draft": opened.draft,
        "language": language,
        "direction": direction_of(language),
    }


def groups_of(opened: Opened, language: str, here: str, found: Found) -> list[GroupLinks]:
    """The menu of all parts."""
    groups, has_primary = [], bool(opened.letter.primary)
    for group in GROUP_NAMES:
        links = []
        for part in opened.parts_in(language):
            if part.group == group:
                count, must = found.count(language, part.id)
                links.append(PartLink(part.id, part.name, count, must, part.id == here))
        if links:
            is_open = any(one.is_here for one in links)
            findings = sum(one.findings for one in links)
            is_plain = group == "letter" and not has_primary
            name = group_name(group, has_primary=has_primary)
            groups.append(GroupLinks(name, tuple(links), is_open, findings, is_plain))
    return groups


def _fields(part: LetterPart, language: str, typed: Typed, faults: Sequence[Fault]) -> list[FieldShown]:
    return [
        FieldShown(
            f"{FIELD}{one.id}",
            field_name(one),
            typed.fields[one.id],
            tuple(fault for fault in faults if fault.place == f"{FIELD}{one.id}"),
            len(typed.fields[one.id]) > 60,
        )
        for one in fields_of(part, language)
    ]


def own_words(opened: Opened, language: str, part: LetterPart) -> list[PassageDifference]:
    """What differs from the pack, by passage."""
    pack = {one.id: line_of(one) for one in opened.own_part(language, part.id).all}
    now = {one.id: line_of(one) for one in part.all}
    return [one for one in passage_differences(pack, now) if one.kind != "same"]


def sources_of(opened: Opened, language: str, passage: str) -> list[str]:
    """The partnership's own sources of a passage, by what they support."""
    row = opened.rows.get((language, passage))
    return [source.supports for _, source in row.own] if row is not None else []


@dataclass(frozen=True, slots=True)
class NoteShown:
    """What somebody said about a section, or about the whole letter."""

    id: int
    text: str
    by: str
    at: str
    words: str
    """The passage that it is about, as it begins. Empty for the whole letter."""
    is_cut: bool
    """There is more of it, on the page of all notes."""


def notes_on(opened: Opened, now: datetime, language: str = "", part_id: str = "") -> dict[str, Any]:
    """The newest notes that nobody has settled yet, of one part or about the whole letter, and how many more there are:
    `notes` and `more_notes`."""
    lines = {one.id: line_of(one) for part in opened.parts for one in part.all} if language in ("", "en") else {}
    found = [
        one
        for one in open_notes(opened.draft.id)
        if (one.language if one.passage else "") == language
        and (section_of(one.passage) if one.passage else "") == part_id
    ]
    return {
        "notes": [_note(one, lines.get(one.passage, "")[:80], now) for one in found[:_NOTES]],
        "more_notes": len(found[_NOTES:]),
    }


def _note(one: NoteFacts, words: str, now: datetime) -> NoteShown:
    text = beginning_of(one.text)
    return NoteShown(one.id, text, one.by, at_in_words(one.at, now), words, is_cut=text != one.text)


def why_of(section: SectionNow) -> str:
    """Why the section is in other words than the pack's, as somebody said last."""
    said = [one.why for one in section.passages if one.why and one.why != NO_REASON]
    return said[0] if said else ""


def conflict_values(
    opened: Opened, language: str, part: LetterPart, typed: Typed, conflict: Conflict, now: datetime
) -> dict[str, Any]:
    """Two authors in one section: theirs, with what they changed, and the words that were typed here."""
    theirs = conflict.theirs
    before = shown_section(opened.pack, drafted(opened.draft.id, upto=typed.seen), language, theirs.section)
    changed = passage_differences(
        {one.id: one.words for one in before}, {one.id: one.words for one in theirs.passages}
    )
    return {
        **frame_of(opened, language, part),
        "typed": Typed(typed.text, typed.fields, typed.why, theirs.seen),
        "fields": _fields(part, language, typed, ()),
        "has_text": bool(part.passages) and language == "en",
        "rows": max(9, len(typed.text) // 55 + typed.text.count("\n") + 1),
        "theirs": changed,
        "their_name": theirs.by,
        "their_time": at_in_words(theirs.at, now) if theirs.at is not None else "",
    }
