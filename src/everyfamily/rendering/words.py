"""The words of a printed letter in reading order: what a listener hears, and what `verify` compares."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.letterhead import sender_entries
from everyfamily.rendering.pdf import strip_in
from everyfamily.rendering.short_view import language_of_text, strip_of
from everyfamily.rendering.view import SectionView, View, view_of


def print_lines(letter: Letter, language: str, gaps: PersonalGaps) -> list[str]:
    """Every text of the printed letter, one line for each block, in the structure order of the tagged PDF.

    With `PersonalGaps.open()` the gaps appear as themselves: "((address))", "((school))", "((school number))".
    """
    view = view_of(letter, language_of_text(letter, language), "print", gaps)
    return [" ".join(line.split()) for line in _lines(view, language) if line.split()]


def print_words(letter: Letter, language: str, gaps: PersonalGaps) -> list[str]:
    """Words of `print_lines`, split at white space."""
    return " ".join(print_lines(letter, language, gaps)).split()


def _lines(view: View, language: str) -> Iterator[str]:
    letter, sections = view.letter, view.sections
    for body in letter.bodies:
        yield " ".join(body.name_lines)
    yield " ".join(view.address)
    for label, lines in sender_entries(view):
        yield " ".join((label, *lines))
    if view.school is not None:
        yield f"{view.labels.through} {view.school}"
    yield view.title
    for name, section in sections.items():
        if name == "card":
            yield from _card(view, section)
        else:
            yield from _section(section)
        if name == "real":
            strip = strip_of(letter, strip_in(letter, language), language)
            yield from (one["text"] or "" for one in strip)
    for who in letter.signatories:
        yield f"{who.name}, {who.organisation} {who.title}"
    demonstration = view.labels.demonstration_line.format(letter.area) if letter.demonstration else None
    yield ". ".join(line for line in (view.review, demonstration) if line)


def _section(section: SectionView) -> Iterator[str]:
    yield section.heading or ""
    yield section.aside or ""
    for block in section.blocks:
        yield block.text
        yield block.aside or ""


def _card(view: View, section: SectionView) -> Iterator[str]:
    first, *rest = section.paragraphs
    yield section.heading or ""
    yield first
    for row in view.routes:
        yield from (row.need, row.number or row.instead or "", row.hours)
    yield from rest
    if view.written:
        yield view.written
