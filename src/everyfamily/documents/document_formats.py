"""Which format a file has, from its name and from its content."""

from __future__ import annotations

import io
import zipfile
from pathlib import PurePath
from typing import get_args

from everyfamily.core.text.outside_document import DocumentFormat
from everyfamily.documents.shared.not_readable import (
    DocumentDamaged,
    DocumentLocked,
    FileEndingWrong,
    NotText,
    OldFileFormat,
    UnknownFileEnding,
)

_ENDINGS: dict[str, DocumentFormat] = {
    ".docx": "docx",
    ".docm": "docx",
    ".dotx": "docx",
    ".odt": "odt",
    ".ott": "odt",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "md",
    ".markdown": "md",
    ".txt": "txt",
    ".text": "txt",
}
_OLD = {
    ".doc": "an old Word file",
    ".dot": "an old Word file",
    ".rtf": "a Rich Text file",
    ".pages": "a Pages file",
    ".wps": "a Works file",
    ".wpd": "a WordPerfect file",
    ".pub": "a Publisher file",
}
_EMAIL = frozenset({".eml", ".msg", ".emlx", ".mbox"})
_NAMES: dict[DocumentFormat, str] = {
    "docx": "a Word file (.docx)",
    "odt": "an OpenDocument text (.odt)",
    "pdf": "a PDF (.pdf)",
    "html": "a web page (.html)",
    "md": "Markdown text (.md)",
    "txt": "plain text (.txt)",
}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE_OF_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_TEXT: frozenset[DocumentFormat] = frozenset({"html", "md", "txt"})
_SAVE_EMAIL_AS = "Open it, and save it as a web page (.html) or PDF, or copy its words into a .txt file."
_SAVE_AS = "Open it in its own program and save it as .docx, or export it as PDF."


def format_of(data: bytes, name: str, said: DocumentFormat | None = None) -> DocumentFormat:
    """The format of a file that is not empty. Raises DocumentNotReadable if name and content do not agree.

    `said` is the format that somebody gave. It replaces the ending of the name.
    """
    if said is not None and said not in get_args(DocumentFormat):
        raise UnknownFileEnding(f"The format “{said}” is not known.", "Use docx, odt, pdf, html, md or txt.")
    ending = PurePath(name).suffix.lower()
    named = said or _ENDINGS.get(ending)
    if ending in _OLD and not said:
        _refuse_locked(data)
        raise OldFileFormat(f"This is {_OLD[ending]}, which is not read.", _SAVE_AS)
    if ending in _EMAIL and not said:
        raise OldFileFormat("This is a saved email, which is not read.", _SAVE_EMAIL_AS)
    if named is None and ending and not said:
        raise UnknownFileEnding(
            f"Files that end in {ending} are not read." if len(ending) <= 12 else "The ending is not known.",
            "Use .docx, .odt, .pdf, .html, .md or .txt.",
        )
    packed = _packed_format(data)
    if named is None:
        return packed or _text_format(data)
    _refuse_wrong(named, packed, data)
    return named


def _refuse_wrong(named: DocumentFormat, packed: DocumentFormat | None, data: bytes) -> None:
    if packed is not None and packed != named:
        raise FileEndingWrong(
            f"By its name the file is {_NAMES[named]}, but by its content it is {_NAMES[packed]}.",
            f"Rename it so that it ends in .{packed}.",
        )
    if packed is None and named not in _TEXT:
        if data[:2] == b"PK":
            raise DocumentDamaged(
                f"The file is packed like {_NAMES[named]} but has no letter in it, or is damaged.",
                "Save it again in its own program, or ask for it again.",
            )
        raise FileEndingWrong(
            f"By its name the file is {_NAMES[named]}, but its content is not.",
            "Save it again in its own program, or give it the ending of what it is.",
        )


def _packed_format(data: bytes) -> DocumentFormat | None:
    """The format that the first bytes prove, or None for what may be text."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_format(data)
    if data[:8] == _OLE:
        _refuse_locked(data)
        raise OldFileFormat("By its content this is an old Word, Excel or Outlook file.", _SAVE_AS)
    if data[:5] == b"{\\rtf":
        raise OldFileFormat("By its content this is a Rich Text file, which is not read.", _SAVE_AS)
    if data.startswith(_PICTURES) or data[4:12] in (b"ftypheic", b"ftypmif1"):
        raise NotText("The file is a picture.", "Use the file that the letter was written in.")
    return None


def _refuse_locked(data: bytes) -> None:
    if data[:8] == _OLE and _PACKAGE_OF_PASSWORD in data:
        raise DocumentLocked(
            "The file asks for a password.", "Open it, take the password off under File > Info, and save it."
        )


def _zip_format(data: bytes) -> DocumentFormat | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "[Content_Types].xml" in names:
        if any(name.startswith(("xl/", "ppt/")) for name in names):
            raise UnknownFileEnding(
                "By its content this is a workbook or slides.", "Use the letter as .docx, .odt or PDF."
            )
        return "docx"
    if "encrypted-package" in names:
        raise DocumentLocked("The file asks for a password.", "Save it without one, under File > Save As.")
    if "META-INF/manifest.xml" in names and "content.xml" in names:
        return "odt"
    return None


def _text_format(data: bytes) -> DocumentFormat:
    """What text without a name is: a web page, Markdown, or plain."""
    start = data[:65_536].lower()
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\x00", b"")
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()[:2_000]
    if head.startswith((b"<!doctype html", b"<?xml")) or b"<html" in head or b"<body" in head:
        return "html"
    lines = start.splitlines()
    if any(line.startswith((b"# ", b"## ", b"### ")) for line in lines) or b"](" in start:
        return "md"
    return "txt"
