"""Any letter from outside, read by what it is: docx, odt, pdf, html, md, txt."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.outside_document import Document, DocumentFormat
from everyfamily.documents.document_formats import format_of
from everyfamily.documents.shared.document_limits import MAX_FILE, refuse_large_file, refuse_many
from everyfamily.documents.shared.not_readable import DocumentNotReadable, EmptyDocument, FileNotOpened

__all__ = ["DocumentNotReadable", "read_document", "read_path"]

Reader = Callable[[bytes, str], Document]

_IN_PROCESS: dict[DocumentFormat, str] = {"txt": "text.text_letter"}
_GUARDED: dict[DocumentFormat, str] = {
    "docx": "docx.docx_letter",
    "odt": "odt.odt_letter",
    "pdf": "pdf.pdf_letter",
    "html": "html.html_letter",
    "md": "text.markdown_letter",
}
"""Formats with parsers that were not made for hostile files. They are read in their own process."""


def read_document(data: bytes, name: str, *, format: DocumentFormat | None = None) -> Document:
    """Read a document from its bytes. Raises DocumentNotReadable with the file's name, never with its content.

    The ending of `name` gives the format, and `format` overrules it. Without either (a name such as "standard input"),
    the content decides.
    """
    name = Path(name).name or "standard input"
    try:
        refuse_large_file(len(data))
        if not data.strip():
            raise EmptyDocument("The file is empty.", "Save the letter again, and check what is in the file.")
        found = format_of(data, name, format)
        document = _read(found, data, name)
        refuse_many(len(document.images), "pictures")
        if not any(block.text.strip() for block in document.blocks):
            raise EmptyDocument("The file has no text.", "Check that this is the letter.")
    except DocumentNotReadable as problem:
        if problem.place is None:
            problem.place = SourceLocation(name)
        raise
    return document


def _read(found: DocumentFormat, data: bytes, name: str) -> Document:
    """Load only the reader that is needed, with its libraries."""
    if found in _IN_PROCESS:
        return _reader(_IN_PROCESS[found])(data, name)
    # Loaded before the fork, so that a second file of the format does not load it again.
    read = _reader(_GUARDED[found])
    from everyfamily.documents.guarded_reading import read_guarded

    return read_guarded(read, data, name)


def _reader(module: str) -> Reader:
    read: Reader = import_module(f"everyfamily.documents.{module}").read
    return read


def read_path(path: Path, *, format: DocumentFormat | None = None) -> Document:
    """Read a document from a file. Raises DocumentNotReadable. A file over the limit is refused unread."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if stat.S_ISREG(status.st_mode):
                refuse_large_file(status.st_size)
            # One byte more, so that we notice if a pipe or a growing file is too large.
            data = file.read(MAX_FILE + 1)
    except DocumentNotReadable as problem:
        problem.place = SourceLocation(path.name)
        raise
    except OSError as problem:
        raise FileNotOpened(
            _why_not(problem), "Check the name and the folder.", SourceLocation(path.name)
        ) from problem
    return read_document(data, path.name, format=format)


def _why_not(problem: OSError) -> str:
    if isinstance(problem, FileNotFoundError):
        return "There is no such file."
    if isinstance(problem, IsADirectoryError):
        return "This is a folder, not a file."
    return "The file may not be read."
