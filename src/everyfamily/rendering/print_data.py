"""What the print templates are given: the letter's text as plain JSON, and one recipient for each copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import SCHOOL_NUMBER_GAP, PersonalGaps
from everyfamily.core.text.placeholders import fill
from everyfamily.rendering.language_names import drawings_of
from everyfamily.rendering.letterhead import sender_entries
from everyfamily.rendering.marked_text import Pieces
from everyfamily.rendering.short_view import Strip, face_of, lines_for, strip_of
from everyfamily.rendering.targets import web_targets
from everyfamily.rendering.typesetting import TemplateRefused, any_of, page_code
from everyfamily.rendering.view import SectionView, View, direction_of, unbroken

MAX_COPIES = 100
"""In one bundle. Beyond it, Typst's memory grows faster than its speed."""
MAX_ADDRESS_LINES = 7


class RouteNotPrintable(EveryfamilyError):
    """A number or address in the letter is dead, is past its date, or has not been checked."""

    code: ClassVar[str] = "EF160"


class AddressTooLong(EveryfamilyError):
    """An address does not fit the window. `index` is its position in the bundle, from 0."""

    code: ClassVar[str] = "EF161"

    def __init__(self, index: int) -> None:
        super().__init__(
            f"The address of copy {index + 1} does not fit the envelope's window.",
            "Shorten it to at most seven lines of about 45 letters.",
        )
        self.index = index


class LetterheadDoesNotFit(EveryfamilyError):
    """The names of the bodies, or the lines at the right, do not fit the letterhead's area."""

    code: ClassVar[str] = "EF166"


class BundleTooLarge(EveryfamilyError):
    """A bundle is empty or holds more than a hundred copies."""

    code: ClassVar[str] = "EF163"


def check_bundle(copies: int) -> None:
    """Raise BundleTooLarge unless a bundle with this many copies can be made."""
    if not 1 <= copies <= MAX_COPIES:
        raise BundleTooLarge(f"A bundle of {copies} letters cannot be made.", "Make bundles of 1 to 100.")


def check_routes(letter: Letter, day: date) -> None:
    """Raise RouteNotPrintable for the first route that is not valid on `day`."""
    for route in letter.routes:
        if fault := route.fault_on(day):
            raise RouteNotPrintable(
                f"On {day.isoformat()}: {fault}.",
                "Ring or open it, and write the day and who did it in the route register.",
                SourceLocation(letter.partnership_file, route.line),
            )


def refusal_of(refused: TemplateRefused, letter: Letter) -> EveryfamilyError:
    """What a print template's own panic means, for people."""
    what, _, index = str(refused).partition(":")
    if what == "address-too-long":
        return AddressTooLong(int(index))
    if what == "letterhead-too-wide":
        return LetterheadDoesNotFit(
            "The names of the bodies do not fit beside each other in the letterhead.",
            "Put each name on two shorter lines in name_lines.",
            SourceLocation(letter.partnership_file),
        )
    return LetterheadDoesNotFit(
        f"The lines at the right of the letterhead of copy {int(index) + 1} run into the letter.",
        "Shorten the partnership's address or enquiries, or the school's name.",
        SourceLocation(letter.partnership_file),
    )


def letter_data(
    view: View,
    copies: Sequence[PersonalGaps],
    *,
    tight: bool = False,
    strip: Strip = "lines",
    language: str = "en",
) -> dict[str, Any]:
    """Everything that a print template needs, from a view with its gaps open. Raises AddressTooLong.

    `tight` takes space from between the lines of the two-page letter, for an area with long names. `strip` is what is
    said in other languages, to an adult of `language`.
    """
    letter, labels = view.letter, view.labels
    links = web_targets(letter)
    face = face_of(view.text.language)
    pieces = Pieces(any_of(list(links))) if face is not None else None
    data: dict[str, Any] = {
        "t": {
            "lang": view.text.language.split("-")[0],
            "region": "GB",
            "face": face,
            "dir": direction_of(view.text.language),
            "title": view.title,
            "tight": tight,
            "card-first": view.card_first,
            # A window's title bar and a list of recent files show this. Like a subject line, it names no topic.
            "file-title": fill(view.text.subject.text, {"school": labels.school}),
            "author": letter.partnership,
            "ref": letter.reference,
            "review": view.review,
            "turn-over": labels.turn_over,
            "end": labels.end,
            "page-of": labels.page_of,
            "blank": labels.blank,
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
            "languages": drawings_of(letter, without=() if strip == "names" else lines_for(letter, language)),
            "strip": strip_of(letter, strip, language),
            "written": view.written,
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
        "whole": any_of([letter.reference, *links]),
        "links": links,
        "copies": [_copy(view, gaps, index) for index, gaps in enumerate(copies)],
        "said": {},
    }
    if pieces is not None:
        for name in ("title", "routes", "written", "own-number", "blank"):
            data["t"][name] = pieces.marked(data["t"][name])
        for copy in data["copies"]:
            copy["sections"] = pieces.marked(copy["sections"])
        data["said"] = pieces.said
    return data


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
