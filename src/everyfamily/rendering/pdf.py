"""Letters in print: one Typst template, a compiler kept warm, tagged PDF/UA-1, the same bytes for the same letter."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import pikepdf
import segno
import typst

from everyfamily.core.errors import EveryfamilyError, Place
from everyfamily.core.gaps import SCHOOL_NUMBER_GAP, PersonalGaps
from everyfamily.core.letters import Letter
from everyfamily.core.placeholders import fill
from everyfamily.core.routes import RouteState
from everyfamily.rendering.letterhead import sender_entries
from everyfamily.rendering.targets import web_targets
from everyfamily.rendering.view import SectionView, View, unbroken, view_of

TEMPLATE_VERSION = "1"
"""Raised with every change of letter.typ that a family could see; the seal records it."""
MAX_COPIES = 100
"""Of one bundle: beyond it Typst's memory grows faster than its speed."""
PAGES = 2
MAX_ADDRESS_LINES = 7

_SMALL = 5
"""Copies up to which what Typst remembers is not worth sweeping."""
_TYPST_REMEMBERS = 10
"""Compilations for which Typst keeps an unused result."""

_FONTS = Path(str(files("everyfamily.rendering") / "fonts"))
_TEMPLATE = Path(str(files("everyfamily.rendering") / "letter.typ"))


class RouteNotPrintable(EveryfamilyError):
    """A number or address in the letter is dead, past its date, or nobody has checked it."""

    code: ClassVar[str] = "EF160"


class AddressTooLong(EveryfamilyError):
    """An address does not fit the window. `index` is its place in the bundle, from 0."""

    code: ClassVar[str] = "EF161"

    def __init__(self, index: int) -> None:
        super().__init__(
            f"The address of copy {index + 1} does not fit the envelope's window.",
            "Shorten it to at most seven lines of about 45 letters.",
        )
        self.index = index


class LetterTooLong(EveryfamilyError):
    """The letter does not fit two pages."""

    code: ClassVar[str] = "EF162"


class LetterheadDoesNotFit(EveryfamilyError):
    """The names of the bodies, or the lines at the right, leave the letterhead's area."""

    code: ClassVar[str] = "EF166"


class BundleTooLarge(EveryfamilyError):
    """A bundle is empty or holds more than a hundred copies."""

    code: ClassVar[str] = "EF163"


class LetterNotSet(EveryfamilyError):
    """Typst could not set the letter."""

    code: ClassVar[str] = "EF164"


def render_letter(letter: Letter, language: str, gaps: PersonalGaps, *, on: date | None = None) -> bytes:
    """Return one letter as a tagged PDF of two pages.

    `on` is the day of printing for the check of routes (default: the letter's own date). Raises
    RouteNotPrintable, AddressTooLong, LetterTooLong or LetterNotSet.
    """
    return render_bundle(letter, language, [gaps], on=on)


def render_bundle(
    letter: Letter, language: str, copies: Sequence[PersonalGaps], *, on: date | None = None
) -> bytes:
    """Return 1 to 100 letters in one PDF, each on a fresh sheet; raises as `render_letter`, or BundleTooLarge."""
    if not 1 <= len(copies) <= MAX_COPIES:
        raise BundleTooLarge(f"A bundle of {len(copies)} letters cannot be made.", "Make bundles of 1 to 100.")
    _check_routes(letter, on or letter.dated)
    pdf = _compile(letter, language, copies)
    pages = _pages_of(pdf)
    if pages != PAGES * len(copies):
        raise LetterTooLong(
            f"The letter takes {pages / len(copies):.0f} pages, not {PAGES}.",
            "Shorten its words; a longer language needs a shorter text, not smaller type.",
            Place(letter.texts[language].title.place.file),
        )
    return pdf


def page_count(letter: Letter, language: str) -> int:
    """Pages of the letter with its gaps open, judged by nothing else; raises LetterNotSet."""
    return _pages_of(_compile(letter, language, [PersonalGaps.open()]))


def _check_routes(letter: Letter, day: date) -> None:
    for route in letter.routes:
        state = route.state_on(day)
        if state is not RouteState.GOOD:
            raise RouteNotPrintable(
                f'The route "{route.id}" is {state.value} on {day.isoformat()}.',
                "Ring or open it, and write the day and who did it in the route register.",
                Place(letter.partnership_file, route.line),
            )


def _pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(input=str(_TEMPLATE), font_paths=[str(_FONTS)], ignore_system_fonts=True)


