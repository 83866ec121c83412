"""The send kit's guide: what each file is for, what to do before and after, and how to check that it is genuine.

Offices get it twice, with the same words: README.txt, and a page that is one sheet of paper.
"""

from __future__ import annotations

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
_BEFORE = (
    "Read the letter. Give your staff the briefing two school days before.",
    "Leave out every adult whom a court order or your own records say you may not write to. If an order is not clear, "
    "hold that letter and ask your safeguarding lead.",
    "Check within 24 hours before you send: a child who has left, a child who has died.",
    "Where a child's parents live apart, write to both on the same day.",
    "Choose a morning from Monday to Wednesday in term, when the numbers in the letter answer. Use the subject "
    "{subject} as it is, and never put the topic into a subject, a file's name or on an envelope.",
    "Write to each adult separately, never to a list that others can see. Paste the email: do not attach the letter.",
    "Print it for those whom email does not reach, and for those who prefer paper.",
)


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


def _which(kit: _Kit) -> Iterator[GuidePart]:
    """Who gets which version."""
    year = kit.letter.secondary_from
    if year is None:
        return
    older, last = year_in_words(year), year_in_words(year - 1)
    if kit.has_both:
        yield _part(
            "Which family gets which letter",
            f"The letter has two versions, each in its own folder. A family with a child in {older} or above at your "
            f"school gets Secondary. A family whose children at your school are all in {last} or below gets Primary, "
            "and so does one whose child's year you do not know. No family gets both.",
        )
    else:
        others = f"in {older} or above" if kit.only is Version.PRIMARY else f"in {last} or below"
        yield _part(
            "One version of two",
            f"Families of children {others} get the letter in other words. Your school does not need those.",
        )


def _parts(kit: _Kit) -> Iterator[GuidePart]:
    letter = kit.letter
    words = dict(KIT_FILES)
    listed = ", ".join(language_folder(language) for language in letter.texts)
    messages = ", ".join(f"{language_folder(language)} ({own_name(language)})" for language in kit.short)
    yield from _which(kit)
    yield GuidePart(
        "Which file is for what",
        (
            GuideLine("paragraph", f"Each language has its own folder: {listed}."),
            *(
                [
                    GuideLine(
                        "paragraph",
                        "In these, the English letter has lines in that language, and so is the text message: "
                        f"{messages}.",
                    ),
                    GuideLine("paragraph", "Beside this guide, other-languages.html has them all on one page."),
                ]
                if messages
                else []
            ),
            *(GuideLine("file", words[name], name) for name in kit_names(letter.english)),
        ),
    )
    yield GuidePart(
        "Before you send", tuple(GuideLine("step", words.format(subject=kit.subjects)) for words in _BEFORE)
    )
    yield _part(
        "Other formats",
        "Large print is here. Easy read, audio, British Sign Language and Braille are not in this kit. Send those "
        f"families the letter, which says how to ask, and ring us for them: {letter.enquiries.number}.",
    )
    yield _part(
        "Your school's name and number",
        'These files do not name your school. They say "on the number you already have" where its number would be. '
        "Please change nothing in them, not even a comma: the partners signed exactly these files, and a changed one "
        "can no longer be shown to be genuine. What you want to add, write in your own message above it.",
    )
    checked = _part(
        "How to check that these files are genuine",
        f"Anyone can find the reference {letter.reference} at {letter.site}. Anyone with the program everyfamily can "
        "check every file to the last byte against seal.json, in this folder:",
    )
    command = GuideLine("command", f"everyfamily verify {kit.folder}/letter.pdf --seals .")
    yield GuidePart(checked.heading, (*checked.lines, command))
    yield _part(
        "Afterwards",
        "Open the link that we sent your school and give five numbers: children on roll"
        + _years(letter)
        + "; reached by email; on paper; "
        "by text; not reached. No names. Keep no list of who opened, called or asked.",
    )
    who = letter.enquiries
    yield _part("Questions", f"{who.role}, {who.number}, {who.hours}. {who.mailbox}")


def _part(heading: str, words: str) -> GuidePart:
    return GuidePart(heading, (GuideLine("paragraph", words),))


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
