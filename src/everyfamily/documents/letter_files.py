"""Read the words of a letter file as its reader would meet them: PDF, email, web page or text.

What a copy could be forged by counts as a word: the address behind each link, the name of each attachment, and
whatever else of a page a reader or a program may show or do, such as a picture's text, a script, or words that a
style sheet adds. How a page looks is not read.
"""

from __future__ import annotations

import io
import re
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
    """Words in reading order; `copies` counts the letters of a bundle; `links` are the addresses a PDF links to.

    `more` is what else a PDF shows or does: notes and forms on its pages, scripts, attached files.
    """

    kind: Kind
    words: tuple[str, ...]
    copies: int = 1
    links: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()


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
    """Words of a tagged PDF in the order of its structure; raises PdfNotReadable or UnreadableLetterFile."""
    words = tuple(words_in_structure_order(data))
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            copies = max(1, -(-len(document.pages) // PAGES_A_LETTER))  # a page too many asks for a letter more
            links = frozenset(_links(document))
            more = frozenset(_more(document))
    except (pikepdf.PdfError, TypeError, ValueError, KeyError, AttributeError) as problem:
        raise UnreadableLetterFile("The PDF is damaged.", "Ask for the letter again.") from problem
    return Reading("pdf", words, copies, links, more)


def _annotations(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for page in document.pages:
        yield from page.obj.get("/Annots", pikepdf.Array())


def _links(document: pikepdf.Pdf) -> Iterator[str]:
    for annotation in _annotations(document):
        action = annotation.get("/A", pikepdf.Dictionary())
        if "/URI" in action:
            yield str(action.URI)


def _more(document: pikepdf.Pdf) -> Iterator[str]:
    names = document.Root.get("/Names", pikepdf.Dictionary())
    for holder, keys in (
        (document.Root, ("/OpenAction", "/AA", "/AcroForm")),
        (names, ("/JavaScript", "/EmbeddedFiles")),
        *((page.obj, ("/AA",)) for page in document.pages),
    ):
        yield from (key[1:] for key in keys if key in holder)
    for page in document.pages:
        if page.resources.get("/XObject"):
            yield "picture"  # ours are drawn with the page itself
    for annotation in _annotations(document):
        kind = str(annotation.get("/Subtype", "/Unknown"))
        action = str(annotation.get("/A", pikepdf.Dictionary()).get("/S", "/GoTo"))
        if kind != "/Link" or "/AP" in annotation:
            yield f"{kind[1:]} note"
        if action not in ("/URI", "/GoTo"):
            yield f"{action[1:]} action"


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
    """Words of a page in order, with the address of each link; looks are not words (see the module)."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    return reader.words


_LOOKS = frozenset(
    {"align", "aria-hidden", "bgcolor", "border", "cellpadding", "cellspacing", "charset", "class", "color"}
    | {"colspan", "data-css-inline", "dir", "height", "id", "lang", "name", "rel", "role", "rowspan", "style"}
    | {"target", "valign", "width", "xmlns"}
)
"""Attributes that change how a page looks and say nothing; every other one counts."""
_CSS_WORDS = re.compile(r"content\s*:[^;}]+|url\([^)]*\)|@import[^;]+|\\\S+|<[\s\S]*", re.IGNORECASE)
"""What a style sheet may show or fetch, also spelled with escapes, or hidden behind a tag that ends the sheet."""


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        told = dict(attrs)
        for name, value in attrs:
            if name == "style":
                self._style(value or "")
            elif value and name not in _LOOKS and (name, "http-equiv" in told) != ("content", False):
                self.words.extend(f"[{value}]".split())

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self._style(data)
        else:
            self.words.extend(data.split())

    # Programs differ on where a comment ends, and Outlook shows some: all its words count.
    def handle_comment(self, data: str) -> None:
        self.words.extend(data.split())

    def handle_decl(self, decl: str) -> None:
        self.words.extend(decl.split())

    def unknown_decl(self, data: str) -> None:
        self.words.extend(data.split())

    def handle_pi(self, data: str) -> None:
        self.words.extend(data.split())

    def _style(self, css: str) -> None:
        for found in _CSS_WORDS.findall(css):
            self.words.extend(f"[{found}]".split())