def _compile(letter: Letter, language: str, copies: Sequence[PersonalGaps]) -> bytes:
    data = _data(view_of(letter, language, "print", PersonalGaps.open()), copies)
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        pdf = _compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError as error:
        _refuse_what_does_not_fit(str(error), letter)
        raise LetterNotSet(
            f"Typst could not set the letter: {error.message}.", "Please report this with the letter's pack."
        ) from error
    assert isinstance(pdf, bytes)
    if len(copies) > _SMALL:
        _forget()
    return pdf


def _forget() -> None:
    """Let Typst drop what it remembers of a bundle.

    Typst keeps every result until ten further compilations have not asked for it: about 0.25 GB a bundle of a
    hundred, 3 GB after twelve (measured). Compiling a few characters eleven times keeps a worker at 0.4 GB.
    """
    for number in range(_TYPST_REMEMBERS + 1):
        _sweeper().compile(input=str(number).encode(), format="pdf")


@cache
def _sweeper() -> typst.Compiler:
    return typst.Compiler(input=b"", ignore_system_fonts=True)


def _refuse_what_does_not_fit(message: str, letter: Letter) -> None:
    """Raise for the template's own panics; any other message is left to the caller."""
    if found := re.search(r"address-too-long:(\d+)", message):
        raise AddressTooLong(int(found[1]))
    if "letterhead-too-wide" in message:
        raise LetterheadDoesNotFit(
            "The names of the bodies do not fit beside each other in the letterhead.",
            "Put each name on two shorter lines in name_lines.",
            Place(letter.partnership_file),
        )
    if found := re.search(r"letterhead-too-long:(\d+)", message):
        raise LetterheadDoesNotFit(
            f"The lines at the right of the letterhead of copy {int(found[1]) + 1} run into the letter.",
            "Shorten the partnership's address or enquiries, or the school's name.",
            Place(letter.partnership_file),
        )


def _data(view: View, copies: Sequence[PersonalGaps]) -> dict[str, Any]:
    letter, labels = view.letter, view.labels
    links = web_targets(letter)
    return {
        "t": {
            "lang": view.text.language.split("-")[0],
            "region": "GB",
            "title": view.title,
            "author": letter.partnership,
            "ref": letter.reference,
            "review": view.review,
            "turn-over": labels.turn_over,
            "end": labels.end,
            "through": labels.through,
            "own-number": labels.own_number,
            "demonstration": labels.demonstration if letter.demonstration else None,
            "demonstration-line": labels.demonstration_line.format(letter.area) if letter.demonstration else None,
            "emergency": view.routes[0].number,
            "bodies": [{"logo": body.logo_svg, "lines": body.name_lines} for body in letter.bodies],
            "sender": sender_entries(view),
            "routes": [
                {
                    "id": row.id,
                    "need": row.need,
                    "number": row.number,
                    "hours": row.hours,
                    "own": row.number == SCHOOL_NUMBER_GAP,
                }
                for row in view.routes
            ],
            "code": page_code(letter.page),
            "code-alt": labels.code.format(letter.page),
            "signatories": [
                {
                    "name": who.name,
                    "title": who.title,
                    "organisation": who.organisation,
                    "drawing": who.signature_svg,
                    "alt": labels.signature.format(who.name),
                }
                for who in letter.signatories
            ],
        },
        "whole": _any_of([letter.reference, *links]),
        "links": links,
        "copies": [_copy(view, gaps, index) for index, gaps in enumerate(copies)],
    }


def _any_of(texts: list[str]) -> str:
    return "|".join(re.escape(text) for text in sorted(set(texts), key=len, reverse=True))


def _copy(view: View, gaps: PersonalGaps, index: int) -> dict[str, Any]:
    lines = gaps.address or (view.labels.to,)
    if len(lines) > MAX_ADDRESS_LINES:
        raise AddressTooLong(index)
    values = {
        "school": gaps.school or view.labels.school,
        "school number": gaps.school_number or view.labels.own_number,
    }
    return {
        "address": lines,
        "school": gaps.school,
        "school-number": unbroken(gaps.school_number) if gaps.school_number else None,
        "sections": {name: _section(section, values) for name, section in view.sections.items()},
    }


def _section(section: SectionView, values: dict[str, str]) -> dict[str, Any]:
    return {
        "id": section.id,
        "heading": section.heading,
        "aside": section.aside,
        "paragraphs": [fill(text, values) for text in section.paragraphs],
        "items": [
            {"text": fill(item.text, values), "aside": fill(item.aside, values) if item.aside else None}
            for item in section.items
        ],
    }


def page_code(page: str) -> str:
    """QR code of the letter's page as SVG, the same for everyone: it holds the address and nothing else."""
    out = io.BytesIO()
    segno.make(f"https://{page}", error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue().decode()
