"""The structure tree of a page: which marked content belongs to which heading, paragraph, item or cell."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from everyfamily.core.text.outside_document import BlockKind

_DEEPEST = 150
_HEADINGS = {"H": 1, **{f"H{level}": level for level in range(1, 7)}}
_OWN = frozenset({"P", "Title", "LI", "TD", "TH", "Caption", "Note", "BlockQuote", "Div", "TOCI", *_HEADINGS})


@dataclass(slots=True)
class Tagged:
    """One block of the structure: what it is, and the marked content in it, in order."""

    kind: BlockKind
    level: int = 0
    language: str | None = None
    contents: list[int] = field(default_factory=list)
    alt: str | None = None
    is_figure: bool = False


class PageTags:
    """Walks the structure of one page."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.blocks: list[Tagged] = []
        self.labels: set[int] = set()
        tree = raw.FPDF_StructTree_GetForPage(page.raw)
        if not tree:
            return
        try:
            for number in range(max(raw.FPDF_StructTree_CountChildren(tree), 0)):
                child = raw.FPDF_StructTree_GetChildAtIndex(tree, number)
                if child:
                    self._element(child, Tagged("paragraph"), 0, 0)
        finally:
            raw.FPDF_StructTree_Close(tree)

    def reached(self) -> set[int]:
        """The marked content of the page that is somewhere in the structure."""
        return self.labels.union(*(block.contents for block in self.blocks))

    def _element(self, element: Any, around: Tagged, lists: int, depth: int) -> None:
        if depth > _DEEPEST:
            return
        role = _string(raw.FPDF_StructElement_GetType, element)
        if role == "Figure":
            self._figure(element, around)
            return
        if role == "Lbl":
            self.labels.update(_contents(element))
            return
        lists += role == "L"
        block = self._block(role, element, around, lists)
        for number in range(max(raw.FPDF_StructElement_CountChildren(element), 0)):
            child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
            if child:
                self._element(child, block, lists, depth + 1)
                continue
            content = raw.FPDF_StructElement_GetChildMarkedContentID(element, number)
            if content >= 0:
                block = self._put(block, content)

    def _put(self, block: Tagged, content: int) -> Tagged:
        """Words of a block that come after a block inside it are a block of their own."""
        if not (self.blocks and self.blocks[-1] is block):
            block = Tagged(block.kind, block.level, block.language) if block.contents else block
            self.blocks.append(block)
        block.contents.append(content)
        return block

    def _block(self, role: str, element: Any, around: Tagged, lists: int) -> Tagged:
        language = _string(raw.FPDF_StructElement_GetLang, element) or around.language
        if role in _HEADINGS:
            return Tagged("heading", _HEADINGS[role], language)
        if role == "LI":
            return Tagged("item", max(lists, 1), language)
        if role in ("TD", "TH"):
            return Tagged("cell", 0, language)
        if role == "Title":
            return Tagged("title", 0, language)
        if role in _OWN:
            if around.kind in ("item", "cell") and not around.contents:
                return around  # the paragraph that fills an item
            return Tagged(around.kind if around.kind in ("item", "cell") else "paragraph", around.level, language)
        return around

    def _figure(self, element: Any, around: Tagged) -> None:
        alt = _string(raw.FPDF_StructElement_GetAltText, element)
        self.labels.update(_contents(element))
        self.blocks.append(Tagged("alt text", 0, around.language, alt=alt or None, is_figure=True))


def _contents(element: Any, depth: int = 0) -> list[int]:
    """All marked content of an element."""
    found: list[int] = []
    for number in range(max(raw.FPDF_StructElement_CountChildren(element), 0)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if child and depth < _DEEPEST:
            found += _contents(child, depth + 1)
        elif not child:
            found.append(raw.FPDF_StructElement_GetChildMarkedContentID(element, number))
    return found


def _string(get: Callable[..., int], element: Any) -> str:
    length = get(element, None, 0)
    if not 2 < length < 1_000_000:
        return ""
    buffer = ctypes.create_string_buffer(length)
    get(element, buffer, length)
    return buffer.raw[:length].decode("utf-16-le", "replace").rstrip("\0").strip()
