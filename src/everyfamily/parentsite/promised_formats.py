"""Formats that a letter sends families to the site for and that the site does not have."""

from __future__ import annotations

from everyfamily.core.letter.promised_formats import FORMATS, promised_formats
from everyfamily.parentsite.sealed import SealedLetter


def formats_not_there(one: SealedLetter) -> list[str]:
    """Their names. The site's pages are text in each language. Large print can be there besides, as the letter's own
    file, and a recording."""
    held = {wanted for wanted in FORMATS if any(name.endswith(f"/{wanted.file}") for name in one.files)}
    sent = {
        wanted
        for section in one.letter.english.sections
        for *_, wanted in promised_formats([passage.text for passage in section.passages])
    }
    return [wanted.name for wanted in FORMATS if wanted in sent - held]
