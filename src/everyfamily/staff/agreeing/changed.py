"""What changed between two frozen versions of a letter, for the person who approved or read the first: by passage, and
word by word inside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.pack_changes import Run, runs_between
from everyfamily.core.text.passages import Section
from everyfamily.letters.files.changes import Change, letters_differ
from everyfamily.letters.files.record import letter_of, waivers_of
from everyfamily.rendering.language_names import own_name

_OWN = "the partnership’s own words"
"""A list of passages. Each of them that changed is there by itself."""
_DRAWN = ("the logo of", "the signature of")


@dataclass(frozen=True, slots=True)
class Changed:
    """One passage or value that is other than it was. Runs are "same", "gone" or "new"."""

    place: str
    was: tuple[Run, ...]
    now: tuple[Run, ...]
    drawing: bool = False
    """A drawing changed, which has no words."""


def changed_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """Every word, number, name, drawing and waiver that differs between two records, in the order of the second."""
    found = changed_letter(letter_of(before), letter_of(after))
    was, now = _waivers(before), _waivers(after)
    return [
        *found,
        *(_of("A waiver", one, "") for one in was - now),
        *(_of("A waiver", "", one) for one in now - was),
    ]


def changed_letter(before: Letter, after: Letter) -> list[Changed]:
    """The same of two letters, of which the second may still be written."""
    places = dict(_places(before)) | dict(_places(after))
    differ = (change for change in letters_differ(before, after) if change.where != _OWN)
    return [_changed(change, places) for change in differ]


def _changed(change: Change, places: Mapping[str, str]) -> Changed:
    place = places.get(change.where, change.where[:1].upper() + change.where[1:])
    if change.where.startswith(_DRAWN):
        return Changed(place, (), (), drawing=True)
    return _of(place, change.before, change.after)


def _of(place: str, before: str, after: str) -> Changed:
    runs = tuple(runs_between(before, after))
    return Changed(
        place,
        tuple(run for run in runs if run[0] != "new"),
        tuple(run for run in runs if run[0] != "gone"),
    )


def _waivers(record: Mapping[str, Any]) -> set[str]:
    return {f"{one.code}, until {one.ends_on}: {one.reason}" for one in waivers_of(record)}


def _places(letter: Letter) -> Iterator[tuple[str, str]]:
    """The names of passages in the differences -> where a person finds them: the heading above, and its language where
    there are several."""
    for version, texts in (("secondary", letter.texts), ("primary", letter.primary)):
        for language, text in texts.items():
            of = f", in {own_name(language)}" if len(texts) > 1 else ""
            of += f", {version} version" if letter.primary else ""
            for where, said in _in_sections(text.sections):
                yield f"{language} {where}", f"{said}{of}"


def _in_sections(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    for section in sections:
        heading = section.heading.text if section.heading is not None else section.id.capitalize()
        if section.heading is not None:
            yield section.heading.id, f"The heading “{heading}”"
        for number, passage in enumerate(section.passages, start=1):
            yield passage.id, f"{heading}, passage {number}"
