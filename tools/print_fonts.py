"""Make the print's fonts for other scripts again: the letters of one script each, nothing else, so they stay small.

    npm pack @expo-google-fonts/vazirmatn    (and hind-siliguri, noto-sans-gurmukhi), unpacked into one FOLDER
    python tools/print_fonts.py FOLDER       (needs `fonttools`, which nothing else here does)

Latin letters and digits come from Source Sans everywhere, so that a telephone number looks alike in every language.
None of the three has a reserved name in its licence, so the subsets keep theirs.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parent.parent / "src" / "everyfamily" / "rendering" / "fonts"
JOINERS = [0x20, 0xA0, 0x200C, 0x200D, 0x200E, 0x200F, 0x25CC]
ARABIC = [*JOINERS, 0x60C, 0x61B, 0x61F, *range(0x620, 0x6FF), *range(0x750, 0x780), 0xAB, 0xBB]
BENGALI = [*JOINERS, 0x964, 0x965, *range(0x980, 0xA00)]
GURMUKHI = [*JOINERS, 0x964, 0x965, *range(0xA00, 0xA80)]
FONTS = {
    "Vazirmatn": ("vazirmatn", "Vazirmatn_{}.ttf", ARABIC),
    "HindSiliguri": ("hind-siliguri", "HindSiliguri_{}.ttf", BENGALI),
    "NotoSansGurmukhi": ("noto-sans-gurmukhi", "NotoSansGurmukhi_{}.ttf", GURMUKHI),
}


def make(source: Path, letters: list[int], target: Path) -> None:
    """Write the subset of `source` with `letters` and every layout feature that they need."""
    font = TTFont(source)
    options = Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    font.save(target)
    sys.stdout.write(f"{target.name}: {target.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    for stem, (package, file, letters) in FONTS.items():
        (folder,) = Path(sys.argv[1]).glob(f"*{package}*/400Regular")
        for weight in ("400Regular", "700Bold"):
            made = OUT / f"{stem}-{weight[3:]}.ttf"
            make(folder.parent / weight / file.format(weight), letters, made)
        shutil.copy(folder.parent / "LICENSE_FONT", OUT / f"OFL-{stem}.txt")
