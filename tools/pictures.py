"""Pictures of pages, terminals and PDF files, for the README and for looking at what was made.

    python tools/pictures.py html     coverage.html out.png [--width 390] [--dark]
    python tools/pictures.py terminal summary.ansi  out.png
    python tools/pictures.py pdf      letter.pdf    out.png [--page 2]

Pages go through Debian's Chromium (EVERYFAMILY_CHROMIUM names another), with the fonts that the package carries.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import tempfile
from html import escape
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

_FONTS = Path(__file__).resolve().parents[1] / "src" / "everyfamily" / "rendering" / "fonts"
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_TALLEST = 12_000
_NARROWEST = 500
"""Chromium's window gets no narrower; a narrower page is shown in a frame."""
_MARGIN = 24
_SOFT = "#4d5d64"
"""For dim text: Rich's blend, halfway to the paper, is too faint to read."""
_INK, _PAPER = (31, 47, 54), (253, 250, 245)
_COLOURS = [
    _INK,
    (154, 43, 28),
    (23, 83, 90),
    (143, 69, 25),
    (69, 103, 124),
    (143, 69, 25),
    (23, 83, 90),
    (77, 93, 100),
]
_TERMINAL = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 28px 32px; background: #fdfaf5; color: #1f2f36; inline-size: max-content; }}
pre {{ margin: 0; font: 16px/1.4 "DejaVu Sans Mono", "Liberation Mono", monospace; }}
</style><pre>{code}</pre>"""


class NoChromium(RuntimeError):
    """There is no Chromium to draw with."""


def picture_of_html(path: Path, width: int, out: Path, *, dark: bool = False, scale: float = 1.0) -> Path:
    """Draw the whole page at `width` CSS pixels into the PNG file `out`, as in the light or the dark scheme."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        shown = path.resolve().as_uri()
        if width < _NARROWEST:
            frame = folder / "frame.html"
            frame.write_text(
                f'<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
                f'<body style="margin:0"><iframe src="{escape(shown)}" width="{width}" height="{_TALLEST}" '
                f'style="border:0;display:block"></iframe>',
                encoding="utf-8",
            )
            shown = frame.as_uri()
        shot = folder / "shot.png"
        _draw(shown, max(width, _NARROWEST), shot, folder, dark=dark, scale=scale)
        with Image.open(shot) as image:
            drawn = image.convert("RGB").crop((0, 0, round(width * scale), image.height))
        _trim(drawn).save(out, optimize=True)
    return out


def picture_of_terminal(text: str, out: Path, *, columns: int = 96) -> Path:
    """Draw what a program printed, with its ANSI colours if it has any, on paper of `columns` columns."""
    theme = TerminalTheme(_PAPER, _INK, _COLOURS, _COLOURS)
    console = Console(
        record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="standard"
    )
    console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=True, highlight=False)
    code = console.export_html(theme=theme, inline_styles=True, code_format="{code}")
    halfway = "#" + "".join(f"{round((ink + paper) / 2):02x}" for ink, paper in zip(_INK, _PAPER, strict=True))
    code = re.sub(f"(color|text-decoration-color): {halfway[:-1]}.", rf"\1: {_SOFT}", code)
    with tempfile.TemporaryDirectory() as room:
        page = Path(room) / "terminal.html"
        page.write_text(_TERMINAL.format(code=code.rstrip()), encoding="utf-8")
        return picture_of_html(page, round(columns * 9.64) + 64, out)


def picture_of_pdf(path: Path, out: Path, *, page: int = 1, dpi: int = 110) -> Path:
    """Draw one page of a PDF file, counted from 1, with a thin line round it."""
    document = pypdfium2.PdfDocument(path)
    try:
        sheet = document[page - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    finally:
        document.close()
    framed = Image.new("RGB", (sheet.width + 2, sheet.height + 2), (185, 174, 155))
    framed.paste(sheet, (1, 1))
    framed.save(out, optimize=True)
    return out


def _draw(address: str, width: int, shot: Path, folder: Path, *, dark: bool, scale: float) -> None:
    fonts = folder / "data" / "fonts"
    shutil.copytree(_FONTS, fonts)
    scheme = ["--force-dark-mode", "--blink-settings=preferredColorScheme=0"] if dark else []
    subprocess.run(
        [
            chromium(),
            *_QUIET,
            *scheme,
            f"--user-data-dir={folder / 'profile'}",
            f"--force-device-scale-factor={scale}",
            f"--window-size={width},{_TALLEST}",
            f"--screenshot={shot}",
            address,
        ],
        env={**os.environ, "XDG_DATA_HOME": str(folder / "data")},
        check=True,
        capture_output=True,
        timeout=120,
    )


def chromium() -> str:
    named = os.environ.get("EVERYFAMILY_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise NoChromium("There is no Chromium on this machine. Install it with `apt-get install chromium`.")
    return found


def _trim(image: Image.Image) -> Image.Image:
    """Without the empty foot: all rows that are as the last row."""
    last = image.crop((0, image.height - 1, image.width, image.height)).resize(image.size)
    box = ImageChops.difference(image, last).getbbox()
    return image.crop((0, 0, image.width, min(box[3] + _MARGIN, image.height))) if box else image


def main() -> None:
    """Draw one picture, as the lines above say."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("kind", choices=("html", "terminal", "pdf"))
    asked.add_argument("source", type=Path)
    asked.add_argument("out", type=Path)
    asked.add_argument("--width", type=int, default=1280)
    asked.add_argument("--dark", action="store_true")
    asked.add_argument("--page", type=int, default=1)
    given = asked.parse_args()
    if given.kind == "html":
        picture_of_html(given.source, given.width, given.out, dark=given.dark)
    elif given.kind == "terminal":
        picture_of_terminal(given.source.read_text(encoding="utf-8"), given.out)
    else:
        picture_of_pdf(given.source, given.out, page=given.page)


if __name__ == "__main__":
    main()
