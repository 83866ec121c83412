"""The small set of a letter in other languages, as templates need it: plain strings, in reading order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.text.gaps import SCHOOL_NUMBER_GAP, PersonalGaps
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import fill
from everyfamily.rendering.language_names import own_name
from everyfamily.rendering.view import direction_of, sentence, unbroken

Strip = Literal["lines", "danger", "names"]
"""What a printed letter says in other languages: title and danger line, the danger line only, or only their names."""


FACES = {
    **dict.fromkeys(("ar", "ckb", "fa", "ps", "ur"), "Vazirmatn"),
    **dict.fromkeys(("as", "bn"), "Hind Siliguri"),
    "pa": "Noto Sans Gurmukhi",
}
"""Typefaces of scripts that the letter's own faces do not have (rendering/fonts), by language."""


@dataclass(frozen=True, slots=True)
class ShortView:
    """One language's small set. `rows` are whose each number is, with the number, or None if it is not known."""

    tag: str
    direction: str
    name: str
    title: str
    danger: tuple[str, ...]
    heading: str
    rows: tuple[tuple[str, str | None], ...]
    lines: tuple[str, ...]


def face_of(language: str) -> str | None:
    """The typeface of a language's script, or None if the letter's own faces have it."""
    return FACES.get(language.split("-")[0])


def short_views(letter: Letter, gaps: PersonalGaps) -> list[ShortView]:
    """The small set in each language that the letter has it in, with one school's values filled in."""
    return [_view(tag, text, gaps) for tag, text in letter.short.items()]


def language_of_text(letter: Letter, language: str) -> str:
    """The language of the letter for an adult of `language`: English if the letter has only the small set in theirs."""
    return language if language in letter.texts or language not in letter.short else "en"


def lines_for(letter: Letter, language: str) -> frozenset[str]:
    """The languages whose lines a printed letter has: an adult's own, if it is known and has no letter, or else all."""
    return frozenset(letter.short) if language_of_text(letter, language) == language else frozenset({language})


def strip_of(letter: Letter, strip: Strip, language: str = "en") -> list[dict[str, str | None]]:
    """For print: each language's lines as one text, "Title. If a child is in danger now, call 999. address"."""
    if strip == "names":
        return []
    wanted = lines_for(letter, language)
    found: list[dict[str, str | None]] = []
    for one in short_views(letter, PersonalGaps.open()):
        if one.tag not in wanted:
            continue
        said = one.danger[:1] if strip == "danger" else (sentence(one.title), *one.danger[:1], letter.page)
        face = face_of(one.tag)
        found.append({"lang": one.tag, "dir": one.direction, "face": face, "text": " ".join(said)})
    return found


def said_in(strip: list[dict[str, str | None]], copies: int) -> list[tuple[str, str]]:
    """What a screen reader says of the strip in so many copies, for the scripts that it would misread: see
    said_text.py."""
    return [(one["lang"] or "", one["text"] or "") for one in strip if one["face"] is not None] * copies


def message_in(letter: Letter, language: str) -> Passage:
    """The text message of a language's small set. Raises KeyError for a language that has none."""
    return _section(letter.short[language], "message")[0]


def school_in(letter: Letter, language: str) -> str:
    """What a language's card calls the child's school: for a text message that names none."""
    rows = _section(letter.short[language], "card")
    return next((one.text for one in rows if one.aside == SCHOOL_NUMBER_GAP), "")


def _view(tag: str, text: SiteText, gaps: PersonalGaps) -> ShortView:
    values = {"school": gaps.school or "", "school number": gaps.school_number or ""}

    def filled(words: str) -> str:
        return unbroken(fill(words, values))

    card = text.section("card")
    return ShortView(
        tag,
        direction_of(tag),
        own_name(tag),
        filled(text.title.text),
        tuple(filled(one.text) for one in _section(text, "danger")),
        filled(card.heading.text) if card and card.heading else "",
        tuple(
            (filled(one.text), filled(one.aside or "") or None)
            for one in _section(text, "card")
            if one.kind == "item"
        ),
        tuple(filled(one.text) for one in _section(text, "card") if one.kind == "paragraph"),
    )


def _section(text: SiteText, name: str) -> tuple[Passage, ...]:
    found = text.section(name)
    return found.passages if found is not None else ()
