"""Which files of a letter are in a school's send kit, and in which folders."""

from __future__ import annotations

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.passages import LetterText
from everyfamily.rendering.labels import labels_for

KIT_FILES: tuple[tuple[str, str], ...] = (
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
"""The files of each language, with what each is for."""
VERSION_FOLDERS = {Version.PRIMARY: "Primary", Version.SECONDARY: "Secondary"}
"""Where the language folders of each version are, in a kit that has both."""
OF_BOTH = ("staff-briefing.pdf", "staff-briefing.txt")
"""The kit's files that are the same in both versions. The primary version has them from the other."""
SHORT_NAMES = ("letter.pdf", "text-message.txt")
"""The kit's files in a language that has only the small set."""


def language_folder(language: str) -> str:
    """Name of a language's folder in the kit: "English", or its tag if we have no name yet."""
    labels = labels_for(language)
    return labels.language if labels.tag == language else language


def kit_files(letter: Letter, version: Version | None) -> dict[str, str]:
    """The kit's files of a version: name in its folder -> name among the letter's, without the version's folder. Those
    that both versions have begin with "/"."""
    one = letter.in_version(version)
    found = {
        f"{language_folder(language)}/{name}": f"{language}/{name}"
        for language, text in one.texts.items()
        for name in kit_names(text)
    }
    found |= {f"{language_folder(tag)}/{name}": f"{tag}/{name}" for tag in one.short for name in SHORT_NAMES}
    if version is Version.PRIMARY:
        found |= {
            f"{language_folder(language)}/{name}": f"/{language}/{name}"
            for language, text in letter.texts.items()
            for name in kit_names(text)
            if name in OF_BOTH
        }
    return found


def kit_names(text: LetterText) -> list[str]:
    """Names of the kit's files in a language."""
    without = {
        "text-message-short.txt": text.sms_short is None,
        "newsletter.html": text.newsletter is None,
        "newsletter.txt": text.newsletter is None,
        "staff-briefing.pdf": text.briefing is None,
        "staff-briefing.txt": text.briefing is None,
    }
    return [name for name, _ in KIT_FILES if not without.get(name, False)]
