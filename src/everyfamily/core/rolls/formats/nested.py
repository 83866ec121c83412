"""JSON of students with contacts, or of contacts with students, as a table: a row for each pair, and headings made from
the keys.

What the keys mean is then read as any heading is ("contacts.data[].contact_details.data.emails.home" is "contact email
home"), so there is no list of systems here either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.json_text import read_json
from everyfamily.core.rolls.formats.json_pages import IS_A_PART, in_one
from everyfamily.core.rolls.formats.lists_by_ids import joined_by_ids
from everyfamily.core.rolls.layout.heading_parts import ADULT, CHILD, parts_of
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import Sheet
from everyfamily.core.rolls.tables.table import (
    Header,
    cell_too_long,
    no_rows,
    sheet_of,
    too_many_rows,
    understand,
)

_DEEPEST = 12
_CONTAINERS = frozenset(
    (
        "data",
        "attributes",
        "relationship",
        "relationships",
        "contact_details",
        "contactdetails",
        "details",
        "items",
        "value",
        "person",
        "node",
        "edges",
        "included",
        "results",
        "profile",
        "name",
        "personaldetails",
        "personal_details",
    )
)
"""Keys that say nothing about what is below them."""
_SAY_NOTHING = frozenset(("description", "name", "type", "code", "label", "text", "title"))
"""Keys that mean something only together with the one above: "relationship.description"."""
_GROUPS = frozenset(("group", "room", "class", "form"))
_LISTS_OF_ADULTS = frozenset(
    ("relations", "relationships", "relatives", "familymembers", "family_members", "adults")
)
_WHOSE_WORDS = {CHILD: "pupil", ADULT: "contact"}

type Record = dict[str, Any]


def read_nested(data: bytes, file: str, answers: KnownAnswers | None = None) -> Sheet:
    """Read a whole JSON file. Raises RollNotReadable when it is none, too deep, or not of children and adults."""
    place = SourceLocation(file)
    try:
        found = read_json(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise RollNotReadable(
            "The file is damaged or cut off: it begins as JSON and does not end as JSON.",
            "Export it again from the records system.",
            place,
        ) from problem
    found, is_part = in_one(found)
    pairs = _pairs(found)
    if pairs is None:
        raise RollNotReadable(
            "The file is JSON, and no list of children with their adults is in it.",
            "Export students with their contacts, or the contacts as CSV or .xlsx."
            " If the headings are not ours, give a mapping of them.",
            place,
        )
    headings, rows = _table(pairs, place)
    if not rows:
        raise no_rows(place)
    header = understand([headings, *rows[: limits.LOOKED_AT]], 0, file, None, answers)
    sheet = sheet_of(_named(header, headings), enumerate(rows, start=1), kind="JSON")
    return replace(sheet, whole=False, set_aside=(*sheet.set_aside, IS_A_PART)) if is_part else sheet


def _named(header: Header, headings: list[str]) -> Header:
    keys = set(headings)
    return replace(header, name="Wonde") if {"pupil upi", "pupil mis_id"} <= keys else header


def _pairs(found: Any) -> Iterator[tuple[str, Record, Record | None]] | None:
    """(whose the outer record is, the outer record, the inner one) for each pair. None if there are no records."""
    lists = list(_lists(found, "", 0))
    if joined := joined_by_ids([records for _, records in lists], [parts_of(key).whose for key, _ in lists]):
        return ((CHILD, child, adult) for child, adult in joined)
    for key, records in lists:
        whose = parts_of(key).whose if key else ""
        inner = _inner(records, whose)
        if inner:
            path, of_inner = inner
            outer = CHILD if of_inner == ADULT else ADULT
            return _each(records, outer, path)
        if whose in (CHILD, ADULT) or any(parts_of(name).whose == ADULT for name in records[0]):
            return ((CHILD, record, None) for record in records)
    return None


def _lists(found: Any, key: str, depth: int) -> Iterator[tuple[str, list[Record]]]:
    """Lists of records from the outside in, each with its key."""
    if depth > 4:
        return
    if isinstance(found, list):
        records = [one for one in found if isinstance(one, dict)]
        if records:
            yield key, records
    elif isinstance(found, dict):
        for name, value in found.items():
            yield from _lists(value, key if name.casefold() in _CONTAINERS and key else name, depth + 1)


def _inner(records: list[Record], whose: str) -> tuple[tuple[str, ...], str] | None:
    """Where the list of the other side is within a record, and whose it is."""
    wanted = {CHILD: (ADULT,), ADULT: (CHILD,)}.get(whose, (ADULT, CHILD))
    for record in records[: limits.LOOKED_AT]:
        for path, inner in _records_in(record, (), 0):
            if path[-1].casefold() in _LISTS_OF_ADULTS and ADULT in wanted and _has_names(inner):
                return path, ADULT
            name = next((key for key in reversed(path) if key.casefold() not in _CONTAINERS), "")
            if parts_of(name).whose in wanted:
                return path, parts_of(name).whose
    return None


def _has_names(records: list[Record]) -> bool:
    return any("name" in key.casefold() for record in records for key in record)


def _records_in(
    record: Record, path: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[str, ...], list[Record]]]:
    for key, value in record.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            yield (*path, key), value
        elif isinstance(value, dict) and depth < 3:
            yield from _records_in(value, (*path, key), depth + 1)


def _each(
    records: list[Record], outer: str, path: tuple[str, ...]
) -> Iterator[tuple[str, Record, Record | None]]:
    for record in records:
        inner: Any = record
        for key in path:
            inner = inner.get(key) if isinstance(inner, dict) else None
        several = [one for one in inner if isinstance(one, dict)] if isinstance(inner, list) else []
        own = {key: value for key, value in record.items() if key != path[0]}
        for one in several:
            yield outer, own, one
        if not several:
            yield outer, own, None


def _table(
    pairs: Iterator[tuple[str, Record, Record | None]], place: SourceLocation
) -> tuple[list[str], list[list[str]]]:
    at: dict[str, int] = {}
    rows: list[dict[int, str]] = []
    for whose, outer, inner in pairs:
        if len(rows) >= limits.ROWS:
            raise too_many_rows(place)
        row: dict[int, str] = {}
        alone = inner is None and whose == CHILD
        parts = [(_WHOSE_WORDS[whose], outer)]
        if inner is not None:
            parts.append((_WHOSE_WORDS[ADULT if whose == CHILD else CHILD], inner))
        for word, record in parts:
            for path, text in _cells(record, (), 0, place):
                if len(text) > limits.CELL_CHARACTERS:
                    raise cell_too_long(place)
                heading = _heading(word, path, alone=alone)
                index = at.setdefault(heading, len(at))
                if len(at) > limits.COLUMNS:
                    raise RollNotReadable(
                        f"The file has more than {limits.COLUMNS} different keys.",
                        "Export only the columns that docs/howto/import-a-roll.md names.",
                        place,
                    )
                row[index] = f"{row[index]}\n{text}" if row.get(index) and text else row.get(index) or text
        rows.append(row)
    return list(at), [[row.get(index, "").strip() for index in range(len(at))] for row in rows]


def _heading(word: str, path: tuple[str, ...], *, alone: bool) -> str:
    last = path[-1].casefold()
    kept = [
        key
        for at, key in enumerate(path)
        if at == len(path) - 1
        or key.casefold() not in _CONTAINERS
        or (key.casefold() == "relationship" and last in _SAY_NOTHING)
    ]
    if len(kept) > 1 and last in _SAY_NOTHING and parts_of(" ".join(kept)).what in ("", "-"):
        # "tutorGroup.code" is the tutor group.
        above = parts_of(" ".join(kept[:-1])).what not in ("", "-") or kept[-2].casefold() in _GROUPS
        kept = kept[:-1] if above else kept
    heading = " ".join(kept)
    whose = parts_of(heading).whose
    if (alone and whose) or whose == (ADULT if word == "contact" else CHILD):
        return heading
    return f"{word} {heading}"


def _cells(
    value: Any, path: tuple[str, ...], depth: int, place: SourceLocation
) -> Iterator[tuple[tuple[str, ...], str]]:
    if depth > _DEEPEST:
        raise RollNotReadable(
            f"The file is JSON with more than {_DEEPEST} levels in one record.",
            "Export students with their contacts, without timetables and marks.",
            place,
        )
    if isinstance(value, dict):
        if "date" in value and "timezone" in value:
            yield path, str(value["date"] or "")[:10]
            return
        for key, inner in value.items():
            yield from _cells(inner, (*path, str(key)), depth + 1, place)
    elif isinstance(value, list):
        yield from _of_list(value, path, depth, place)
    else:
        yield path, _text(value)


def _of_list(
    values: list[Any], path: tuple[str, ...], depth: int, place: SourceLocation
) -> Iterator[tuple[tuple[str, ...], str]]:
    """A list within a record: of emails with their kinds, or of addresses, where the first counts."""
    for at, value in enumerate(values[: limits.ROWS_OF_A_CHILD]):
        if isinstance(value, dict):
            texts = [
                text for _, text in _cells(value, (), depth + 1, place) if text and text not in ("true", "false")
            ]
            if any("@" in text or sum(map(str.isdigit, text)) > 8 for text in texts):
                yield path, " ".join(text if "@" in text or text[:1].isdigit() else f"({text})" for text in texts)
            elif at == 0:
                yield from _cells(value, path, depth + 1, place)
            else:
                yield (*path, "other", "note"), " ".join(texts)
        elif isinstance(value, list):
            yield from _cells(value, path, depth + 1, place)
        else:
            yield path, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
