"""Exactly what goes out, by medium: the files of a frozen version, as pictures, as words and as links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from everyfamily.letters.files.record import GUIDE, GUIDE_PAGE, OTHER_LANGUAGES, PRIMARY_FOLDER, SECONDARY_FOLDER
from everyfamily.rendering.language_names import own_name

PRINT, LARGE = "letter.pdf", "letter-large-print.pdf"
_FAMILIES: Final = (
    (PRINT, "Letter on paper (PDF)"),
    (LARGE, "Large print (PDF)"),
    ("email.html", "Email, as a page"),
    ("email.txt", "Email, as text"),
    ("text-message.txt", "Text message"),
    ("text-message-short.txt", "Shorter text message, for schools"),
    ("page.html", "Page on the parent site"),
    ("letter.docx", "Letter for a word processor"),
)
_BESIDE: Final = (
    ("newsletter.html", "Newsletter, as a page"),
    ("newsletter.txt", "Newsletter, as text"),
    ("staff-briefing.pdf", "Briefing for a school’s staff (PDF)"),
    ("staff-briefing.txt", "Briefing for a school’s staff, as text"),
    ("press-lines.pdf", "Press lines (PDF)"),
    ("press-lines.txt", "Press lines, as text"),
)
_KIT: Final = (
    (GUIDE, "Guide of the send kit, as text"),
    (GUIDE_PAGE, "Guide of the send kit, as a page"),
    (OTHER_LANGUAGES, "Every language on one page"),
)
TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
"""The types of a letter's files by the ends of their names."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file, with what it is for people."""

    name: str
    said: str


@dataclass(frozen=True, slots=True)
class InLanguage:
    """What goes out in one language, to the families of one version."""

    key: str
    """What the names of its files begin with: "en", or "primary/en" of a primary version."""
    said: str
    files: tuple[FileRow, ...]
    beside: tuple[FileRow, ...]

    @property
    def language(self) -> str:
        """Its tag."""
        return self.key.rpartition("/")[2]


def in_languages(names: Iterable[str]) -> list[InLanguage]:
    """The files of a letter by version and language, English first. Those with open gaps are only compared, and go
    nowhere."""
    every = set(names)
    keys = {name.removesuffix(f"/{PRINT}") for name in every if name.endswith(f"/{PRINT}")}
    keys = {key for key in keys if not key.endswith("/gaps-open")}
    has_primary = any(key.startswith(PRIMARY_FOLDER) for key in keys)
    order = sorted(keys, key=lambda key: (key.startswith(PRIMARY_FOLDER), key.rpartition("/")[2] != "en", key))
    return [
        InLanguage(
            key, _said(key, has_primary=has_primary), _rows(key, _FAMILIES, every), _rows(key, _BESIDE, every)
        )
        for key in order
    ]


def _said(key: str, *, has_primary: bool) -> str:
    language = own_name(key.rpartition("/")[2])
    if not has_primary:
        return language
    return f"{language}, {'primary' if key.startswith(PRIMARY_FOLDER) else 'secondary'}"


def of_the_kit(names: Iterable[str]) -> tuple[FileRow, ...]:
    """The files that are in no language's folder."""
    every = set(names)
    return tuple(
        FileRow(f"{folder}{name}", f"{said}{of}")
        for folder, of in (("", ""), (SECONDARY_FOLDER, ", secondary"), (PRIMARY_FOLDER, ", primary"))
        for name, said in _KIT
        if f"{folder}{name}" in every
    )


def _rows(key: str, kinds: Sequence[tuple[str, str]], every: set[str]) -> tuple[FileRow, ...]:
    return tuple(FileRow(f"{key}/{name}", said) for name, said in kinds if f"{key}/{name}" in every)
