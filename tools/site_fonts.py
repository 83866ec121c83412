"""Make the parent site's web fonts again: small subsets of the print fonts, and of Noto Nastaliq Urdu.

    python tools/site_fonts.py NASTALIQ.ttf|.woff2     (needs `fonttools` and `brotli`, which nothing else here does)

The Latin subsets hold what English, Polish, Romanian, Turkish, Welsh, Somali, Portuguese, French, Lithuanian, Slovak,
Czech and Hungarian need. They bear names of their own, as the Open Font Licence asks of a changed font with the
reserved name "Source". The Urdu subset holds the letters of Urdu, digits and marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent.parent / "src" / "everyfamily"
PRINT, SITE = HERE / "rendering" / "fonts", HERE / "parentsite" / "assets" / "fonts"
LATIN = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x1E80, 0x1E86), 0x1EF2, 0x1EF3, *range(0x218, 0x21C),
    0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2026, 0x202F, 0x20AC, 0x2192,
]  # fmt: skip
URDU = [
    0x20, 0xA0, 0x60C, 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x656), 0x658, *range(0x660, 0x66A),
    0x670, 0x679, 0x67E, 0x686, 0x688, 0x691, 0x698, 0x6A9, 0x6AF, 0x6BA, 0x6BE, 0x6C1, 0x6C2, 0x6C3, 0x6CC,
    0x6D2, 0x6D3, 0x6D4, *range(0x6F0, 0x6FA), 0x200C, 0x200D, 0x200E, 0x200F, 0x28, 0x29, 0x2C, 0x2D, 0x2E, 0x2F,
    0x3A, 0x201C, 0x201D, 0x2018, 0x2019, 0x2026, 0x2013, *range(0x30, 0x3A),
]  # fmt: skip
FONTS = {
    "sans-400": ("SourceSans3-Regular.ttf", "Everyfamily Sans", LATIN),
    "sans-700": ("SourceSans3-Bold.ttf", "Everyfamily Sans", LATIN),
    "serif-600": ("SourceSerif4-SemiBold.ttf", "Everyfamily Serif", LATIN),
}


def make(source: Path, name: str | None, letters: list[int], target: Path) -> None:
    font = TTFont(source)
    options = Options()
    options.layout_features = ["*"] if name is None else ["kern", "locl", "lnum", "pnum"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    if name is not None:
        for record in font["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                record.string = name.replace(" ", "") if record.nameID == 6 else name
    font.flavor = "woff2"
    font.save(target)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    SITE.mkdir(parents=True, exist_ok=True)
    for stem, (file, name, letters) in FONTS.items():
        make(PRINT / file, name, letters, SITE / f"{stem}.woff2")
    for given in sys.argv[1:]:
        make(Path(given), None, URDU, SITE / "nastaliq-400.woff2")
