"""The send kit's guide: what each file is for, what to do before and after, and how to check that it is genuine.

Offices get it twice, with the same words: README.txt, and a page that is one sheet of paper.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.year_groups import from_year_in_words, year_in_words
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.dates import day_in_words
from everyfamily.rendering.html import environment, linked
from everyfamily.rendering.kit_files import KIT_FILES, VERSION_FOLDERS, kit_names, language_folder
from everyfamily.rendering.labels import labels_for
from everyfamily.rendering.language_names import own_name
from everyfamily.rendering.view import unbroken

KIT_GUIDE_VERSION = "2"
"""Raised with every change of these words; the seal records it."""

_WIDTH = 78


@dataclass(frozen=True, slots=True)
class GuideLine:
    """One line: a paragraph, a numbered step, a file with its `name`, or a command to type."""

    kind: Literal["paragraph", "step", "file", "command"]
    words: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class GuidePart:
    """A heading and its lines."""

    heading: str
    lines: tuple[GuideLine, ...]


def render_kit_guide(letter: Letter, only: Version | None = None) -> str:
    """Return README.txt, in English, because it is for the school and not for families.

    If the letter has two versions, `only` is the one that a school's kit has. None means that it has both.
    """
    return "\n".join(_lines(_Kit(letter, only))).strip() + "\n"


def render_kit_guide_page(letter: Letter, only: Version | None = None) -> str:
    """Return the same guide as a page: one sheet of A4 when it is printed, and nothing from elsewhere."""
    kit = _Kit(letter, only)
    return (
        environment()
        .get_template("kit_guide.html")
        .render(
            title=_title(letter),
            opening=_opening(letter),
            parts=_parts(kit),
            folder=kit.folder,
            say=lambda words: linked(letter, unbroken(words)),
        )
    )


def _title(letter: Letter) -> str:
    return f"{letter.english.subject.text}: the kit for schools"


def _opening(letter: Letter) -> list[str]:
    found = [f"{letter.partnership}. Reference {letter.reference}, dated {day_in_words(letter.dated)}."]
    if letter.demonstration:
        found.append(labels_for("en").demonstration_line.format(letter.area))
    found.append(
        "Everything you need to send the letter to every parent and carer of every child on your "
        f"roll{_years(letter)}, by your own means. Nothing here names a family."
    )
    return found


def _years(letter: Letter) -> str:
    """ " in Year 6 or above", or blank if the letter is for every child."""
    years = from_year_in_words(letter.from_year)
    return f" {years}" if years else ""


@dataclass(frozen=True, slots=True)
class _Kit:
    """A letter's kit: of one version, or of both if `only` is None and the letter has two."""

    letter: Letter
    only: Version | None

    @property
    def has_both(self) -> bool:
        return self.only is None and self.letter.secondary_from is not None

    @property
    def short(self) -> tuple[str, ...]:
        """Languages with only the small set, in any version that is here."""
        versions = self.letter.versions if self.only is None else (self.only,)
        return tuple(dict.fromkeys(tag for one in versions for tag in self.letter.in_version(one).short))

    @property
    def folder(self) -> str:
        """Where the English files are that the guide leads to."""
        inside = f"{VERSION_FOLDERS[Version.SECONDARY]}/" if self.has_both else ""
        return f"{inside}{language_folder('en')}"

    @property
    def subjects(self) -> str:
        """The subject of the email, in quotation marks: of each version that is here, if they differ."""
        versions = self.letter.versions if self.only is None else (self.only,)
        said = {f'"{self.letter.in_version(one).english.subject.text}"': one for one in versions}
        if len(said) == 1:
            return next(iter(said))
        return " or ".join(f"{words} ({one})" for words, one in said.items())


def _parts(kit: _Kit) -> Iterator[GuidePart]:
    """The parts in templates/kit_guide.txt, which says how a line of each kind begins."""
    letter, year = kit.letter, kit.letter.secondary_from
    words = dict(KIT_FILES)
    text = (
        environment()
        .get_template("kit_guide.txt")
        .render(
            kit=kit,
            letter=letter,
            secondary_from=year,
            older="" if year is None else year_in_words(year),
            last="" if year is None else year_in_words(year - 1),
            listed=", ".join(language_folder(language) for language in letter.texts),
            messages=", ".join(f"{language_folder(language)} ({own_name(language)})" for language in kit.short),
            files=[(name, words[name]) for name in kit_names(letter.english)],
            years=_years(letter),
        )
    )
    for part in re.split(r"^## ", text.replace("\n  ", " "), flags=re.MULTILINE)[1:]:
        heading, *lines = part.strip("\n").split("\n")
        yield GuidePart(heading, tuple(_line(line) for line in lines if line))


def _line(line: str) -> GuideLine:
    if line.startswith("- "):
        name, _, words = line.removeprefix("- ").partition(": ")
        return GuideLine("file", words, name)
    if line.startswith("1. "):
        return GuideLine("step", line.removeprefix("1. "))
    if line.startswith("$ "):
        return GuideLine("command", line.removeprefix("$ "))
    return GuideLine("paragraph", line)


def _lines(kit: _Kit) -> Iterator[str]:
    letter = kit.letter
    *opening, what = _opening(letter)
    yield from (_title(letter).upper(), "", *opening, "", *_wrapped(what))
    width = max(len(name) for name in kit_names(letter.english)) + 2
    for part in _parts(kit):
        yield from ("", part.heading.upper(), "")
        before, number = "paragraph", 0
        for line in part.lines:
            if line.kind == "file":
                if before != "file":
                    yield ""
                yield from _wrapped(line.words, f"  {line.name:<{width}}", " " * (width + 2))
            elif line.kind == "step":
                number += 1
                yield from _wrapped(line.words, f"{number}. ", "   ")
            elif line.kind == "command":
                yield from ("", f"   {line.words}")
            else:
                yield from _wrapped(line.words)
            before = line.kind


def _wrapped(words: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)
