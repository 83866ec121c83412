"""Reads a tagged PDF as a screen reader does: in the order of its structure tree, not of the page.

As in ISO 32000: text belongs to a structure element through marked content (MCID); `/ActualText` replaces what it
covers; list labels, artifacts and alternative texts of figures are not words of the text. Only composite fonts with a
ToUnicode map are read, because a tagged PDF must have them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pikepdf

from everyfamily.core.errors import EveryfamilyError

_SHOWS = frozenset({"Tj", "TJ", "'", '"'})
_SKIPPED = frozenset({"/Lbl", "/Artifact"})
_BLOCKS = frozenset(
    {
        "/P",
        "/H",
        "/H1",
        "/H2",
        "/H3",
        "/H4",
        "/H5",
        "/H6",
        "/LI",
        "/TD",
        "/TH",
        "/Div",
        "/Title",
        "/Figure",
        "/Caption",
    }
)
type _Page = tuple[int, int]
"""A page's object number and generation."""

_MAX_DEPTH = 200
_MAX_BYTES = 50_000_000
DAMAGED = (
    *(pikepdf.PdfError, pikepdf.OutlineStructureError),
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, NotImplementedError),
)
"""What the library raises for a file that is not what it says."""


class PdfNotReadable(EveryfamilyError):
    """The file is not a PDF, is damaged, is locked, or has no structure."""

    code: ClassVar[str] = "EF170"


def text_in_structure_order(pdf: bytes) -> str:
    """Text of the document in structure order, one line for each block. Raises PdfNotReadable."""
    return "\n".join(text for text in _texts(pdf) if text)


def words_in_structure_order(pdf: bytes) -> list[str]:
    """Words of the document in structure order, split at white space. Raises PdfNotReadable."""
    return [word for words in words_by_page(pdf) for word in words]


def words_by_page(pdf: bytes) -> list[list[str]]:
    """Words of each page, in structure order within it, for bundles of letters. Raises PdfNotReadable."""
    return [text.split() for text in _texts(pdf)]


def _texts(pdf: bytes) -> list[str]:
    return with_reader(pdf, lambda reader: reader.texts())


def with_reader[T](pdf: bytes, read: Callable[[PdfReader], T]) -> T:
    """What `read` takes out of an open PDF. Raises PdfNotReadable for anything wrong with the file."""
    if len(pdf) > _MAX_BYTES:
        raise PdfNotReadable("The PDF is larger than 50 MB.", "Check that this is the file you meant.")
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return read(PdfReader(document))
    except pikepdf.PasswordError as error:
        raise PdfNotReadable("The PDF asks for a password.", "Save it without one, then try again.") from error
    except DAMAGED as error:
        raise PdfNotReadable(
            "The file is not a PDF that can be read.", "Use the file as it was sent, not a scan or a printout."
        ) from error


@dataclass(slots=True)
class Marked:
    """An open marked-content sequence. `parts` are the texts shown in it so far."""

    mcid: int | None = None
    actual: str | None = None
    artifact: bool = False
    parts: list[str] = field(default_factory=list)


