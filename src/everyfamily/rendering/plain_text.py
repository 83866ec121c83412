"""The letter as plain text: the plain version of the email, which anyone can also paste anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.rendering.language_names import names_of
from everyfamily.rendering.short_view import ShortView, short_views
from everyfamily.rendering.view import RouteView, SectionView, View, beside, sentence


def plain_text(view: View) -> str:
    """The whole letter, with one line for each paragraph, headings in capitals, and one line break at the end."""
    return "\n".join(_lines(view)).replace("\n\n\n", "\n\n").strip() + "\n"


def _lines(view: View) -> Iterator[str]:
    letter = view.letter
    yield ", ".join(body.name for body in letter.bodies)
    yield f"{view.date}. {view.labels.our_reference}: {letter.reference}"
    if names := names_of(letter):
        yield from ("", " · ".join(name for _, name in names), letter.page)
    yield from ("", view.title.upper(), "")
    for section in view.sections.values():
        if section.id == "card":
            yield from _card(view, section)
        else:
            yield from _section(section, numbered=section.id == "call")
    for who in letter.signatories:
        yield from (f"{who.name}, {who.organisation}", who.title, "")
    for one in short_views(letter, view.gaps):
        yield from _short(one, letter.page)
    yield f"{', '.join(letter.from_lines)}. {view.labels.our_reference} {letter.reference}. {view.review}."
    if view.school is not None:
        yield f"{view.labels.through} {view.school}."
    if letter.demonstration:
        yield view.labels.demonstration_line.format(letter.area)


def _short(one: ShortView, page: str) -> Iterator[str]:
    yield from ("", one.title.upper(), "", *one.danger, "", one.heading.upper(), "")
    yield from (f"{whose}: {number}" for whose, number in one.rows if number)
    yield from ("", *one.lines, page, "")


def _section(section: SectionView, *, numbered: bool) -> Iterator[str]:
    if section.heading:
        is_group = any(item.aside for item in section.items) or section.aside
        yield from (section.heading if is_group else section.heading.upper(), "")
    number, before = 0, ""
    for block in section.blocks:
        if before == "item" and block.kind != "item":
            yield ""
        before = block.kind
        if block.kind == "item":
            number += 1
            mark = f"{number}." if numbered else "-"
            words = sentence(block.text) if block.aside else block.text
            yield f"{mark} {words}" + (f" {beside(section.aside, block.aside)}" if block.aside else "")
        else:
            loud = section.id == "danger" and block is section.blocks[0]
            yield from (block.text.upper() if loud else block.text, "")
    yield ""


def _card(view: View, section: SectionView) -> Iterator[str]:
    first, *rest = section.paragraphs
    yield from ((section.heading or "").upper(), "", first, "")
    for row in view.routes:
        yield from _route(row)
    yield ""
    yield from rest
    if view.written:
        yield view.written
    yield ""


def _route(row: RouteView) -> Iterator[str]:
    yield f"{row.need}: {row.number or row.instead}"
    if row.hours:
        yield f"  {row.hours}"
