"""The texts of a letter, read from a pack's files: one version in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.text_files import decode
from everyfamily.core.packs.pack_sections import (
    BRIEFING_SECTIONS,
    NEWSLETTER_SECTIONS,
    PRESS_SECTIONS,
    PackIncomplete,
    check_press_lines,
    check_sections,
)
from everyfamily.core.packs.pack_text import parse_body, parse_fields
from everyfamily.core.text.passages import KitText, LetterText, Passage, PassageKind, Section

FIELDS: Mapping[str, dict[str, PassageKind]] = {
    "email": {"Subject": "subject", "Preheader": "preheader"},
    "sms": {"One fragment": "text message", "Two fragments": "text message"},
}
"""A text of a pack that has lines with names -> the names, and what each line is."""
PRIMARY = "primary"
"""In the name of a file it says which version it is of ("letter.primary.en.md"), and so it begins the id of each of its
passages ("primary/now/2")."""
PRIMARY_TEXTS = ("letter", "email", "sms", "newsletter")
"""What a letter with two versions has twice. What only staff and press offices read, and the pages, are of both."""


class TextFiles:
    """A pack's files by name, and what errors call its folder."""

    def __init__(self, files: Mapping[str, bytes], folder: str) -> None:
        self._files = files
        self.folder = folder

    def shown(self, name: str) -> str:
        """The file as errors name it."""
        return f"{self.folder}/{name}"

    def has(self, name: str) -> bool:
        """Whether the pack has the file."""
        return name in self._files

    def text(self, name: str) -> str:
        """The file's text. Raises PackIncomplete if there is none, and TextFileUnreadable."""
        if name not in self._files:
            raise PackIncomplete(
                f"The pack has no file {name}.",
                "Add it; the other packs show how.",
                SourceLocation(self.shown(name)),
            )
        return decode(self._files[name], self.shown(name))


def letter_text(files: TextFiles, language: str, *, primary: bool = False) -> LetterText:
    """Read the letter in a language: its one version or the secondary one, or the primary one, which has no page for
    staff or press of its own. Raises TextFileUnreadable, PackTextMalformed or PackIncomplete."""
    tag = f"{PRIMARY}.{language}" if primary else language
    body, email, sms = f"letter.{tag}.md", f"email.{tag}.txt", f"sms.{tag}.txt"
    title, sections = parse_body(files.text(body), files.shown(body))
    newsletter = _kit_text(files, f"newsletter.{tag}.md", NEWSLETTER_SECTIONS, "a newsletter passage")
    briefing = press = None
    if not primary and (language == "en" or files.has(f"briefing.{language}.md")):
        briefing = _kit_text(files, f"briefing.{language}.md", BRIEFING_SECTIONS, "a staff briefing")
    if not primary and files.has(f"press.{language}.md"):
        press = _kit_text(files, f"press.{language}.md", PRESS_SECTIONS, "the press lines")
        check_press_lines(press)
    outside = parse_fields(files.text(email), files.shown(email), FIELDS["email"])
    texts = parse_fields(files.text(sms), files.shown(sms), FIELDS["sms"])
    text = LetterText(
        language=language,
        title=title,
        sections=sections,
        subject=outside["Subject"],
        preheader=outside["Preheader"],
        sms=texts["Two fragments"],
        sms_short=texts["One fragment"],
        newsletter=newsletter,
        briefing=briefing,
        press=press,
    )
    return _with_ids(text) if primary else text


def _kit_text(files: TextFiles, name: str, required: Mapping[str, str], what: str) -> KitText:
    title, sections = parse_body(files.text(name), files.shown(name), part=name.split(".", 1)[0])
    check_sections(title, sections, required, what)
    return KitText(title, sections)


def _with_ids[Text: (LetterText, KitText)](text: Text) -> Text:
    """The text with ids that no passage of the other version has."""
    parts: dict[str, Any] = {}
    for one in fields(text):
        value = getattr(text, one.name)
        if isinstance(value, Passage):
            parts[one.name] = _with_id(value)
        elif isinstance(value, KitText):
            parts[one.name] = _with_ids(value)
    sections = (
        Section(one.id, one.heading and _with_id(one.heading), tuple(map(_with_id, one.passages)))
        for one in text.sections
    )
    return replace(text, **parts, sections=tuple(sections))


def _with_id(passage: Passage) -> Passage:
    return replace(passage, id=f"{PRIMARY}/{passage.id}")