class PdfReader:
    """Walks the structure of one document. `said` are the marked contents that it has met, by page."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.document = document
        self.said: set[tuple[_Page, int]] = set()
        self._fonts: dict[tuple[int, int], _Font] = {}
        self._pages: dict[_Page, dict[int, str]] = {}
        self._by_page = {page.obj.objgen: page for page in document.pages}
        self._roles: dict[str, str] = {}
        self._out: dict[_Page, list[str]] = {page: [] for page in self._by_page}
        self._now: _Page = next(iter(self._out))

    def texts(self) -> list[str]:
        """Text of each page, one line for each block."""
        tree = self.document.Root.get("/StructTreeRoot")
        if not isinstance(tree, pikepdf.Dictionary):
            raise PdfNotReadable(
                "The PDF has no structure, so its reading order is not known.",
                "Use the file as it was sent: printing or scanning takes the structure out.",
            )
        roles = tree.get("/RoleMap")
        if isinstance(roles, pikepdf.Dictionary):
            self._roles = {str(name): str(role) for name, role in roles.items()}
        self._walk(tree.get("/K"), None, 0)
        return [_tidy("".join(pieces)) for pieces in self._out.values()]

    def _walk(self, node: Any, page: _Page | None, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise ValueError("structure too deep")
        if isinstance(node, pikepdf.Array):
            for kid in node:
                self._walk(kid, page, depth + 1)
        elif isinstance(node, pikepdf.Dictionary):
            self._element(node, page, depth)
        elif node is not None and page is not None:
            self._say(page, self._marked(page, int(node)))

    def _element(self, node: pikepdf.Dictionary, page: _Page | None, depth: int) -> None:
        page = node.Pg.objgen if "/Pg" in node else page
        if "/MCID" in node and "/S" not in node:
            self._walk(int(node.MCID), page, depth + 1)
            return
        role = str(node.get("/S", ""))
        role = self._roles.get(role, role)
        if role in _SKIPPED:
            return
        self._edge(role)
        if "/ActualText" in node:
            self._say(page or self._now, str(node.ActualText))
        else:
            self._walk(node.get("/K"), page, depth + 1)
        self._edge(role)

    def _say(self, page: _Page, text: str) -> None:
        self._now = page
        self._out[page].append(text)

    def _edge(self, role: str) -> None:
        if role in _BLOCKS:
            self._out[self._now].append("\n")

    def _marked(self, page: _Page, mcid: int) -> str:
        self.said.add((page, mcid))
        if page not in self._pages:
            self._pages[page] = self._read_page(self._by_page[page])
        return self._pages[page].get(mcid, "")

    def _read_page(self, page: pikepdf.Page) -> dict[int, str]:
        found: dict[int, str] = {}
        open_sequences: list[Marked] = []
        for name, operands, text in self.instructions(page):
            if name in ("BDC", "BMC"):
                open_sequences.append(self.opened(page, operands))
            elif name == "EMC":
                _close(open_sequences, found)
            elif open_sequences and text is not None:
                open_sequences[-1].parts.append(text)
        return found

    def instructions(self, page: pikepdf.Page) -> Iterator[tuple[str, Any, str | None]]:
        """Each instruction of a page: its name, its operands, and the text it shows, if it shows any."""
        font: _Font | None = None
        kept: list[_Font | None] = []
        for instruction in pikepdf.parse_content_stream(page):
            operands, name = instruction.operands, str(instruction.operator)
            text: str | None = None
            if name == "q":
                kept.append(font)
            elif name == "Q":
                font = kept.pop()
            elif name == "Tf":
                font = self._font(page, str(operands[0]))
            elif name in _SHOWS:
                text = "".join(_shown(operands, font)) if font is not None else "\ufffd"
            yield name, operands, text

    def opened(self, page: pikepdf.Page, operands: Any) -> Marked:
        """The marked content that an instruction opens."""
        marked = Marked(artifact=str(operands[0]) == "/Artifact")
        properties = operands[1] if len(operands) > 1 else None
        if isinstance(properties, pikepdf.Name):
            properties = page.Resources.Properties[str(properties)]
        if isinstance(properties, pikepdf.Dictionary):
            if "/MCID" in properties:
                marked.mcid = int(properties.MCID)
            if "/ActualText" in properties:
                marked.actual = str(properties.ActualText)
        return marked

    def _font(self, page: pikepdf.Page, name: str) -> _Font:
        font = page.Resources.Font[name]
        if font.objgen not in self._fonts:
            self._fonts[font.objgen] = _Font(font)
        return self._fonts[font.objgen]


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _close(open_sequences: list[Marked], found: dict[int, str]) -> None:
    if not open_sequences:
        return
    marked = open_sequences.pop()
    text = "" if marked.artifact else "".join(marked.parts) if marked.actual is None else marked.actual
    if marked.mcid is not None:
        found[marked.mcid] = found.get(marked.mcid, "") + text
    elif open_sequences:
        open_sequences[-1].parts.append(text)


def _shown(operands: Any, font: _Font) -> Iterator[str]:
    pieces = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            yield font.text(bytes(piece))


class _Font:
    """Turns the codes of one font into text by its ToUnicode map."""

    def __init__(self, font: pikepdf.Object) -> None:
        self._width = 2 if str(font.get("/Subtype", "")) == "/Type0" else 1
        stream = font.get("/ToUnicode")
        self._map = _to_unicode(stream.read_bytes()) if isinstance(stream, pikepdf.Stream) else {}

    def text(self, codes: bytes) -> str:
        step = self._width
        return "".join(
            self._map.get(int.from_bytes(codes[at : at + step]), "\ufffd") for at in range(0, len(codes), step)
        )


_BLOCK = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")


def _to_unicode(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in _BLOCK.finditer(cmap):
        tokens = [token[1] if token[1] is not None else token[0] for token in _TOKEN.finditer(block[2])]
        if block[1] == b"bfchar":
            for code, text in zip(tokens[::2], tokens[1::2], strict=False):
                found[int(code, 16)] = _utf16(text)
        else:
            _add_ranges(tokens, found)
    return found


def _add_ranges(tokens: list[bytes], found: dict[int, str]) -> None:
    queue = iter(tokens)
    for first in queue:
        low, high, start = int(first, 16), int(next(queue), 16), next(queue)
        if high - low > 0xFFFF:
            raise ValueError("range too wide")
        if start == b"[":
            for code in range(low, high + 1):
                found[code] = _utf16(next(queue))
            next(queue)
            continue
        text = _utf16(start)
        for code in range(low, high + 1):
            found[code] = text[:-1] + chr(ord(text[-1]) + code - low)


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")
