"""The only use of Typst: a compiler kept warm for each template, tagged PDF/UA-1, the same bytes for the same data."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import pikepdf
import segno
import typst

from everyfamily.core.errors import EveryfamilyError

_TYPST_REMEMBERS = 10
"""How many compilations Typst keeps an unused result for."""
_ONE_AT_A_TIME = threading.Lock()
"""Only one thread at a time can use Typst's compiler. A second one that comes meanwhile gets "Already borrowed"."""
_HERE = Path(str(files("everyfamily.rendering")))


class LetterNotSet(EveryfamilyError):
    """Typst could not set the letter."""

    code: ClassVar[str] = "EF164"


class TemplateRefused(Exception):
    """A template's own panic, "address-too-long:3". The renderer handles it, and nobody ever sees it."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """Return the PDF that `template` ("letter.typ") makes of `data`; raises LetterNotSet or TemplateRefused."""
    try:
        with _ONE_AT_A_TIME:
            pdf = _compiler(template).compile(
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
                pdf_standards="ua-1",
            )
    except typst.TypstError as error:
        if found := re.search(r"panicked with: ([a-z-]+(?::\d+)?)", str(error)):
            raise TemplateRefused(found[1]) from error
        raise LetterNotSet(
            f"Typst could not set the letter: {error.message}.", "Please report this with the letter's pack."
        ) from error
    assert isinstance(pdf, bytes)
    return pdf


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def forget() -> None:
    """Let Typst drop what it remembers from a bundle.

    Typst keeps every result until ten more compilations have not used it: about 0.25 GB for a bundle of a hundred, 3 GB
    after twelve (measured). Compiling a few characters eleven times keeps a worker at 0.4 GB.
    """
    for number in range(_TYPST_REMEMBERS + 1):
        with _ONE_AT_A_TIME:
            _sweeper().compile(input=str(number).encode(), format="pdf")


@lru_cache(maxsize=32)
def picture(svg: str, *, height_mm: float) -> bytes:
    """Draw an SVG as a PNG, four times as fine as a screen, on a transparent background. It gives the same bytes on
    every machine.

    Typst's renderer (resvg) uses nothing from the system, and everyone who approves a letter renders it again.
    """
    page = (
        f"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        f'#image(bytes(sys.inputs.svg), format: "svg", height: {height_mm}mm)'
    )
    with _ONE_AT_A_TIME:
        png = _sweeper().compile(input=page.encode(), format="png", ppi=384, sys_inputs={"svg": svg})
    assert isinstance(png, bytes)
    return png


def page_code(page: str) -> str:
    """QR code of the letter's page as SVG. It is the same for everyone and holds only the address."""
    out = io.BytesIO()
    segno.make(f"https://{page}", error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return out.getvalue().decode()


def any_of(texts: Iterator[str] | list[str]) -> str:
    """A pattern that finds any of the texts, the longest first."""
    return "|".join(re.escape(text) for text in sorted(set(texts), key=len, reverse=True))


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(
        input=str(_HERE / template), font_paths=[str(_HERE / "fonts")], ignore_system_fonts=True
    )


@cache
def _sweeper() -> typst.Compiler:
    return typst.Compiler(input=b"", ignore_system_fonts=True)
