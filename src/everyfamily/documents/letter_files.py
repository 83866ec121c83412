"""Read the words of a letter file as its reader would meet them: PDF, email, web page or text.

What a copy could be forged by counts as a word: the address behind each link, and the name of each attachment.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Literal

import pikepdf

from everyfamily.core.errors import EveryfamilyError, Place
from everyfamily.documents.tagged_pdf import words_in_structure_order

PAGES_A_LETTER = 2

Kind = Literal["pdf", "email", "html", "text"]


class UnreadableLetterFile(EveryfamilyError):
    """The file is none of the kinds a letter comes in, or is damaged."""

    code = "EF801"


@dataclass(frozen=True, slots=True)
class Reading:
    """Words in reading order; `copies` counts the letters of a bundle; `links` are the addresses a PDF links to."""

    kind: Kind
    words: tuple[str, ...]
    copies: int = 1
    links: frozenset[str] = frozenset()


def read_letter_file(data: bytes, name: str) -> Reading:
    """Read a file by what it is, not by its name; raises UnreadableLetterFile."""
    if data[:5] == b"%PDF-":
        return read_pdf(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableLetterFile(
            "The file is neither a PDF nor text.", "Save the letter as PDF, .eml, .html or .txt.", Place(name)
        ) from problem
    if name.lower().endswith(".eml"):
        return Reading("email", tuple(_words_of_email(data, name)))
    if "<html" in text[:2000].lower():
        return Reading("html", tuple(words_of_html(text)))
    return Reading("text", tuple(text.split()))


def read_pdf(data: bytes) -> Reading:
    """Words of a tagged PDF in the order of its structure; raises PdfNotReadable."""
    words = tuple(words_in_structure_order(data))
    with pikepdf.open(io.BytesIO(data)) as document:
        pages = len(document.pages)
        links = frozenset(_links(document))
    return Reading("pdf", words, copies=max(1, pages // PAGES_A_LETTER), links=links)


def _links(document: pikepdf.Pdf) -> Iterator[str]:
    for page in document.pages:
        for annotation in page.obj.get("/Annots", pikepdf.Array()):
            action = annotation.get("/A", pikepdf.Dictionary())
            if "/URI" in action:
                yield str(action.URI)


def _words_of_email(data: bytes, name: str) -> Sequence[str]:
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or message["subject"] is None:
        raise UnreadableLetterFile("The file is not an email.", "Save the email itself as .eml.", Place(name))
    words = str(message["subject"]).split()
    plain = message.get_body(("plain",))
    html = message.get_body(("html",))
    words += plain.get_content().split() if plain is not None else []
    words += words_of_html(html.get_content()) if html is not None else []
    words += [f"[attachment {part.get_filename()}]" for part in message.iter_attachments()]
    return words


def words_of_html(html: str) -> list[str]:
    """Words of a page in order, each link's address after its text; style and script are not words."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return reader.words


class _Words(HTMLParser):
    _SILENT = frozenset({"style", "script", "template", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent += 1
        for name, value in attrs:
            if name in ("href", "src", "action", "background") and value:
                self.words.append(f"[{value}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT and self._silent:
            self._silent -= 1

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.extend(data.split())
