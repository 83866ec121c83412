"""Any letter from outside, read by what it is: docx, odt, pdf, html, md, txt."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from everyfamily.core.documents import Block, Document
from everyfamily.core.errors import EveryfamilyError, Place


class DocumentNotReadable(EveryfamilyError):
    """The file is locked, scanned, damaged, too large, or not what its name says."""

    code: ClassVar[str] = "EF710"


def read_document(data: bytes, name: str) -> Document:
    """Read a document from its bytes; the ending of `name` says the format. Raises DocumentNotReadable."""
    blocks = [
        Block("paragraph", line, Place(name, number))
        for number, line in enumerate(data.decode(errors="replace").split("\n"), start=1)
    ]
    return Document(name, "txt", tuple(blocks), len(data))


def read_path(path: Path) -> Document:
    """Read a document from a file; raises DocumentNotReadable."""
    return read_document(path.read_bytes(), path.name)
