"""The words that a finding offers instead, put in for the author."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import LetterPart
from everyfamily.core.letter.section_words import section_words
from everyfamily.staff.letters.editing import Typed, edited_of, unsaved
from everyfamily.staff.letters.findings import find, marked
from everyfamily.staff.letters.opened import Opened


def with_fix(
    opened: Opened, language: str, part: LetterPart, typed: Typed, number: int, waivers: Sequence[Waiver]
) -> Typed:
    """The form with what finding `number` offers, or the form as it was if its words are not there any more.

    The numbers are those of the words in the form, as the page showed them.
    """
    edited = edited_of(opened, language, part, typed)
    if edited.faults:
        return typed
    try:
        after = unsaved(opened, language, edited)
    except EveryfamilyError:
        return typed
    section = marked(find(after, waivers, is_set=False), language, after.part(language, part.id))
    found = next((one.finding for one in section.findings if one.number == number), None)
    if found is None or found.fix is None or not found.words:
        return typed
    if found.passage in typed.fields:
        line = typed.fields[found.passage].replace(found.words, found.fix, 1)
        return replace(typed, fields={**typed.fields, found.passage: line})
    read = section_words(typed.text, part.passages, part.start)
    block = read.blocks.get(found.passage)
    at = typed.text.find(block.words) if block is not None else -1
    if block is None or at < 0 or found.words not in block.words:
        return typed
    words = block.words.replace(found.words, found.fix, 1)
    return replace(typed, text=f"{typed.text[:at]}{words}{typed.text[at + len(block.words) :]}")
