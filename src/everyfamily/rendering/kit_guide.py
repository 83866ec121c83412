"""The send kit's README.txt: what each file is for, what to do before and after, and how to check that it is
genuine."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.passages import LetterText
from everyfamily.rendering.labels import labels_for

KIT_GUIDE_VERSION = "1"
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
_BEFORE = (
    "Read the letter. Give your staff the briefing two school days before.",
    "Leave out every adult whom a court order or your own records say you may not write to. If an order is not clear, "
    "hold that letter and ask your safeguarding lead.",
    "Check within 24 hours before you send: a child who has left, a child who has died.",
    "Where a child's parents live apart, write to both on the same day.",
    "Choose a morning from Monday to Wednesday in term, when the numbers in the letter answer. Use the subject "
    '"{subject}" as it stands, and never put the topic into a subject, a file\'s name or on an envelope.',
    "Write to each adult alone, never to a list that others can see. Paste the email: do not attach the letter to it.",
    "Print it for those whom email does not reach, and for those who prefer paper.",
)


def render_kit_guide(letter: Letter) -> str:
    """Return README.txt, in English, because it is for the school and not for families."""
    return "\n".join(_lines(letter)).strip() + "\n"


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


def _lines(letter: Letter) -> Iterator[str]:
    subject = letter.english.subject.text
    yield from (f"{subject.upper()}: THE KIT FOR SCHOOLS", "")
    yield f"{letter.partnership}. Reference {letter.reference}, dated {day_in_words(letter.dated)}."
    if letter.demonstration:
        yield labels_for("en").demonstration_line.format(letter.area)
    yield ""
    yield from _wrapped(
        "Everything you need to send the letter to every parent and carer of every child on your roll, by your own "
        "means. Nothing here names a family."
    )
    yield from _which_file(letter)
    yield from _heading("Before you send")
    for number, words in enumerate(_BEFORE, start=1):
        yield from _wrapped(words.format(subject=subject), f"{number}. ", "   ")
    yield from _heading("Other formats")
    yield from _wrapped(
        "Large print is here. Easy read, audio, British Sign Language and Braille are not in this kit. Send those "
        f"families the letter, which says how to ask, and ring us for them: {letter.enquiries.number}."
    )
    yield from _genuine(letter)
    yield from _heading("Afterwards")
    yield from _wrapped(
        "Open the link that we sent your school and give five numbers: children on roll; reached by email; by text; on "
        "paper; not reached. No names. Keep no list of who opened, called or asked."
    )
    yield from _heading("Questions")
    who = letter.enquiries
    yield from _wrapped(f"{who.role}, {who.number}, {who.hours}. {who.mailbox}")


def _which_file(letter: Letter) -> Iterator[str]:
    yield from _heading("Which file is for what")
    words = dict(_FILES)
    yield from (f"Each language has its own folder: {_listed(letter)}.", "")
    names = kit_names(letter.english)
    width = max(len(name) for name in names) + 2
    for name in names:
        yield from _wrapped(words[name], f"  {name:<{width}}", " " * (width + 2))


def _genuine(letter: Letter) -> Iterator[str]:
    yield from _heading("Your school's name and number")
    yield from _wrapped(
        'These files do not name your school. Where its number would stand they say "on the number you already have". '
        "Please change nothing in them, not even a comma: the partners signed exactly these files, and a changed one "
        "can no longer be shown to be genuine. What you want to add, write in your own message above it."
    )
    yield from _heading("How to check that these files are genuine")
    yield from _wrapped(
        f"Anyone can find the reference {letter.reference} at {letter.site}. Whoever has the program everyfamily can "
        "check every file to the last byte against seal.json, in this folder:"
    )
    yield from ("", f"   everyfamily verify {language_folder('en')}/letter.pdf --seals .")


def _listed(letter: Letter) -> str:
    return ", ".join(language_folder(language) for language in letter.texts)


def _heading(words: str) -> Iterable[str]:
    return ("", words.upper(), "")


def _wrapped(words: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(words, _WIDTH, initial_indent=first, subsequent_indent=then, break_on_hyphens=False)
