"""The send kit's guide: what each file is for, what to do before and after, and how to check that it is genuine.

Offices get it twice, with the same words: README.txt, and a page that is one sheet of paper.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from everyfamily.core.calendar.year_groups import from_year_in_words
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.passages import LetterText
from everyfamily.rendering.html import environment, linked
from everyfamily.rendering.labels import labels_for
from everyfamily.rendering.language_names import own_name
from everyfamily.rendering.view import unbroken

KIT_GUIDE_VERSION = "2"
"""Raised with every change of these words; the seal records it."""

_WIDTH = 78
_FILES: tuple[tuple[str, str], ...] = (
    ("letter.pdf", "To print or copy: one sheet of A4, both sides. It fits a window envelope."),
    ("letter-large-print.pdf", "For anyone who asked you for large print: 18 point, A4."),
    ("letter.docx", "The same words as a Word file, if your system takes nothing else."),
    ("email.html", "For an email: open it, select everything, copy it, paste it into your own system."),
    ("email.txt", "The same email as plain text, for systems without formatting."),
    (
        "text-message.txt",
        "A text message. It gives the address of the letter's page and is not the letter itself.",
    ),
    ("text-message-short.txt", "A shorter one, if you pay for each part of a text."),
    (
        "newsletter.html",
        "A passage for your newsletter or website, to copy from. It does not replace the letter.",
    ),
    ("newsletter.txt", "The same passage as plain text."),
    ("staff-briefing.pdf", "One page for your staff, before the letter goes out. Not for families."),
    ("staff-briefing.txt", "The same page as plain text, for a message to staff."),
)
SHORT_NAMES = ("letter.pdf", "text-message.txt")
"""The kit's files in a language that has only the small set."""
_BEFORE = (
    "Read the letter. Give your staff the briefing two school days before.",
    "Leave out every adult whom a court order or your own records say you may not write to. If an order is not clear, "
    "hold that letter and ask your safeguarding lead.",
    "Check within 24 hours before you send: a child who has left, a child who has died.",
    "Where a child's parents live apart, write to both on the same day.",
    "Choose a morning from Monday to Wednesday in term, when the numbers in the letter answer. Use the subject "
    '"{subject}" as it is, and never put the topic into a subject, a file\'s name or on an envelope.',
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


def render_kit_guide(letter: Letter) -> str:
    """Return README.txt, in English, because it is for the school and not for families."""
    return "\n".join(_lines(letter)).strip() + "\n"


def render_kit_guide_page(letter: Letter) -> str:
    """Return the same guide as a page: one sheet of A4 when it is printed, and nothing from elsewhere."""
    return (
        environment()
        .get_template("kit_guide.html")
        .render(
            title=_title(letter),
            opening=_opening(letter),
            parts=_parts(letter),
            folder=language_folder("en"),
            say=lambda words: linked(letter, unbroken(words)),
        )
    )


def language_folder(language: str) -> str:
    """Name of a language's folder in the kit: "English", or its tag if we have no name yet."""
    labels = labels_for(language)
    return labels.language if labels.tag == language else language


def kit_names(text: LetterText) -> list[str]:
    """Names of the kit's files in a language."""
    without = {
        "text-message-short.txt": text.sms_short is None,
        "newsletter.html": text.newsletter is None,
        "newsletter.txt": text.newsletter is None,
        "staff-briefing.pdf": text.briefing is None,
        "staff-briefing.txt": text.briefing is None,
    }
    return [name for name, _ in _FILES if not without.get(name, False)]


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


def _parts(letter: Letter) -> Iterator[GuidePart]:
    words = dict(_FILES)
    listed = ", ".join(language_folder(language) for language in letter.texts)
    messages = ", ".join(f"{language_folder(language)} ({own_name(language)})" for language in letter.short)
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
    subject = letter.english.subject.text
    yield GuidePart(
        "Before you send", tuple(GuideLine("step", words.format(subject=subject)) for words in _BEFORE)
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
    command = GuideLine("command", f"everyfamily verify {language_folder('en')}/letter.pdf --seals .")
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


def _lines(letter: Letter) -> Iterator[str]:
    *opening, what = _opening(letter)
    yield from (_title(letter).upper(), "", *opening, "", *_wrapped(what))
    width = max(len(name) for name in kit_names(letter.english)) + 2
    for part in _parts(letter):
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
