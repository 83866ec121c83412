"""A letter's other languages: how far each is, and each beside its English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.packs.overrides import line_of
from everyfamily.core.packs.pack_changes import Run, runs_between
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.translation_states import TranslationState, states_of
from everyfamily.core.packs.translations import is_second_person
from everyfamily.core.text.languages import english_name
from everyfamily.rendering.view import direction_of
from everyfamily.staff.letters.editing import FIELD, Fault, Typed
from everyfamily.staff.letters.opened import Opened


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """One language, and how far it is."""

    tag: str
    name: str
    what: str
    state: str
    why: str
    """Why it is left out, or what somebody still has to do. Empty if nothing is."""
    look: str
    translator: str
    is_whole: bool
    """The whole letter is in it, so that its sections can be edited here."""
    can_read: bool
    """Whoever looks at the page may say that they read it against the English."""


@dataclass(frozen=True, slots=True)
class BesideEnglish:
    """A passage in English and in another language. `changed` is what the draft changed in the English since the pack,
    and is empty if the translation still fits it."""

    id: str
    number: int
    name: str
    english: str
    changed: tuple[Run, ...]
    words: str
    faults: tuple[Fault, ...] = ()
    is_only_english: bool = False
    """It was added to the English, and has no words here yet."""


def languages_values(opened: Opened, reader: str) -> dict[str, Any]:
    """Every language in which the letter is, whole or with its small set."""
    whole = [one for one in states_of(opened.worded) if one.part == "letter"]
    small = {one.language: one for one in states_of(opened.worded) if one.part == "short"}
    gone = [tag for tag in opened.pack.short if tag not in opened.worded.short and tag != "en"]
    rows = [_row(opened, one, reader, is_whole=True) for one in whole]
    rows += [_row(opened, one, reader, is_whole=False) for one in small.values()]
    rows += [
        LanguageRow(
            tag,
            english_name(tag),
            "Title, danger line, card and text message",
            "Left out",
            "It has other passages than your English.",
            "wait",
            "",
            is_whole=False,
            can_read=False,
        )
        for tag in gone
    ]
    return {"here": "letters", "draft": opened.draft, "letter": opened.letter, "rows": rows}


def _row(opened: Opened, one: TranslationState, reader: str, *, is_whole: bool) -> LanguageRow:
    is_in = is_whole or one.language in opened.letter.short
    is_good = one.checked and not one.stale
    said = one.words[:1].upper() + one.words[1:]
    return LanguageRow(
        one.language,
        english_name(one.language),
        "The whole letter" if is_whole else "Title, danger line, card and text message",
        said if is_in else "Left out",
        "" if is_in else f"{said}.",
        "ok" if is_good else "act" if is_in else "wait",
        one.translator,
        is_whole,
        is_whole and is_second_person(reader, one.translator),
    )


def small_set_values(opened: Opened, tag: str) -> dict[str, Any] | None:
    """The small set of a language beside the English that the letter has now. None if the pack has none."""
    text = opened.pack.short.get(tag)
    if text is None or tag == "en":
        return None
    own, english = opened.pack.short["en"], opened.worded.short["en"]
    return {
        "here": "letters",
        "draft": opened.draft,
        "letter": opened.letter,
        "tag": tag,
        "name": english_name(tag),
        "direction": direction_of(tag),
        "is_in": tag in opened.letter.short,
        "passages": _beside(text, own, english),
    }


def _beside(text: SiteText, own: SiteText, english: SiteText) -> list[BesideEnglish]:
    was = {one.id: line_of(one) for one in own.passages()}
    now = {one.id: line_of(one) for one in english.passages()}
    return [
        BesideEnglish(
            one.id,
            number,
            "",
            now.get(one.id, ""),
            tuple(runs_between(was.get(one.id, ""), now.get(one.id, "")))
            if was.get(one.id) != now.get(one.id)
            else (),
            line_of(one),
        )
        for number, one in enumerate(text.passages(), start=1)
    ]


def translated_values(
    opened: Opened, language: str, part: LetterPart, typed: Typed, faults: tuple[Fault, ...]
) -> dict[str, Any]:
    """A section in another language, passage by passage beside its English."""
    pack = {one.id: line_of(one) for one in opened.own_part("en", part.id).all}
    own = {one.id: line_of(one) for one in opened.own_part(language, part.id).all}
    english = {one.id: line_of(one) for one in opened.part("en", part.id).all}
    rows = []
    for number, one in enumerate(part.all, start=1):
        now, was = english.get(one.id, ""), pack.get(one.id, "")
        # The translation was made of the pack's English. Words of its own here were made of today's.
        is_old = now != was and line_of(one) == own.get(one.id)
        rows.append(
            BesideEnglish(
                f"{FIELD}{one.id}",
                number,
                one.kind,
                now,
                tuple(runs_between(was, now)) if is_old else (),
                typed.fields[one.id],
                tuple(fault for fault in faults if fault.place == f"{FIELD}{one.id}"),
                not line_of(one),
            )
        )
    return {"passages": rows}
