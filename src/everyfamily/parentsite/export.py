"""Writes a site: the pages, their compressed copies, the seals and files, and the settings for a web server.

    OUT/public/      the web root
    OUT/nginx.conf   OUT/Caddyfile

It writes everything or nothing: the site is made next to OUT and replaces it at the end. The assets of the previous
site stay, for pages that a browser still has. A second run waits for the first.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import only_one_in
from everyfamily.letters.files.key_lists import KEY_LIST
from everyfamily.letters.files.withdrawal_notices import NOTICES
from everyfamily.parentsite.assets import build_assets
from everyfamily.parentsite.letter_pages import offered_files
from everyfamily.parentsite.render import render_site
from everyfamily.parentsite.server_files import caddyfile, nginx_conf
from everyfamily.parentsite.site import Site

MARK = "everyfamily-site.txt"
_MARK_TEXT = (
    "Made by `everyfamily site`, and made again each time: change nothing here.\n"
    "public/ is the web root; nginx.conf and Caddyfile tell a web server how to serve it.\n"
)
PREVIEW = "It is a preview, and not for families.\n"
_COMPRESSED = (".html", ".css", ".js", ".svg", ".json")
LEVEL = 9
_OURS = frozenset({MARK, "public", "nginx.conf", "Caddyfile"})
_ASSET = re.compile(r"[a-z0-9-]+\.(?P<digest>[0-9a-f]{16})\.[a-z0-9]+")


class SitePlaceTaken(EveryfamilyError):
    """There is already something where the site would go, and it is not one of our sites."""

    code = "EF350"


class SiteNotWritten(EveryfamilyError):
    """The disk is full, or the folder cannot be written to."""

    code = "EF353"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    pages: int
    files: int
    size: int
    """Bytes under public/, without the compressed copies."""


def export_site(site: Site, out: Path, *, still_wanted: Callable[[], object] = lambda: None) -> Exported:
    """Write the site to `out`, replacing a site of ours; raises SitePlaceTaken or SiteNotWritten.

    `still_wanted` is called once the site is written beside, just before it takes the place of the other. If it raises,
    the other stays.
    """
    out = out.absolute()
    if out.name in ("", ".."):
        out = out.resolve()  # a folder without a name here cannot have another next to it
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with only_one_in(out.parent):
            return _export(site, out, still_wanted)
    except OSError as problem:
        raise SiteNotWritten(
            f"The site could not be written ({(problem.strerror or 'unknown reason').lower()}).",
            "Make room, or choose a folder that you may write to. The site that was there stays as it was.",
            SourceLocation(out.name),
        ) from problem


def _export(site: Site, out: Path, still_wanted: Callable[[], object]) -> Exported:
    if not out.name:
        raise SitePlaceTaken(
            "A site cannot replace the whole disk.", "Choose a folder.", SourceLocation(str(out))
        )
    beside, old = out.with_name(f"{out.name}.part"), out.with_name(f"{out.name}.old.part")
    for place in (out, beside, old):
        _check_place(place)
    if old.exists() and not out.exists():
        old.rename(out)  # a run ended between moving the old site away and putting the new one there
    if site.preview and (out / MARK).exists() and PREVIEW not in (out / MARK).read_text(encoding="utf-8"):
        raise SitePlaceTaken(
            f"{out.name} is a site for families, and a preview would take its place.",
            "Make the preview in another folder.",
            SourceLocation(out.name),
        )
    for place in (beside, old):
        if place.exists():
            shutil.rmtree(place)  # left by an interrupted run
    beside.mkdir()
    about = _MARK_TEXT + (PREVIEW if site.preview else "")
    (beside / MARK).write_text(about, encoding="utf-8")  # first, so that the next run recognises it as ours
    pages = files = size = 0
    folders: set[Path] = set()
    for name, data in _files(site):
        file = beside / "public" / name
        if file.parent not in folders:
            file.parent.mkdir(parents=True, exist_ok=True)
            folders.add(file.parent)
        _write(file, data)
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
    still_wanted()
    _take_place(beside, out, old)
    return Exported(pages, files, size)


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    if file.name.endswith(_COMPRESSED):
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(data, LEVEL, mtime=0))


def _files(site: Site) -> Iterator[tuple[str, bytes]]:
    assets = build_assets(site.base, site.choices, site.partnership.bodies, site.pictures)
    yield from assets.files.items()
    yield from render_site(site, assets)
    if (keys := site.letters[0].keys) is not None:
        yield f"seals/{KEY_LIST}", keys.to_json().encode()
    for one in site.letters:
        yield f"seals/{one.reference}.json", one.seal.to_json().encode()
        if one.notice is not None:
            yield f"seals/{NOTICES}/{one.reference}.json", one.notice.to_json().encode()
        for name, data in offered_files(site, one).items():
            yield f"files/{one.reference}/{name}", data


def _check_place(place: Path) -> None:
    if not os.path.lexists(place):  # a broken link counts as something, too
        return
    inside = None if place.is_symlink() or not place.is_dir() else {one.name for one in place.iterdir()}
    if inside is None or (inside and MARK not in inside):
        raise SitePlaceTaken(
            f"{place.name} is there already and is not a site that this program made.",
            "Choose another folder, or remove that one.",
            SourceLocation(place.name),
        )
    if strange := sorted(inside - _OURS):
        raise SitePlaceTaken(
            f"{place.name} holds {strange[0]}, which this program did not put there and would remove.",
            "Move it to another place: the whole folder is made again each time.",
            SourceLocation(f"{place.name}/{strange[0]}"),
        )


def _take_place(beside: Path, out: Path, old: Path) -> None:
    if out.exists():
        for file in (out / "public" / "assets").glob("*"):
            _keep(file, beside / "public" / "assets" / file.name)
    _open_to_all(beside)
    if out.exists():
        out.rename(old)
    try:
        beside.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)  # the new site is in place; the next run removes what is left


def _open_to_all(folder: Path) -> None:
    """A web server runs as another user, and everything here is public. With a strict umask every page would be
    refused."""
    for place, _, names in folder.walk():
        place.chmod(0o755)
        for name in names:
            (place / name).chmod(0o644)


def _keep(file: Path, kept: Path) -> None:
    """Keep an asset of the previous site if its name still matches its content. Nothing else is carried over."""
    named = _ASSET.fullmatch(file.name)
    if named is None or kept.exists() or file.is_symlink() or not file.is_file():
        return
    data = file.read_bytes()
    if hashlib.sha256(data).hexdigest()[:16] == named["digest"]:
        _write(kept, data)
