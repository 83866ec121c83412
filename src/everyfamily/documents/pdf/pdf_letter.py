"""A PDF: the words of its text layer, put together by its tags, or if it has none, by their positions."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from everyfamily.core.errors import ParagraphLocation
from everyfamily.core.files.one_pdf_at_a_time import ONE_PDF_AT_A_TIME
from everyfamily.core.text.outside_document import Block, BlockKind, Document, Image
from everyfamily.documents.pdf.pdf_lines import Line, Paragraph, column_ends, leading_of, lines_of, paragraphs_of
from everyfamily.documents.pdf.pdf_page_breaks import PdfPage, over_pages, take_running
from everyfamily.documents.pdf.pdf_tags import PageTags, Tagged
from everyfamily.documents.pdf.pdf_words import PageWords, Setting, Word, links_of
from everyfamily.documents.shared.block_text import BlockText, Look
from everyfamily.documents.shared.document_limits import refuse_text_of_length, within_limits
from everyfamily.documents.shared.faked_headings import Candidate, with_headings
from everyfamily.documents.shared.not_readable import (
    DocumentDamaged,
    DocumentLocked,
    DocumentTooLarge,
    ScannedDocument,
)
from everyfamily.documents.shared.typed_marks import number_length, typed_mark_length

_MAX_PAGES = 5_000
_MAX_TAGGED = 300
"""How many pages' tags are used: pdfium looks through the whole tree for each page. A longer file is put together by
the positions of its words."""
_LARGER = 1.12
_LONGEST_HEADING = 120
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+){0,5}")


def read(data: bytes, name: str) -> Document:
    """Read a PDF. Raises DocumentNotReadable."""
    with ONE_PDF_AT_A_TIME:
        return _opened(data, name)


def _opened(data: bytes, name: str) -> Document:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as problem:
        if getattr(problem, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise DocumentLocked(
                "The PDF asks for a password.", "Save it without one, then try again."
            ) from problem
        raise DocumentDamaged("The PDF is damaged.", "Save or export it again, or ask for it again.") from problem
    try:
        return _read(document, data, name)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument, data: bytes, name: str) -> Document:
    count = len(document)
    if count > _MAX_PAGES:
        raise DocumentTooLarge(f"The PDF has {count:,} pages; at most {_MAX_PAGES:,} are read.", "Split it.")
    is_tagged = bool(raw.FPDFCatalog_IsTagged(document.raw))
    follows_tags = is_tagged and count <= _MAX_TAGGED
    pages, has_pictures = _pages(document, follows_tags)
    if not any(page.words for page in pages) and has_pictures:
        raise ScannedDocument(
            "The PDF is a scan: it has pictures of pages and no text.",
            "Use the file it was printed from, or have its text recognised (OCR) first.",
        )
    reader = _Reader(name, pages)
    blocks = tuple(within_limits(reader.tagged() if follows_tags else reader.untagged()))
    untagged = tuple((page.number, text) for page in pages if is_tagged and (text := _outside(page)))
    title = document.get_metadata_value("Title").strip() or None
    return Document(
        name,
        "pdf",
        blocks,
        len(data),
        title,
        _language(document),
        tuple(reader.images),
        count,
        is_tagged,
        untagged,
    )


def _pages(document: pdfium.PdfDocument, follows_tags: bool) -> tuple[list[PdfPage], bool]:
    reader, pages, has_pictures, length = PageWords(), [], False, 0
    for number, page in enumerate(document, start=1):
        found = PdfPage(number, page.get_height(), reader.read(page))
        length += sum(len(word.text) + 1 for word in found.words)
        refuse_text_of_length(length)  # before the next page: a thousand pages may share what one holds
        _give_links(found.words, links_of(document, page))
        if follows_tags:
            found.tags = PageTags(page)
        found.edge = max((word.right for word in found.words), default=0.0)
        if not found.words and not has_pictures:
            kinds = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
            has_pictures = any(True for _ in page.get_objects(filter=kinds, max_depth=2))
        pages.append(found)
        page.close()
    return pages, has_pictures


def _give_links(words: list[Word], links: list[tuple[tuple[float, float, float, float], str]]) -> None:
    """Mark the words under a link. Each link looks only at the words at its own height."""
    if not links:
        return
    by_height: dict[int, list[Word]] = {}
    for word in words:
        by_height.setdefault(int(word.base // 10), []).append(word)
    for (left, bottom, right, top), address in links:
        for band in range(int(bottom // 10) - 1, min(int(top // 10), int(bottom // 10) + 200) + 1):
            for word in by_height.get(band, ()):
                middle = word.base + word.setting.size * 0.25
                if bottom <= middle <= top and left <= (word.left + word.right) / 2 <= right:
                    word.address = address


def _language(document: pdfium.PdfDocument) -> str | None:
    get: Callable[..., int] | None = getattr(raw, "FPDFCatalog_GetLanguage", None)
    if get is None:
        return None
    length = get(document.raw, None, 0)
    if not 2 < length < 1_000:
        return None
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    get(document.raw, buffer, length)
    return bytes(buffer)[:length].decode("utf-16-le", "replace").rstrip("\0").strip() or None


def _outside(page: PdfPage) -> str:
    """Text that is neither in the structure nor marked as furniture of the page."""
    return " ".join(word.text for word in _loose(page))


def _loose(page: PdfPage) -> list[Word]:
    """Words that no tag reaches: without their own number, or with a number that is nowhere in the structure."""
    reached = page.tags.reached() if page.tags else None
    return [
        word
        for word in page.words
        if not word.setting.is_artifact
        and (word.setting.mcid < 0 or (reached is not None and word.setting.mcid not in reached))
    ]


class _Reader:
    """Makes blocks from the words of all pages."""

    def __init__(self, file: str, pages: Sequence[PdfPage]) -> None:
        self.images: list[Image] = []
        self._file = file
        self._pages = pages
        self._known = {w for page in pages for word in page.words for w in _WORD.findall(word.text.lower())}
        self._number = 0

    # With tags.

    def tagged(self) -> Iterator[Block]:
        """Blocks in the order of the structure, then what the tags leave out."""
        yield from over_pages(self._all_tagged())

    def _all_tagged(self) -> Iterator[Block]:
        for page in self._pages:
            self._number = 0
            by_content: dict[int, list[Word]] = {}
            for word in page.words:
                by_content.setdefault(word.setting.mcid, []).append(word)
            for block in page.tags.blocks if page.tags else ():
                yield from self._tagged_block(block, by_content, page)
            for kind, line in _furniture(page):
                yield from self._block(kind, [[line]], page, 0)
            for paragraph in paragraphs_of(lines_of(_loose(page)), 1.2):
                yield from self._block("paragraph", _broken(paragraph), page, 0)

    def _tagged_block(self, block: Tagged, words: dict[int, list[Word]], page: PdfPage) -> Iterator[Block]:
        if block.is_figure:
            place = ParagraphLocation(self._file, self._number + 1, 1, page.number)
            self.images.append(Image(place, block.alt))
            if block.alt:
                self._number += 1
                yield Block("alt text", block.alt, place, language=block.language)
            return
        held = [word for content in block.contents for word in words.get(content, ())]
        if not held:
            return
        rows, kind, level, cut = _rows(held, page.edge), block.kind, block.level, 0
        if kind == "paragraph" and len(rows) == 1 and (cut := typed_mark_length(rows[0][0].text)):
            # Programs mark a list that was typed with bullets as paragraphs.
            kind, level = "item", 1
        yield from self._block(kind, rows, page, level, block.language, cut)

    # Without.

    def untagged(self) -> Iterator[Block]:
        """Blocks by the positions of their words. A heading has level 0, because nothing says that it is one."""
        for page in self._pages:
            page.lines = lines_of(page.words)
        take_running(self._pages)
        leading = leading_of([page.lines for page in self._pages])
        usual = _usual_size(self._pages)
        yield from over_pages(with_headings(self._all_untagged(leading, usual)))

    def _all_untagged(self, leading: float, usual: float) -> Iterator[Candidate]:
        for page in self._pages:
            self._number = 0
            for paragraph in paragraphs_of(page.lines, leading):
                first = paragraph.lines[0]
                kind: BlockKind = "item" if paragraph.is_item else "paragraph"
                length = sum(len(line.text) + 1 for line in paragraph.lines)
                is_large = first.size >= usual * _LARGER and length <= _LONGEST_HEADING
                if is_large and kind == "paragraph" and not paragraph.breaks:
                    kind = "heading"
                cut = typed_mark_length(first.text) or number_length(first.text) if kind == "item" else 0
                level = 1 if kind == "item" else 0
                for block in self._block(kind, _broken(paragraph), page, level, cut=cut):
                    yield Candidate(block, kind == "paragraph" and all(line.is_bold for line in paragraph.lines))
            for running, line in page.running:
                for block in self._block(running, [[line]], page, 0):
                    yield Candidate(block)

    def _block(
        self,
        kind: BlockKind,
        rows: list[list[Line]],
        page: PdfPage,
        level: int,
        language: str | None = None,
        cut: int = 0,
    ) -> Iterator[Block]:
        """A block made from rows of lines. Lines of a row are joined, and the next row begins on purpose."""
        text = BlockText()
        for number, row in enumerate(rows):
            if number:
                text.add("\n")
            words = [word for line in row for word in line.words]
            for index, word in enumerate(words):
                after = words[index + 1] if index + 1 < len(words) else None
                self._add(text, word, after)
        place = ParagraphLocation(self._file, self._number + 1, 1, page.number)
        block = text.block(kind, place, level=level, language=language, cut=cut)
        if block is not None:
            self._number += 1
            yield block

    def _add(self, text: BlockText, word: Word, after: Word | None) -> None:
        shown, look = word.text, _look(word.setting)
        if word.is_broken and after is not None and not self._keeps_hyphen(word.text, after.text):
            shown = shown[:-1]
        going_on = text.open_links[-1][1] if text.open_links else ""
        if going_on and going_on != word.address:
            text.close_link()
        if word.address and going_on != word.address:
            text.open_link(word.address)
        text.add(shown, look)
        if after is not None and not word.is_broken:
            if text.open_links and after.address != word.address:
                text.close_link()
            text.add(" ", look)

    def _keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether a hyphen at the end of a line belongs to the word, judged by how the word is written elsewhere."""
        before = (_WORD.findall(first.lower()) or [""])[-1]
        behind = (_WORD.findall(second.lower()) or [""])[0]
        return before + behind not in self._known or f"{before}-{behind}" in self._known


