"""Draw languages' own names for print, which has no typeface for every script.

    python tools/language_names.py pl ar ur [--fonts FOLDER]

Writes src/everyfamily/rendering/names_drawn/TAG.svg: outlines of the name, all of one height and on one base line.
Latin and Cyrillic letters are of our own Source Sans 3, and others of DejaVu Sans, from FOLDER (Debian's if not said).
For a script that it does not have (Bengali, Gurmukhi), give FOLDER and --font with a typeface that has it.
"""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

import typst

from everyfamily.rendering.language_names import own_name

_RENDERING = Path(__file__).resolve().parents[1] / "src" / "everyfamily" / "rendering"
_OURS = ("LATIN", "CYRILLIC")


def main() -> None:
    """Draw each name that is asked for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("tags", nargs="+", metavar="TAG")
    asked.add_argument("--fonts", default="/usr/share/fonts/truetype/dejavu")
    asked.add_argument("--font", default="DejaVu Sans")
    given = asked.parse_args()
    for tag in given.tags:
        name = own_name(tag)
        is_ours = unicodedata.name(name[0]).startswith(_OURS)
        svg = drawn(tag, name, "Source Sans 3" if is_ours else given.font, given.fonts)
        (_RENDERING / "names_drawn" / f"{tag}.svg").write_text(svg, encoding="utf-8")


def drawn(tag: str, name: str, font: str, fonts: str) -> str:
    """The outlines of a name as SVG."""
    page = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        f'#set text(font: "{font}", lang: "{tag}", size: 12pt, weight: 600, top-edge: 11pt, bottom-edge: -4.5pt,'
        ' fill: rgb("#1f2f36"), fallback: false)\n'
        f"{name}"
    )
    svg = typst.compile(page.encode(), format="svg", font_paths=[fonts, str(_RENDERING / "fonts")])
    assert isinstance(svg, bytes)
    return svg.decode()


if __name__ == "__main__":
    main()
