"""The pages of a PDF as pictures, for whoever looks at a letter before it is printed."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

import pypdfium2 as pdfium

from everyfamily.core.files.one_pdf_at_a_time import ONE_PDF_AT_A_TIME

_POINTS = 72


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: a PNG, with its size in pixels."""

    png: bytes
    width: int
    height: int


def page_picture(pdf: bytes, number: int, *, dots_per_inch: int = 110) -> PagePicture | None:
    """Page `number` of a PDF that we made, from 1. None if it has no such page."""
    with ONE_PDF_AT_A_TIME:
        return _picture(pdf, number, dots_per_inch)


def _picture(pdf: bytes, number: int, dots_per_inch: int) -> PagePicture | None:
    document = pdfium.PdfDocument(pdf)
    try:
        if not 1 <= number <= len(document):
            return None
        bitmap = document[number - 1].render(scale=dots_per_inch / _POINTS, rev_byteorder=True)
        try:
            return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)
        finally:
            bitmap.close()
    finally:
        document.close()


def page_words(pdf: bytes) -> tuple[str, ...]:
    """The words of each page of a PDF that we made, in the order in which they were drawn, with its line breaks."""
    with ONE_PDF_AT_A_TIME:
        document = pdfium.PdfDocument(pdf)
        try:
            return tuple(page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document)
        finally:
            document.close()


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> PagePicture:
    """A PNG without a library: three fields, each with its length and its check sum."""
    # Each row begins with how it is written: 0 is as it is.
    rows = [pixels[at * stride : at * stride + width * channels] for at in range(height)]
    rows = [b"".join((b"\0", row)) for row in rows]
    colour = {1: 0, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 6)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return PagePicture(png, width, height)
