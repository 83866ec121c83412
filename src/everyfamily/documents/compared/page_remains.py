"""What a PDF page shows besides the words of its structure: furniture, drawings, and text that replaces other text.

One of our letters draws the same on every copy, to the coordinate. Only positions on the page may differ. So drawings
can be compared exactly, and words that are painted on, as text or as shapes, are found.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from everyfamily.documents.compared.tagged_pdf import Marked, PdfReader, with_reader

_TEXT_AND_PLACES = frozenset(
    {"BT", "ET", "BDC", "BMC", "EMC", "Tf", "Tm", "Tj", "TJ", "q", "Q", "cm"} | {"cs", "CS", "scn", "SCN", "Tr"}
)
"""Instructions that place text, or choose a colour or a way to draw. These depend on the words of a copy."""
_CHOICES = frozenset({"scn", "SCN", "Tr"})


@dataclass(frozen=True, slots=True)
class PageRemains:
    """`outside` is text that no reader of the structure meets, without white space. `drawn` is a digest of all drawing.

    `strange` are colours, ways to draw text, resources, and texts that are read differently from what is shown.
    """

    outside: str
    drawn: str
    strange: frozenset[str]


def words_and_remains(pdf: bytes) -> tuple[tuple[str, ...], tuple[PageRemains, ...]]:
    """The words in the order of the structure, and what each page shows besides them. Raises PdfNotReadable."""
    return with_reader(pdf, _read)


def _read(reader: PdfReader) -> tuple[tuple[str, ...], tuple[PageRemains, ...]]:
    words = tuple(word for text in reader.texts() for word in text.split())
    return words, tuple(_remains(reader, page) for page in reader.document.pages)


def _remains(reader: PdfReader, page: pikepdf.Page) -> PageRemains:
    sequences: list[Marked] = []
    outside: list[str] = []
    strange = set(_resources(page))
    drawn = hashlib.sha256()
    for name, operands, text in reader.instructions(page):
        if name in ("BDC", "BMC"):
            sequences.append(reader.opened(page, operands))
        elif name == "EMC":
            strange.update(_other_words(sequences))
        elif text is not None:
            if sequences:
                sequences[-1].parts.append(text)
            if not _is_read(reader, page, sequences):
                outside.append(text)
        if name in _CHOICES:
            strange.add(f"{name} {_spelled(operands)}")
        elif name not in _TEXT_AND_PLACES:
            drawn.update(f"{name} {_spelled(operands)}\n".encode())
    return PageRemains(_tight("".join(outside)), drawn.hexdigest(), frozenset(strange))


def _is_read(reader: PdfReader, page: pikepdf.Page, sequences: list[Marked]) -> bool:
    said = any(one.mcid is not None and (page.obj.objgen, one.mcid) in reader.said for one in sequences)
    return said and not any(one.artifact for one in sequences)


def _other_words(sequences: list[Marked]) -> Iterator[str]:
    closed = sequences.pop()
    shown = "".join(closed.parts)
    if sequences:
        sequences[-1].parts.append(shown)
    if closed.actual is not None and _tight(shown) != _tight(closed.actual):
        yield f'"{_tight(shown)}" that is read as "{_tight(closed.actual)}"'


def _resources(page: pikepdf.Page) -> Iterator[str]:
    for kind, held in page.resources.items():
        if kind == "/Font" and any(str(font.get("/Subtype", "")) == "/Type3" for font in held.values()):
            yield "font drawn by hand"
        yield f"{kind[1:]} resource"


def _tight(text: str) -> str:
    return "".join(text.split())


def _spelled(operands: Any) -> str:
    return " ".join(str(operand) for operand in operands)
