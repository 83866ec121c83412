"""Writes a site: the pages, their compressed twins, the seals and files, and what a web server needs to be told.

    OUT/public/      the web root
    OUT/nginx.conf   OUT/Caddyfile

All of it, or nothing: it is made beside OUT and takes its place at the end. The assets of the site that was there stay
for pages that a browser still holds.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError, Place
from everyfamily.parentsite.assets import build_assets
from everyfamily.parentsite.render import render_site
from everyfamily.parentsite.server_files import caddyfile, nginx_conf
from everyfamily.parentsite.site import Site

MARK = "everyfamily-site.txt"
_MARK_TEXT = (
    "Made by `everyfamily site`, and made anew each time: change nothing here.\n"
    "public/ is the web root; nginx.conf and Caddyfile tell a web server how to serve it.\n"
)
_COMPRESSED = (".html", ".css", ".js", ".svg", ".json")
_LEVEL = 9


class SitePlaceTaken(EveryfamilyError):
    """There is something where the site would go, and it is not a site of ours."""

    code = "EF350"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    pages: int
    files: int
    size: int
    """Bytes under public/, without the compressed twins."""


def export_site(site: Site, out: Path) -> Exported:
    """Write the site to `out`, replacing a site of ours; raises SitePlaceTaken."""
    out = out.absolute()  # "." has no name to put another beside
    beside, old = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.old.part")
    for place in (out, beside, old):
        if place.exists() and not _is_ours(place):
            raise SitePlaceTaken(
                f"{place.name} is there already and is not a site that this program made.",
                "Choose another folder, or remove that one.",
                Place(place.name),
            )
    if old.exists() and not out.exists():
        old.rename(out)  # a run ended between taking the old site away and putting the new one there
    for place in (beside, old):
        if place.exists():
            shutil.rmtree(place)  # what an interrupted run left
    beside.mkdir(parents=True)
    (beside / MARK).write_text(_MARK_TEXT, encoding="utf-8")  # first, so that the next run knows it for ours
    pages = files = size = 0
    folders: set[Path] = set()
    for name, data in _files(site):
        file = beside / "public" / name
        if file.parent not in folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            folders.add(file.parent)
        file.write_bytes(data)
        if name.endswith(_COMPRESSED):
            file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(data, _LEVEL, mtime=0))
        pages += name.endswith(".html")
        files += 1
        size += len(data)
    host, _, _ = site.partnership.site.partition("/")
    (beside / "nginx.conf").write_text(
        nginx_conf(server_name=host, base=site.base, languages=site.languages), encoding="utf-8"
    )
    (beside / "Caddyfile").write_text(
        caddyfile(server_name=host, base=site.base, languages=site.languages), encoding="utf-8"
    )
    _take_place(beside, out, old)
    return Exported(pages, files, size)


def _files(site: Site) -> Iterator[tuple[str, bytes]]:
    assets = build_assets(site.base, site.choices)
    yield from assets.files.items()
    yield from render_site(site, assets)
    for one in site.letters:
        yield f"seals/{one.reference}.json", one.seal.to_json().encode()
        for name, data in one.files.items():
            yield f"files/{one.reference}/{name}", data


def _is_ours(out: Path) -> bool:
    if not out.is_dir() or out.is_symlink():
        return False
    return not any(out.iterdir()) or (out / MARK).is_file()


def _take_place(beside: Path, out: Path, old: Path) -> None:
    if out.exists():
        for file in (out / "public" / "assets").glob("*"):
            if not (kept := beside / "public" / "assets" / file.name).exists():
                shutil.copy2(file, kept)
        out.rename(old)
    beside.rename(out)
    if old.exists():
        shutil.rmtree(old)
