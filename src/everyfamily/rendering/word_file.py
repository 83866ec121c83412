"""A Word file as bytes: small, with our own styles, and the same bytes on every machine.

python-docx writes the document. What its own template adds (a thumbnail, an author, forty styles, a date) is taken out.
The zip is stored and not compressed, because compressors differ between machines and versions, and everyone who
approves a letter renders it again and compares bytes.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

_KEPT = ("/styles", "/numbering", "/settings", "/image", "/footer", "/hyperlink")
"""How the names of the kinds of relation that stay end."""
_DAY_ZERO = (1980, 1, 1, 0, 0, 0)
_MARGIN, _A4 = Mm(18), (Mm(210), Mm(297))
_APPLICATION = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>everyfamily</Application></Properties>"
)


@dataclass(frozen=True, slots=True)
class Properties:
    """What a file manager shows about the file without opening it. Nothing here names the topic."""

    title: str
    author: str
    identifier: str
    language: str
    dated: date


def new_document(language: str, *, right_to_left: bool) -> WordDocument:
    """An empty A4 document with our styles, lists and settings, in `language` ("en-GB")."""
    document = Document()
    _replace(document.styles.element, "styles.xml")
    _replace(document.part.numbering_part.element, "numbering.xml")
    _replace(document.settings.element, "settings.xml")
    for key in [key for key, one in document.part.rels.items() if not one.reltype.endswith(_KEPT)]:
        del document.part.rels[key]
    package = document.part.package
    for key in [key for key, one in package.rels.items() if one.reltype.endswith("/thumbnail")]:
        del package.rels[key]
    for one in package.rels.values():
        if one.reltype.endswith("/extended-properties"):
            one.target_part._blob = _APPLICATION
    _speak(document, language, right_to_left=right_to_left)
    section = document.sections[0]
    section._sectPr.attrib.clear()  # traces of edits in python-docx's template
    section.page_width, section.page_height = _A4
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    return document


def _replace(element: object, name: str) -> None:
    fresh = parse_xml((files("everyfamily.rendering") / "templates" / "word" / name).read_bytes())
    for child in list(element):  # type: ignore[call-overload]
        element.remove(child)  # type: ignore[attr-defined]
    for child in list(fresh):
        if isinstance(child.tag, str):
            element.append(child)  # type: ignore[attr-defined]


def _speak(document: WordDocument, language: str, *, right_to_left: bool) -> None:
    spoken = document.styles.element.find(f".//{qn('w:lang')}")
    spoken.set(qn("w:bidi" if right_to_left else "w:val"), language)
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:val"), language)
    if right_to_left:
        normal = document.styles["Normal"].element
        normal.get_or_add_pPr().append(parse_xml(f"<w:bidi {_W}/>"))
        normal.get_or_add_rPr().append(parse_xml(f"<w:rtl {_W}/>"))


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def finished(document: WordDocument, properties: Properties) -> bytes:
    """The document's bytes, which are the same for the same document."""
    core = document.core_properties
    core.title, core.author, core.last_modified_by = properties.title, properties.author, properties.author
    core.identifier, core.language, core.comments = properties.identifier, properties.language, ""
    core.created = core.modified = datetime.combine(properties.dated, datetime.min.time())
    core.revision = 1
    written, stored = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as loose, zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as tight:
        for name in loose.namelist():
            part = zipfile.ZipInfo(name, _DAY_ZERO)
            part.create_system, part.external_attr = 0, 0
            tight.writestr(part, loose.read(name))
    return stored.getvalue()
