"""Post: bundles of addressed letters for a print house, in one folder for each postage, mailing, language and school.

What the print house reads besides the manifests, checksums and totals, is made from the manifests that are there.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from everyfamily.channels.base import Message
from everyfamily.channels.post.durable import clear_parts, make_folder, only_one, put, put_what_differs
from everyfamily.channels.post.manifests import (
    NOTICE,
    SUFFIX,
    digest_of,
    manifest,
    manifests_in,
    names_in,
    rows_of,
)

COLUMNS = ("position", "reference", "postage", "sheets", "file", "sha256")
SUMS = "SHA256SUMS"
READ_ME = "READ-ME.txt"


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals for a print house. `sheets` are printed on both sides."""

    letters: int = 0
    sheets: int = 0


def folder_of(root: Path, message: Message) -> Path:
    """The folder for a message's bundles."""
    return root / "post" / message.body.postage / message.body.key.replace(" ", "_")


def print_bundle(root: Path, messages: Sequence[Message], pdf: bytes) -> None:
    """Put a bundle into its folder. Raises OSError, and then the bundle does not count."""
    place = folder_of(root, messages[0])
    make_folder(place, below=root)
    name = f"bundle-{messages[0].reference}"
    lines = _manifest(messages, f"{name}.pdf", pdf)
    with only_one(place):
        clear_parts(place)
        _clear_orphans(place)
        counts = place / f"{name}{SUFFIX}"
        stand = dict(manifests_in(place))
        try:
            put(
                [(place / f"{name}.pdf", pdf), (counts, lines), *_derived(place, stand | {counts: lines})],
                counts=counts,
            )
        except OSError:
            with suppress(OSError):
                put_what_differs(_derived(place, stand))
            raise


def derive(place: Path) -> None:
    """Bring checksums and totals up to date with the manifests, because a process may have died in between."""
    with only_one(place):
        put_what_differs(_derived(place, dict(manifests_in(place))))


def _manifest(messages: Sequence[Message], file: str, pdf: bytes) -> bytes:
    digest, sheets = digest_of(pdf), sheets_of(pdf) // len(messages)
    return manifest(
        COLUMNS,
        [
            (position, message.reference, message.body.postage, sheets, file, digest)
            for position, message in enumerate(messages, start=1)
        ],
    )


def sheets_of(pdf: bytes) -> int:
    """Sheets of a PDF that is printed on both sides."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return (len(document.pages) + 1) // 2


def _clear_orphans(place: Path) -> None:
    """Remove bundles without a manifest, because nobody may print one, and they contain addresses."""
    names = set(names_in(place))
    for name in names:
        if name.startswith("bundle-") and name.endswith(".pdf") and f"{name[:-4]}{SUFFIX}" not in names:
            (place / name).unlink()


def _derived(place: Path, stand: Mapping[Path, bytes]) -> list[tuple[Path, bytes]]:
    bundles = [(path, data, rows_of(data)) for path, data in sorted(stand.items())]
    sums = [(rows[0]["file"], rows[0]["sha256"]) for _, _, rows in bundles]
    sums += [(path.name, digest_of(data)) for path, data, _ in bundles]
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums))
    lines = "\n".join(_read_me(place, [rows for _, _, rows in bundles])) + "\n"
    return [(place / SUMS, text.encode()), (place / READ_ME, lines.encode())]


def totals(rows: Iterable[Mapping[str, str]]) -> Totals:
    """Letters and sheets, from the lines of manifests."""
    sheets = [int(row["sheets"]) for row in rows]
    return Totals(len(sheets), sum(sheets))


def _read_me(place: Path, bundles: Sequence[Sequence[Mapping[str, str]]]) -> Iterator[str]:
    every = totals(row for rows in bundles for row in rows)
    if (place / NOTICE).exists():
        yield f"STOP: this letter was withdrawn. Print and post nothing of it, and read {NOTICE}."
        yield ""
    yield "FOR THE PRINT HOUSE"
    yield ""
    yield f"Job:      {place.name.replace('_', ' ')}"
    yield f"Postage:  {place.parent.name}"
    yield f"Letters:  {every.letters:,}"
    yield f"Sheets:   {every.sheets:,} (A4, both sides)"
    yield f"Bundles:  {len(bundles):,}"
    yield ""
    yield "Each letter begins on a fresh sheet; its address shows in the window of a DL envelope when it is folded in"
    yield "three. Print on both sides, turned on the long edge. Do not scale. Nothing else goes into the envelope, and"
    yield "nothing on it but our return address."
    yield ""
    yield "Print only the bundles of this list. Check them first: sha256sum -c SHA256SUMS"
    yield ""
    yield f"{'letters':>8} {'sheets':>8}  bundle"
    for rows in bundles:
        one = totals(rows)
        yield f"{one.letters:>8,} {one.sheets:>8,}  {rows[0]['file']}"
    yield ""
    yield "The files hold names and addresses. Delete them when they are printed. If a letter comes back, tell us its"
    yield "reference: the line of the bundle's .csv at the letter's position."