def _look(setting: Setting) -> Look:
    return Look(colour=setting.colour, size=setting.size or None, bold=setting.bold)


def _broken(paragraph: Paragraph) -> list[list[Line]]:
    rows: list[list[Line]] = [[]]
    for number, line in enumerate(paragraph.lines):
        if number in paragraph.breaks:
            rows.append([])
        rows[-1].append(line)
    return rows


def _rows(words: list[Word], edge: float) -> list[list[Line]]:
    """The lines of one tagged block. If a line ends well before the edge, that was on purpose."""
    lines = lines_of(words)
    rows = [[lines[0]]]
    for (above, line), ends in zip(pairwise(lines), column_ends(lines), strict=False):
        first = line.words[0]
        short = above.right + (first.right - first.left) + above.size < min(edge, ends)
        below = above.base - line.base > 0.5 * above.size
        if short and below and not above.words[-1].is_broken:
            rows.append([])
        rows[-1].append(line)
    return rows


def _furniture(page: PdfPage) -> Iterator[tuple[BlockKind, Line]]:
    """Running headers and footers that a tagged page marks as such, kept once, at the first page."""
    if page.number == 1:
        for line in lines_of([word for word in page.words if word.setting.is_artifact]):
            yield ("header" if line.base > page.height / 2 else "footer"), line


def _usual_size(pages: Sequence[PdfPage]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for word in page.words:
            sizes[word.setting.size] += len(word.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0
