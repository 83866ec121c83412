"""Manifests: one line for each letter in a bundle. A bundle counts once its manifest is there."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from everyfamily.core.files.csv_safe import cell

SUFFIX = ".csv"
NOTICE = "STOP.txt"
"""The notice put next to manifests when their letter is withdrawn (stop_notices.py)."""
LISTS = "lists"
"""Where the manifests of pupil post are, in the folder of their school."""

Row = Mapping[str, str]


def manifest(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A manifest as bytes. No cell begins a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(one) if isinstance(one, str) else one for one in row] for row in rows)
    return text.getvalue().encode()


def plain(value: str) -> str:
    """A cell without the apostrophe that stops it from being a formula."""
    return value[1:] if value[:1] == "'" and cell(value[1:]) == value else value


def rows_of(manifest: bytes) -> list[dict[str, str]]:
    """The lines of a manifest. An apostrophe before what would begin a formula stays."""
    return list(csv.DictReader(io.StringIO(manifest.decode(), newline="")))


def manifests_in(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Each manifest in a folder, by name. None if the folder is not there yet. Raises OSError."""
    for name in names_in(folder):
        if name.endswith(SUFFIX):
            yield folder / name, (folder / name).read_bytes()


def names_in(folder: Path) -> list[str]:
    """What is in a folder, by name. Nothing if the folder is not there. Any other error is raised, and never taken for
    an empty folder: "it never had it" would print a letter twice."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []


def digest_of(data: bytes) -> str:
    """SHA-256, in hex."""
    return hashlib.sha256(data).hexdigest()


class Index:
    """Which manifest names a reference. Manifests never change, so each is read once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: set[Path] = set()
        self._by_reference: dict[str, Path] = {}

    def find(self, reference: str) -> Path | None:
        """The manifest that names a reference, or None. Raises OSError."""
        known = self._by_reference.get(reference)
        if known is None or not known.exists():
            self._read()
            known = self._by_reference.get(reference)
        return known

    def _read(self) -> None:
        there = set(self._paths())
        gone = self._seen - there
        if gone:
            self._by_reference = {ref: at for ref, at in self._by_reference.items() if at not in gone}
        for path in sorted(there - self._seen):
            for row in rows_of(path.read_bytes()):
                self._by_reference[row["reference"]] = path
        self._seen = there

    def _paths(self) -> Iterator[Path]:
        # The root itself must be there. A disk that is not mounted shows no letters, but it had them.
        self._root.stat()
        places = [place for postage in _folders(self._root / "post") for place in _folders(postage)]
        places += [place / LISTS for place in _folders(self._root / "pupil-post")]
        for place in places:
            yield from (place / name for name in names_in(place) if name.endswith(SUFFIX))


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as found:
            return sorted(Path(one.path) for one in found if one.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return []
