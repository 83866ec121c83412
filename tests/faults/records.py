"""What the other side has: lines of the outbox, of the mail server and of Notify's stand-in, and printed letters.

What we say about ourselves in our own tables is not read anywhere here.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

_ADDRESS = re.compile(r"^([^\r\n]+)\r?\n(\d+ Lantern Row)", re.MULTILINE)
_READ: dict[str, list[str]] = {}
"""Addresses of a PDF by its digest: it is looked at many times."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that the other side accepted. `value` is "" if it does not say to whom."""

    channel: str
    reference: str
    value: str


def lines(file: Path) -> Iterator[dict[str, object]]:
    """Whole JSON lines of a file that somebody may be writing to."""
    if file.exists():
        for raw in file.read_bytes().splitlines(keepends=True):
            if raw.endswith(b"\n"):
                yield json.loads(raw)


def recorded(outbox: Path) -> list[Taken]:
    """Emails and texts of the recording carrier."""
    return [
        Taken(str(line["channel"]), str(line["reference"]), str(line["to"]))
        for file in sorted(outbox.glob("*.jsonl"))
        for line in lines(file)
        if line["channel"] in ("email", "text")
    ]


def mailed(log: Path) -> list[Taken]:
    """Letters of the mail server."""
    return [Taken("email", str(line["reference"]), str(line["to"])) for line in lines(log)]


def notified(log: Path) -> list[Taken]:
    """Messages of Notify's stand-in; for a letter it knows only the bytes."""
    names = {"email": "email", "sms": "text", "letter": "post"}
    return [
        Taken(
            names[str(line["type"])], str(line["reference"]), "" if line["type"] == "letter" else str(line["to"])
        )
        for line in lines(log)
    ]


def printed(folder: Path) -> list[Taken]:
    """Letters of the print folder that count, with the addresses as they stand in the PDFs."""
    found = []
    for manifest in folder.glob("post/*/*/bundle-*.csv"):
        rows = _rows(manifest)
        addresses = _addresses(manifest.with_suffix(".pdf"))
        pairs = zip(rows, addresses or [""] * len(rows), strict=True)
        found += [Taken("post", row["reference"], address) for row, address in pairs]
    for manifest in folder.glob("pupil-post/*/lists/*.csv"):
        urn = manifest.parents[1].name.rpartition("_")[2]
        found += [Taken("pupil post", row["reference"], f"{urn} {row['pupil_id']}") for row in _rows(manifest)]
    return found


def half_bundles(folder: Path) -> list[str]:
    """Manifests without what they promise, and lists for the print house that say something different."""
    wrong = []
    for manifest in folder.glob("post/*/*/bundle-*.csv"):
        wrong += [f"post: {why}" for row in _rows(manifest) for why in _broken(manifest.parent, row)]
    for manifest in folder.glob("pupil-post/*/lists/*.csv"):
        place = manifest.parents[1]
        wrong += [f"pupil post: {why}" for row in _rows(manifest) for why in _broken(place, row)]
    for sums in folder.glob("post/*/*/SHA256SUMS"):
        said = {line.split()[1] for line in sums.read_text().splitlines()}
        there = {path.name for path in sums.parent.glob("bundle-*.csv")}
        there |= {path.with_suffix(".pdf").name for path in sums.parent.glob("bundle-*.csv")}
        if said != there:
            wrong.append("the print house's list does not name the bundles that stand")
    return sorted(set(wrong))


def _rows(manifest: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(manifest.read_text(), newline="")))


def _broken(place: Path, row: dict[str, str]) -> list[str]:
    file = place / row["file"]
    if not file.exists():
        return ["a manifest stands without its PDF"]
    if hashlib.sha256(file.read_bytes()).hexdigest() != row["sha256"]:
        return ["a PDF is not the one that its manifest names"]
    return []


def _addresses(pdf: Path) -> list[str]:
    """The windows of a bundle in order, as "name\\nstreet"."""
    if not pdf.exists():
        return []
    data = pdf.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest not in _READ:
        document = pypdfium2.PdfDocument(data)
        texts = [page.get_textpage().get_text_range() for page in document]
        document.close()
        _READ[digest] = [f"{found[1].strip()}\n{found[2]}" for text in texts if (found := _ADDRESS.search(text))]
    return _READ[digest]
