"""Which format a file has, from its name and from its content."""

from __future__ import annotations

import io
import re
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
_SAVE_AS = "Open it in Word or LibreOffice and save it as .docx."
_AS_HTML_OR_TEXT = "save it as a web page (.html) or PDF, or copy its words into a .txt file."
_OLD = {
    ".doc": ("an old Word file", _SAVE_AS),
    ".dot": ("an old Word file", _SAVE_AS),
    ".rtf": ("a Rich Text file", _SAVE_AS),
    ".wps": ("a Works file", _SAVE_AS),
    ".wpd": ("a WordPerfect file", _SAVE_AS),
    ".pages": ("a Pages file", "Open it in Pages, and choose File > Export To > Word."),
    ".pub": ("a Publisher file", "Open it in Publisher, and export it as PDF."),
    ".mht": ("a saved web page with its pictures", f"Open it in a browser, and {_AS_HTML_OR_TEXT}"),
    ".mhtml": ("a saved web page with its pictures", f"Open it in a browser, and {_AS_HTML_OR_TEXT}"),
    **dict.fromkeys((".eml", ".msg", ".emlx", ".mbox"), ("a saved email", f"Open it, and {_AS_HTML_OR_TEXT}")),
}
"""What a file with this ending is, and what to do instead."""
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
_IN_PAGES = re.compile(r"(?:.*/)?Index/Document\.iwa|Index\.zip")
_MAIL_HEADERS = re.compile(
    rb"(?:\A|\n)(?:mime-version:|received: from|message-id:|return-path:|dkim-signature:)", re.IGNORECASE
)
"""Lines that mail programs write at the top of an email, and nobody who copies one keeps."""
_TOP_OF_AN_EMAIL = 16_384
"""Bytes from the start in which the headers of an email are looked for."""


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
        what, instead = _OLD[ending]
        raise OldFileFormat(f"This is {what}, which is not read.", instead)
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
    if _is_email(data):
        raise OldFileFormat(
            "By its content this is a saved email or web page, which is not read.", _OLD[".eml"][1]
        )
    if data.startswith(_PICTURES) or data[4:12] in (b"ftypheic", b"ftypmif1"):
        raise NotText("The file is a picture.", "Use the file that the letter was written in.")
    return None


def _is_email(data: bytes) -> bool:
    """Whether the lines before the first empty one are the headers of an email or of a saved web page (.mht)."""
    top = data[:_TOP_OF_AN_EMAIL].replace(b"\r\n", b"\n").lstrip().partition(b"\n\n")[0]
    return _MAIL_HEADERS.search(top) is not None


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
    if any(_IN_PAGES.fullmatch(name) for name in names):
        raise OldFileFormat("By its content this is a Pages file, which is not read.", _OLD[".pages"][1])
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
