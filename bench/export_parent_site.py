"""The parent site of ten languages and thirty pages each, exported to disk; and the weight of its pages.

Real texts: three topics that are copies of the pack, four languages that there are and six that are copies of them. The
letters are one sealed letter under three references. It is compared with what any site has to do at least: the same
bytes, already made, written and compressed the same way. The ratio says what making the pages costs on top.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from everyfamily.cli.console.packs_folder import packs_folder
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.folder import write_letter_folder
from everyfamily.parentsite import furniture
from everyfamily.parentsite.export import export_site
from everyfamily.parentsite.reading import read_site
from everyfamily.parentsite.sealed import SealedLetter, read_sealed_letters
from everyfamily.parentsite.site import Site

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.factories.city import sealed_letter

ROOT = Path(__file__).parents[1]
PARTNERSHIP = ROOT / "src/everyfamily_demo/data/partnership.toml"
COPIES = {"so": "pl", "ro": "pl", "tr": "pl", "cy": "pl", "fa": "ar", "ps": "ur"}
"""Languages that only this bench has, each with the texts of another."""
TERMS = ("autumn-2026", "spring-2027", "summer-2027")
RUNS = 7
TODAY = date(2027, 3, 2)


def real_site(folder: Path) -> Site:
    """The site of one sealed letter, in every language there is."""
    seal, artefacts, key = sealed_letter()
    write_letter_folder(folder / "letter", seal.record, artefacts)
    (folder / "seals").mkdir()
    (folder / "seals" / f"{seal.record['reference']}.json").write_text(seal.to_json(), encoding="utf-8")
    partnership = load_partnership(PARTNERSHIP)
    letters = read_sealed_letters(folder / "seals", [folder / "letter"], partnership, sealing_key=key)
    return read_site(partnership, letters, packs_folder(), (), TODAY, preview=True)


def ten_languages(site: Site, folder: Path) -> Site:
    """The site with copies of its languages and its topic, and a catalogue for each language in `folder`."""
    languages = ("en", "pl", "ar", "ur", *COPIES)
    for tag in languages[1:]:
        shutil.copytree(Path(str(furniture.CATALOGUES / COPIES.get(tag, tag))), folder / tag)
    furniture.CATALOGUES = folder
    furniture.furniture_of.cache_clear()

    def copied(texts: Any) -> dict[str, Any]:
        return {tag: dataclasses.replace(texts[COPIES.get(tag, tag)], language=tag) for tag in languages}

    (pack,) = site.packs.values()
    packs, letters = {}, []
    for number, term in enumerate(TERMS):
        name = f"{pack.id}-{number}"
        about = pack.about.model_copy(update={"id": name})
        packs[name] = dataclasses.replace(pack, about=about, site=copied(pack.site))
        letters.append(_letter(site.letters[0], name, term, number))
    pages = dataclasses.replace(site.pages, texts=copied(site.pages.texts))
    return dataclasses.replace(site, pages=pages, packs=packs, letters=tuple(letters), languages=languages)


def _letter(one: SealedLetter, pack: str, term: str, number: int) -> SealedLetter:
    letter = dataclasses.replace(
        one.letter, reference=f"ES-270{number}-K7R4", pack=pack, page=f"{one.letter.site}/{term}"
    )
    return dataclasses.replace(one, letter=letter, term=term, files={})


def median(work: Callable[[], object]) -> tuple[float, float, float]:
    """Seconds: median, quickest and slowest of RUNS."""
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return statistics.median(took), min(took), max(took)


def write_again(files: dict[Path, bytes], out: Path) -> None:
    """The least that any static site does: the same bytes, written and compressed."""
    for name, data in files.items():
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        if file.suffix in (".html", ".css", ".js", ".svg", ".json"):
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        site = ten_languages(real_site(folder), folder / "locale")
        exported = export_site(site, folder / "first")
        pages = len(list((folder / "first" / "public").rglob("*.html")))
        print(f"{pages} pages, {len(site.languages)} languages, {exported.size / 1e6:.1f} MB")
        ours = median(lambda: export_site(site, folder / "site"))
        public = folder / "first" / "public"
        files = {
            file.relative_to(public): file.read_bytes()
            for file in public.rglob("*")
            if file.suffix != ".gz" and file.is_file()
        }
        plain = median(
            lambda: (shutil.rmtree(folder / "plain", ignore_errors=True), write_again(files, folder / "plain"))
        )
        for name, (middle, least, most) in (("export", ours), ("same bytes, written alone", plain)):
            print(f"{name:<28} {middle:.2f} s  ({least:.2f} to {most:.2f})")
        print(f"ratio {ours[0] / plain[0]:.2f}")
        print("first load, compressed, with style, script and the fonts a page asks for:")
        for name in (
            "index.html",
            "spring-2027/index.html",
            "spring-2027/signs/index.html",
            "help/index.html",
            "ur/spring-2027/signs/index.html",
        ):
            print(f"  {name:<36} {weight(public, name) / 1000:.1f} kB")
        if "--json" in sys.argv:
            print(json.dumps({"pages": pages, "seconds": ours[0], "plain": plain[0]}))


def weight(public: Path, name: str) -> int:
    """Bytes of a first visit: the page, style and script compressed, its picture, and the three Latin fonts."""
    assets = [file for file in (public / "assets").iterdir() if file.name.startswith(("site.", "mark."))]
    packed = [file for file in assets if file.suffix == ".gz"]
    fonts = [file for file in (public / "assets").iterdir() if file.name.startswith(("sans", "serif"))]
    return sum(file.stat().st_size for file in (public / f"{name}.gz", *packed, *fonts))


if __name__ == "__main__":
    main()
