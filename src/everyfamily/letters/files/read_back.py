"""Our own rendered files, read back for the rules by the readers that read letters from outside.

A rule about links, colours or tags then judges what a family gets, not what a template meant. The files are ours and
were made a moment ago. So they are read in this process, without the guards that a stranger's file needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.outside_document import Document
from everyfamily.documents.docx import docx_letter
from everyfamily.documents.html import html_letter
from everyfamily.documents.pdf import pdf_letter
from everyfamily.rendering.email import render_email
from everyfamily.rendering.large_print import render_large_print
from everyfamily.rendering.newsletter import render_newsletter
from everyfamily.rendering.pdf import render_letter
from everyfamily.rendering.web_page import render_web_page
from everyfamily.rendering.word import render_word

READ_BACK: Mapping[str, Callable[[bytes, str], Document]] = {
    "email.html": html_letter.read,
    "page.html": html_letter.read,
    "newsletter.html": html_letter.read,
    "letter.pdf": pdf_letter.read,
    "letter-large-print.pdf": pdf_letter.read,
    "letter.docx": docx_letter.read,
}
"""What families and schools get, by name. Each is in the folder of its language ("en/email.html")."""


def documents_of(
    letter: Letter, artefacts: Mapping[str, bytes] | None = None, folder: str = ""
) -> tuple[Document, ...]:
    """The files of a letter in one version as read back, from `artefacts` (name -> bytes) or rendered here. `folder`
    comes before their names.

    A file that cannot be rendered is left out. What stops it (a dead route, a third page) is already a finding.
    """
    files = _rendered(letter, folder) if artefacts is None else artefacts
    return tuple(
        read(files[file], file)
        for language in letter.texts
        for name, read in READ_BACK.items()
        if (file := f"{folder}{language}/{name}") in files
    )


def _rendered(letter: Letter, folder: str) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for language in letter.texts:
        for name, render in _renderers(letter, language):
            try:
                files[f"{folder}{language}/{name}"] = render()
            except EveryfamilyError:
                continue
    return files


def _renderers(letter: Letter, language: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    gaps, newsletter = PersonalGaps(), letter.texts[language].newsletter
    yield "email.html", lambda: render_email(letter, language, gaps).html.encode()
    yield "page.html", lambda: render_web_page(letter, language).encode()
    yield "letter.pdf", lambda: render_letter(letter, language, gaps)
    yield "letter-large-print.pdf", lambda: render_large_print(letter, language, gaps)
    yield "letter.docx", lambda: render_word(letter, language)
    if newsletter is not None:
        yield "newsletter.html", lambda: render_newsletter(letter, language, newsletter).encode()
