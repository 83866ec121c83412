"""Pupil post: what a school hands out class by class, in one folder for each mailing and school.

There is one manifest for each call, and only manifests count. What the office works with is made from one day's
manifests: one file to print (each cover sheet, then the copies, class by class), a separate file in large print, and
one list to fill in.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf

from everyfamily.channels.base import ClassPile, Copies, Covers, Kind, Message
from everyfamily.channels.post.durable import clear_parts, make_folder, only_one, put, put_what_differs
from everyfamily.channels.post.manifests import (
    LISTS,
    SUFFIX,
    digest_of,
    manifest,
    manifests_in,
    names_in,
    plain,
    rows_of,
)
from everyfamily.core.text.in_order import in_class_order, in_order

COLUMNS = ("reference", "printed_at", "class", "pupil_id", "language", "format", "file", "sha256")
VERSION = "version"
"""One more column in the manifest of a letter in two versions."""
LIST = "hand-out-list.csv"
LIST_COLUMNS = ("class", "pupil_id", "language", "format", "handed_over", "handed_over_on", "reference")
READ_ME = "READ-ME.txt"
COVER_SHEETS = "cover-sheets"
STACK = "print-both-sides"

_FOR_THE_OFFICE = """\
FOR THE SCHOOL OFFICE

Each day has its own folder. When the day is over, print from it, on both sides, turned on the long edge:

  print-both-sides.pdf               for each class a cover sheet, then its copies
  print-both-sides-large-print.pdf   the same for families who asked for large print, if there are any

Put each copy in a closed envelope, and give each class its pile with the cover sheet on top. The cover sheet says what
to do then. When the sheets are back, fill in hand-out-list.csv (handed_over: yes, no or returned; the day, if you
know it), and send it back to the people this folder came from. What you leave blank still waits.

letter-*.pdf is one copy, if one gets lost. cover-sheets.pdf and letter-*.pdf can be read by a screen reader. The stacks
are only for paper. The lists name children by the school's own numbers: keep them in the school.
"""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONDON = ZoneInfo("Europe/London")

Row = Mapping[str, str]


def folder_of(root: Path, message: Message) -> Path:
    """The folder of a school's pupil post."""
    return place_of(root, message.body.school_key or message.body.key)


def place_of(root: Path, school_key: str) -> Path:
    """The folder for a letter and a school, as `Body.school_key` names them."""
    return root / "pupil-post" / school_key.replace(" ", "_")


def add_to_piles(
    root: Path, messages: Sequence[Message], covers: Covers, one_copy: Callable[[], bytes], now: datetime
) -> None:
    """Put copies on the piles of their classes. Raises OSError, and then none of them counts.

    The manifest comes last. If a process died after it, nobody would come again to bring the day's files up to date. If
    a process dies before it, the files hold too much. That is put right when the copies are sent again.
    """
    place, body, today = folder_of(root, messages[0]), messages[0].body, _day(now.isoformat())
    lists = place / LISTS
    for folder in (lists, place / today):
        make_folder(folder, below=root)
    with only_one(place):
        for folder in (place, lists, place / today):
            clear_parts(folder)
        counts = lists / f"{messages[0].reference}{SUFFIX}"
        rows = [row for path, data in manifests_in(lists) if path != counts for row in rows_of(data)]
        _bring_up(place, rows, covers, but=today)
        version = f"{body.version}-" if body.version else ""
        file = place / f"letter-{version}{body.language}{_suffix(body.format)}.pdf"
        letter = file.read_bytes() if file.exists() else one_copy()
        lines = _manifest(messages, file.name, letter, now)
        derived = _derived(place, [*rows, *rows_of(lines)], today, covers, {file.name: letter})
        once = [(file, letter), (place / READ_ME, _FOR_THE_OFFICE.encode())]
        try:
            put([*(one for one in once if not one[0].exists()), *derived, (counts, lines)], counts=counts)
        except OSError:
            with suppress(OSError):
                _bring_up(place, rows, covers)
            raise


def _bring_up(place: Path, rows: Sequence[Row], covers: Covers, *, but: str = "") -> None:
    """Bring the day's files up to date with the manifests, if a process died in between."""
    days = {name for name in names_in(place) if _DAY.fullmatch(name)} | {_day(row["printed_at"]) for row in rows}
    for day in sorted(days - {but}):
        clear_parts(place / day)
        there = set(_said(place / day / LIST))
        should = {row["reference"] for row in rows if _day(row["printed_at"]) == day}
        if there != should:
            for stale in names_in(place / day):
                if stale.startswith((COVER_SHEETS, STACK)):
                    (place / day / stale).unlink()
            make_folder(place / day, below=place)
            # The list comes last. While it has other content, the day is not finished.
            put_what_differs(_derived(place, rows, day, covers, {})[::-1])


def _suffix(format: str) -> str:
    return "" if format == "standard" else f"-{format.replace(' ', '-')}"


def _day(printed_at: str) -> str:
    return datetime.fromisoformat(printed_at).astimezone(_LONDON).date().isoformat()


