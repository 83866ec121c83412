"""Takes dead numbers out of a site that families see already, because a newer one cannot be published.

It works on the pages as text, so it needs no settings, no packs and no seals, and it only removes. Each page is
replaced whole, and a second run finds nothing more to do.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.whole_files import only_one_in
from everyfamily.core.text.places_in_words import printed
from everyfamily.parentsite.export import LEVEL, MARK, PREVIEW, SiteNotWritten
from everyfamily.parentsite.furniture import ENGLISH, furniture_languages, furniture_of

_TAG = re.compile(r"(<[^>]*>)")
_LANGUAGE = re.compile(r'<html lang="([\w-]+)"')


def take_out(places: Collection[str], folder: Path, still_wanted: Callable[[], None] = lambda: None) -> int:
    """Take these numbers and addresses, as printed, out of the site in `folder`, with the files of each letter that
    prints one. Returns how many pages had one. 0 if there is no site for families.

    `still_wanted` is called when nobody else writes the site, and raises if another process wrote it meanwhile. Raises
    that, and SiteNotWritten.
    """
    mark = folder / MARK
    if not places or not mark.is_file():
        return 0
    try:
        with only_one_in(folder.parent):
            if not mark.is_file() or PREVIEW in mark.read_text(encoding="utf-8"):
                return 0
            still_wanted()
            public = folder / "public"
            letters = [_remove_files(public, one) for one in _letters_with(places, public)]
            links = [f'"{scheme}{_bare(one)}"' for one in places for scheme in ("tel:", "sms:")]
            links += [f'"https://{one}"' for one in places]
            pattern = printed(places)
            changed = sum(
                _rewrite(page, pattern, [*links, *(f"/files/{one}/" for one in letters)])
                for page in sorted(public.rglob("*.html"))
            )
            if changed:
                os.utime(public)  # our own server lists the files again
            return changed
    except OSError as problem:
        raise SiteNotWritten(
            f"A dead number could not be taken out of the site ({(problem.strerror or 'unknown reason').lower()}).",
            "Make room, or let the worker write to the folder of the site.",
            SourceLocation(folder.name),
        ) from problem


def _letters_with(places: Iterable[str], public: Path) -> list[str]:
    """References of the letters that print one of them, by their seals."""
    seals = [(one.stem, one.read_text(encoding="utf-8")) for one in sorted((public / "seals").glob("*.json"))]
    return [reference for reference, seal in seals if any(f'"{place}"' in seal for place in places)]


def _remove_files(public: Path, reference: str) -> str:
    place = public / "files" / reference
    if place.exists():
        shutil.rmtree(place)
    return reference


def _rewrite(page: Path, wrong: re.Pattern[str], links: Collection[str]) -> bool:
    before = page.read_text(encoding="utf-8")
    tag = found[1] if (found := _LANGUAGE.search(before)) else ENGLISH
    words = furniture_of(tag if tag in furniture_languages() else ENGLISH).say("number taken out")
    pieces = _TAG.split(before)
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            pieces[at] = wrong.sub(f"({words})", piece)
        elif any(link in piece for link in links):
            pieces[at] = re.sub(r' (?:href|src)="[^"]*"', "", piece)
    after = "".join(pieces)
    if after == before:
        return False
    data = after.encode()
    for file, now in ((page, data), (page.with_name(f"{page.name}.gz"), gzip.compress(data, LEVEL, mtime=0))):
        beside = file.with_name(f".{file.name}.part")
        beside.write_bytes(now)
        beside.chmod(0o644)
        beside.replace(file)
    return True


def _bare(place: str) -> str:
    return place.replace(" ", "")
