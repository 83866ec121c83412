"""A letter that corrects one of ours: first what was wrong, then the topic's own words with the right route.

The words of a correction are a small pack of their own, for any topic. They are put into the topic's pack here, so
composing, checking and approving are the same as for any letter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.text_files import decode, read_bytes
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.letter_files import PRIMARY
from everyfamily.core.packs.pack_text import parse_fields
from everyfamily.core.packs.packs import Pack
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.passages import KitText, LetterText, Medium, Passage, PassageKind, Section
from everyfamily.core.text.placeholders import fill

_FILE = "correction.{}.txt"
_ELSEWHERE: tuple[Medium, ...] = ("email", "web")
_FIELDS: dict[str, PassageKind] = {
    "On paper": "paragraph",
    "What was wrong": "paragraph",
    "What is right": "paragraph",
    "Subject": "subject",
    "Preheader": "preheader",
    "One fragment": "text message",
    "Two fragments": "text message",
    "Newsletter": "paragraph",
    "Briefing": "paragraph",
    "Press": "paragraph",
    "Press questions": "paragraph",
}


class CorrectionNotUsable(EveryfamilyError):
    """What is to be corrected does not match the wrong letter, or the register of routes."""

    code: ClassVar[str] = "EF529"


@dataclass(frozen=True, slots=True)
class WrongLetter:
    """What was wrong in the letter before."""

    reference: str
    dated: date
    route: str
    """Id of the route in the register, such as "local"."""
    printed: str
    """The number or address that it printed."""


def wrong_letter(letter: Letter, route: str) -> WrongLetter:
    """The wrong letter and its wrong route. Raises CorrectionNotUsable for a route that it did not print."""
    for one in letter.routes:
        if one.id == route and (printed := one.number or one.url):
            return WrongLetter(letter.reference, letter.dated, route, printed)
    known = ", ".join(one.id for one in letter.routes)
    raise CorrectionNotUsable(f'The letter {letter.reference} has no route "{route}".', f"Use one of: {known}.")


def correction_words(folder: Path, languages: Iterable[str]) -> dict[str, bytes]:
    """What a correction says first, in these languages: "correction/correction.en.txt" -> its bytes. Raises what
    reading the files raises."""
    names = (f"{folder.name}/{_FILE.format(language)}" for language in languages)
    return {name: read_bytes(folder.parent / name, name) for name in names}


def correcting(pack: Pack, folder: Path, wrong: WrongLetter, partnership: Partnership) -> Pack:
    """The topic's pack with the words of the correction from `folder` first, in each of its languages.

    Raises CorrectionNotUsable if the register still has what was wrong, and what reading the texts raises.
    """
    return with_correction(pack, correction_words(folder, pack.texts), wrong, partnership)


def with_correction(pack: Pack, words: Mapping[str, bytes], wrong: WrongLetter, partnership: Partnership) -> Pack:
    """The same, of words that were read before (`correction_words`)."""
    right = partnership.route(wrong.route)
    if (right.number or right.url) == wrong.printed:
        raise CorrectionNotUsable(
            f'The register still has the {_kind(wrong)} that was wrong in the route "{wrong.route}".',
            "Put the right one there, and who checked it when, in the partnership's file.",
        )
    values = {
        "wrong reference": wrong.reference,
        "wrong dated": day_in_words(wrong.dated),
        "wrong kind": "web address" if right.number is None else "number",
    }
    texts: dict[str, LetterText] = {}
    primary: dict[str, LetterText] = {}
    whole = hashlib.sha256(f"{pack.digest}\0".encode())
    for language, text in pack.texts.items():
        name = next(one for one in words if one.endswith(f"/{_FILE.format(language)}"))
        whole.update(words[name])
        fields = parse_fields(decode(words[name], name), name, _FIELDS)
        said = {
            # The route itself stays a gap. Composing fills it in from the register, as everywhere in the letter.
            field: replace(one, text=fill(one.text.replace("((route right", f"((route {wrong.route}"), values))
            for field, one in fields.items()
        }
        texts[language] = _corrected(text, said)
        if language in pack.primary:
            primary[language] = _corrected(pack.primary[language], said, f"{PRIMARY}/")
    # The small set would say nothing of what was wrong.
    return replace(pack, texts=texts, primary=primary, short={}, digest=whole.hexdigest())


def _kind(wrong: WrongLetter) -> str:
    return "number" if wrong.printed[0].isdigit() else "web address"


def _corrected(text: LetterText, said: Mapping[str, Passage], version: str = "") -> LetterText:
    """One version's text, whose passages' ids begin with `version`, with what is said of the mistake."""
    return replace(
        text,
        sections=tuple(_opening(one, said, version) if one.id == "opening" else one for one in text.sections),
        subject=replace(text.subject, text=said["Subject"].text, place=said["Subject"].place),
        preheader=replace(text.preheader, text=said["Preheader"].text, place=said["Preheader"].place),
        sms=replace(text.sms, text=said["Two fragments"].text, place=said["Two fragments"].place),
        sms_short=said["One fragment"],
        newsletter=_kit(text.newsletter, f"{version}newsletter/", "about", said["Newsletter"]),
        briefing=_kit(text.briefing, "briefing/", "out", said["Briefing"], alone=True),
        press=_kit(
            _kit(text.press, "press/", "say", said["Press"], alone=True),
            "press/",
            "ask",
            said["Press questions"],
        ),
    )


def _opening(opening: Section, said: Mapping[str, Passage], version: str) -> Section:
    """After the salutation: on paper the correction replaces what is there, and elsewhere it comes before it."""
    salutation, *rest = opening.passages
    paper = replace(said["On paper"], id=f"{version}opening/correction-paper", only=("print",))
    elsewhere = (
        replace(said[name], id=f"{version}opening/correction-{number}", only=_ELSEWHERE)
        for number, name in enumerate(("What was wrong", "What is right"), start=1)
    )
    kept = (
        replace(one, only=tuple(medium for medium in _ELSEWHERE if one.stands_in(medium)))
        for one in rest
        if one.only != ("print",)
    )
    return replace(opening, passages=(salutation, paper, *elsewhere, *kept))


def _kit(
    text: KitText | None, before: str, section: str, passage: Passage, *, alone: bool = False
) -> KitText | None:
    """A text beside the letter, with a passage first, or by itself, in one of its sections."""
    if text is None:
        return None
    first = replace(passage, id=f"{before}{section}/correction")
    return replace(
        text,
        sections=tuple(
            replace(one, passages=(first, *(() if alone else one.passages))) if one.id == section else one
            for one in text.sections
        ),
    )