def _manifest(messages: Sequence[Message], file: str, letter: bytes, now: datetime) -> bytes:
    digest, at = digest_of(letter), now.isoformat()
    # Only of a letter in two versions, so that the manifests of others stay what they were.
    version = messages[0].body.version
    return manifest(
        (*COLUMNS, VERSION) if version else COLUMNS,
        [
            (one.reference, at, one.group, one.to, one.body.language, one.body.format, file, digest)
            + ((version,) if version else ())
            for one in messages
        ],
    )


def _derived(
    place: Path, rows: Sequence[Row], day: str, covers: Covers, letters: Mapping[str, bytes]
) -> list[tuple[Path, bytes]]:
    """A day's files. `letters` are those not written yet."""
    rows = [row for row in rows if _day(row["printed_at"]) == day]
    files = [(place / day / LIST, _list(rows, _said(place / day / LIST)))]
    for format in sorted({row["format"] for row in rows}, key=lambda one: one != "standard"):
        of_format = [row for row in rows if row["format"] == format]
        sheets = covers(_piles(of_format))
        pages = {
            kind_of(row): letters.get(row["file"]) or (place / row["file"]).read_bytes() for row in of_format
        }
        files.append((place / day / f"{COVER_SHEETS}{_suffix(format)}.pdf", sheets))
        files.append((place / day / f"{STACK}{_suffix(format)}.pdf", stack_of(_piles(of_format), sheets, pages)))
    return files


def _piles(rows: Iterable[Row]) -> list[ClassPile]:
    """The piles of one format, by class."""
    by_class: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_class[plain(row["class"])].append(row)
    return [
        ClassPile(name, _copies(of_class), max(datetime.fromisoformat(row["printed_at"]) for row in of_class))
        for name, of_class in sorted(by_class.items(), key=lambda one: in_class_order(one[0]))
    ]


def _copies(rows: Sequence[Row]) -> tuple[Copies, ...]:
    by_kind: dict[Kind, list[str]] = defaultdict(list)
    for row in rows:
        by_kind[kind_of(row)].append(plain(row["pupil_id"]))
    return copies_by_kind(by_kind)


def kind_of(row: Row) -> Kind:
    """Of what a line of a manifest is a copy."""
    return row.get(VERSION, ""), row["language"], row["format"]


def copies_by_kind(by_kind: Mapping[Kind, Sequence[str]]) -> tuple[Copies, ...]:
    """The copies of one class, by version, language and format, from the ids of the children who take each home."""
    return tuple(
        Copies(language, format, tuple(sorted(pupils, key=in_order)), version)
        for (version, language, format), pupils in sorted(by_kind.items())
    )


def _list(rows: Sequence[Row], said: Mapping[str, tuple[str, str]]) -> bytes:
    """The list to fill in, with what was already filled in."""
    ordered = sorted(
        rows, key=lambda row: (in_class_order(plain(row["class"])), in_order(plain(row["pupil_id"])))
    )
    return manifest(
        LIST_COLUMNS,
        [
            (
                *(plain(row["class"]), plain(row["pupil_id"]), row["language"], row["format"]),
                *said.get(row["reference"], ("", "")),
                row["reference"],
            )
            for row in ordered
        ],
    )


def _said(file: Path) -> dict[str, tuple[str, str]]:
    """What a list in the folder says for each reference, because the office may fill it in there."""
    try:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
    except FileNotFoundError:
        return {}
    return {
        row["reference"]: (row.get("handed_over") or "", row.get("handed_over_on") or "")
        for row in csv.DictReader(io.StringIO(text, newline=""))
        if row.get("reference")
    }


def stack_of(piles: Sequence[ClassPile], covers: bytes, letters: Mapping[Kind, bytes]) -> bytes:
    """One file to print: for each class its cover sheet and then its copies, each on a fresh sheet. `letters` has one
    copy of each kind.

    It is only for paper, so it is not tagged. The cover sheets and the letter are next to it, and are tagged. A page
    that is repeated is stored only once.
    """
    out = io.BytesIO()
    with pikepdf.new() as stack, pikepdf.open(io.BytesIO(covers)) as sheets:
        opened = {kind: pikepdf.open(io.BytesIO(data)) for kind, data in letters.items()}
        starts = _starts(sheets)
        for number, pile in enumerate(piles):
            stack.pages.extend(sheets.pages[starts[number] : starts[number + 1]])
            _fill_sheet(stack)
            for copies in pile.copies:
                for _ in copies.pupils:
                    stack.pages.extend(opened[copies.kind].pages)
                    _fill_sheet(stack)
        stack.save(out, deterministic_id=True)
        for one in opened.values():
            one.close()
    return out.getvalue()


def _starts(sheets: pikepdf.Pdf) -> list[int]:
    """Where each class's cover begins, from the bookmarks, and where the last one ends."""
    places = {page.objgen: number for number, page in enumerate(sheets.pages)}
    with sheets.open_outline() as outline:
        found = []
        for item in outline.root:
            assert isinstance(item.destination, pikepdf.Array)
            found.append(places[pikepdf.Page(item.destination[0]).objgen])
    return [*found, len(sheets.pages)]


def _fill_sheet(stack: pikepdf.Pdf) -> None:
    if len(stack.pages) % 2:
        stack.add_blank_page(page_size=(595.28, 841.89))
