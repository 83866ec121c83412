"""How a letter will look in each medium: print as pictures of its pages, and the others as they are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letter_parts import OUTSIDE
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.passages import KitText
from everyfamily.rendering.briefing import render_briefing
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.newsletter import render_newsletter
from everyfamily.rendering.page_pictures import page_words
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.press_lines import render_press_lines
from everyfamily.rendering.print_data import RouteNotPrintable
from everyfamily.rendering.sms import render_sms
from everyfamily.rendering.web_page import render_web_page
from everyfamily.staff.access import Visit
from everyfamily.staff.letters.mending import Mending
from everyfamily.staff.letters.opened import Opened

Medium = Literal["print", "large", "email", "text", "web", "newsletter", "briefing", "press"]

MEDIA: Mapping[str, str] = {
    "print": "Print",
    "email": "Email",
    "text": "Text message",
    "web": "Web page",
    "large": "Large print",
    "newsletter": "Newsletter",
    "briefing": "Staff briefing",
    "press": "Press lines",
}
_FOR_WHOM: Mapping[str, str] = {
    "newsletter": "readers of school newsletters",
    "briefing": "school staff",
    "press": "press offices",
}
"""The others are for families."""
_EXAMPLE = PersonalGaps(("The parent or carer",), "Your child’s school")
"""What is filled in for each family and school, as an example."""


class MediumNotThere(EveryfamilyError):
    """The letter has no text of this kind."""

    code = "EF557"


@dataclass(frozen=True, slots=True)
class PageShown:
    """A printed page: its number and its words."""

    number: int
    words: str


def pdf_of(letter: Letter, language: str, medium: str, today: date) -> bytes:
    """The printed file of a medium. Its lines must be good `today`: of a letter that is written weeks before its day,
    they are rung again by then. Raises MediumNotThere and what the renderers raise."""
    text, day = letter.texts[language], min(letter.dated, today)
    made: Mapping[str, Callable[[], bytes]] = {
        "print": lambda: render_letter(letter, language, _EXAMPLE, on=day),
        "large": lambda: render_large_print(letter, language, _EXAMPLE, on=day),
        "briefing": lambda: render_briefing(letter, language, _beside(text.briefing)),
        "press": lambda: render_press_lines(letter, language, _beside(text.press)),
    }
    if medium not in made:
        raise MediumNotThere("This is not printed.", "Choose one of the kinds above.")
    return made[medium]()


def html_of(letter: Letter, language: str, medium: str) -> str:
    """The page of a medium that is HTML, as it is sent."""
    if medium == "email":
        return render_email(letter, language, _EXAMPLE).html
    if medium == "web":
        return render_web_page(letter, language)
    if medium == "newsletter":
        return render_newsletter(letter, language, _beside(letter.texts[language].newsletter))
    raise MediumNotThere("This is no page.", "Choose one of the kinds above.")


def _beside(text: KitText | None) -> KitText:
    if text is None:
        raise MediumNotThere("The letter has no such text.", "Choose one of the kinds above.")
    return text


def preview_values(
    opened: Opened, language: str, medium: str, version: Version | None, visit: Visit
) -> dict[str, Any]:
    """One medium of a letter. If it cannot be made, the page says why."""
    letter = opened.letter.in_version(version)
    values: dict[str, Any] = {
        "here": "letters",
        "draft": opened.draft,
        "letter": letter,
        "language": language,
        "medium": medium,
        "version": version.value if version is not None else "",
        "versions": [
            (one.value, f"For {one.value} schools", one is version) for one in opened.letter.versions if one
        ],
        "medium_name": MEDIA[medium],
        "for_whom": _FOR_WHOM.get(medium, "families"),
        "part": _first_part(opened, language, medium, version),
        "media": [(key, name, key == medium) for key, name in MEDIA.items() if _has(letter, language, key)],
    }
    try:
        values |= _shown(letter, language, medium, opened.today)
    except EveryfamilyError as problem:
        values["problem"] = problem
        if isinstance(problem, RouteNotPrintable):
            day = min(letter.dated, opened.today)
            values["lines"] = Mending(opened, visit.held).to_ring(day)
            values["printed_on"] = day_in_words(day)
    return values


def _first_part(opened: Opened, language: str, medium: str, version: Version | None) -> str:
    """The part in which the words of a medium begin, so that they can be changed."""
    ids = [one.id for one in opened.parts_in(language)]
    part = medium if medium in _FOR_WHOM else OUTSIDE if medium == "text" else "opening"
    own = f"{PRIMARY}/{part}" if version is Version.PRIMARY else part
    return next((one for one in (own, part) if one in ids), ids[0])


def _has(letter: Letter, language: str, medium: str) -> bool:
    beside = ("newsletter", "briefing", "press")
    return medium not in beside or getattr(letter.texts[language], medium) is not None


def _shown(letter: Letter, language: str, medium: str, today: date) -> dict[str, Any]:
    if medium == "text":
        full = render_sms(letter, language, _EXAMPLE)
        short = render_sms(letter, language, _EXAMPLE, short=True) if letter.texts[language].sms_short else None
        return {"messages": [one for one in (full, short) if one is not None], "sender": letter.sender_name}
    if medium in ("email", "web", "newsletter"):
        html_of(letter, language, medium)
        if medium != "email":
            return {"is_page": True}
        email = render_email(letter, language, _EXAMPLE)
        return {"is_page": True, "email": email, "preheader": letter.texts[language].preheader.text}
    words = page_words(pdf_of(letter, language, medium, today))
    return {"pages": [PageShown(number, text) for number, text in enumerate(words, start=1)]}
