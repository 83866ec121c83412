"""Read a letter file to compare it with the sealed letter: PDF, email, web page or text.

From a PDF: the words of its structure, and separately everything else that it shows or does. From a web page: every
token of its source. From an email: its words, its page's tokens, and who it says it is from.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf

from everyfamily.core.errors import SourceLocation
from everyfamily.documents.compared.email_file import read_email
from everyfamily.documents.compared.page_remains import PageRemains, words_and_remains
from everyfamily.documents.compared.page_source import tokens_of_html
from everyfamily.documents.compared.tagged_pdf import DAMAGED
from everyfamily.documents.compared.unreadable import UnreadableLetterFile

Kind = Literal["pdf", "email", "html", "text"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Words in reading order. `links` are the addresses that a PDF links to.

    `more` is what else a PDF or an email shows or does: notes and forms, scripts, attached files; the sender. `pages`
    is what each page of a PDF shows besides its words.
    """

    kind: Kind
    words: tuple[str, ...]
    links: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    pages: tuple[PageRemains, ...] = ()

    def copies_of(self, letter: Reading) -> int:
        """How many copies of `letter` a bundle has, by its pages. One page too many counts as one more letter."""
        return max(1, -(-len(self.pages) // len(letter.pages))) if letter.pages else 1


def read_letter_file(data: bytes, name: str) -> Reading:
    """Read a file by what it is, not by its name. Raises UnreadableLetterFile."""
    if not data:
        raise UnreadableLetterFile("The file is empty.", "Save the letter again.", SourceLocation(name))
    if data[:5] == b"%PDF-":
        return read_pdf(data)
    if data[:4] == b"PK\x03\x04":
        raise UnreadableLetterFile(
            "The Word file is not exactly one that was sealed, and a changed one cannot be compared.",
            "Ask for letter.pdf from the same place, or compare with the page that the reference leads to.",
            SourceLocation(name),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise UnreadableLetterFile(
            "The file is not a PDF and not text.",
            "Save the letter as PDF, .eml, .html or .txt.",
            SourceLocation(name),
        ) from problem
    if name.lower().endswith(".eml"):
        words, more = read_email(data, name)
        return Reading("email", words, more=more)
    if name.lower().endswith((".html", ".htm", ".xhtml")) or "<html" in text[:2000].lower():
        return Reading("html", tuple(tokens_of_html(text)))
    return Reading("text", tuple(text.split()))


def read_pdf(data: bytes) -> Reading:
    """Words of a tagged PDF in the order of its structure. Raises PdfNotReadable or UnreadableLetterFile."""
    words, pages = words_and_remains(data)
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            links = frozenset(_links(document))
            more = frozenset(_more(document))
    except DAMAGED as problem:
        raise UnreadableLetterFile("The PDF is damaged.", "Ask for the letter again.") from problem
    return Reading("pdf", words, links, more, pages)


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
        (document.Root, ("/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Collection")),
        (names, ("/JavaScript", "/EmbeddedFiles")),
        *((page.obj, ("/AA",)) for page in document.pages),
    ):
        yield from (key[1:] for key in keys if key in holder)
    yield from _titles(document)
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
        if "/Contents" in annotation:
            yield f'note "{annotation.Contents}"'


def _titles(document: pikepdf.Pdf) -> Iterator[str]:
    """What a program shows or says around the page: its titles, its bookmarks, and what it says about pictures."""
    yield from (f'title "{value}"' for name, value in document.docinfo.items() if name == "/Title")
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        yield f'title "{metadata.get("dc:title", "")}"'
    with document.open_outline() as outline:
        bookmarks = list(outline.root)
        while bookmarks:
            bookmark = bookmarks.pop()
            bookmarks += bookmark.children
            yield f'bookmark "{bookmark.title}"'
    yield from _said_instead(document.Root.get("/StructTreeRoot"), 0)


_MAX_DEPTH = 200


def _said_instead(node: Any, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        raise ValueError("structure too deep")
    if isinstance(node, pikepdf.Array):
        for kid in node:
            yield from _said_instead(kid, depth + 1)
    elif isinstance(node, pikepdf.Dictionary):
        yield from (f'spoken text "{node[name]}"' for name in ("/Alt", "/ActualText", "/E") if name in node)
        yield from _said_instead(node.get("/K"), depth + 1)
