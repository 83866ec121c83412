"""The tables of a OneRoster zip file: what the manifest says about it, and the rows of the CSV files that we need."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.zips import check_zip, read_entry
from everyfamily.core.rolls.closing.words_beside import unread_that_may_close
from everyfamily.core.rolls.model.roll_rows import RollNotReadable

MOST_ROWS = 500_000
"""Users in one package, because a trust may send all its schools in one."""
_NEEDED = {
    "users": ("sourcedid", "givenname", "familyname"),
    "roles": ("usersourcedid", "role", "orgsourcedid"),
    "orgs": ("sourcedid", "type"),
}
"""Columns that a table needs to be used. Any other counts as blank if it is missing."""
_KEPT = {
    "users": frozenset(
        {
            *("sourcedid", "status", "orgsourcedids", "role", "givenname", "familyname", "identifier"),
            *("email", "sms", "phone", "agentsourcedids", "grades", "primaryorgsourcedid"),
        }
    ),
    "roles": frozenset({"status", "usersourcedid", "role", "orgsourcedid"}),
    "orgs": frozenset({"sourcedid", "status", "type", "identifier", "parentsourcedid"}),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with the number that a spreadsheet shows. Names of columns are in lower case."""

    number: int
    cells: dict[str, str]
    is_whole: bool
    """It has all of the header's cells."""
    unread: tuple[str, ...] = ()
    """Cells of a user's row that no column of ours has, and that may contain words that close."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Package:
    """What a OneRoster zip file says about a school's people."""

    file: str
    format: str
    is_whole: bool
    """All the people, not only changes."""
    is_changes: bool
    """It says of itself that it has only changes."""
    users: list[Row]
    roles: list[Row] | None
    """None in 1.1, where a user's row gives the role."""
    orgs: list[Row]


def listed(cell: str) -> list[str]:
    """A cell that contains ids separated by commas."""
    return [part for one in cell.split(",") if (part := one.strip())]


def is_oneroster(archive: zipfile.ZipFile) -> bool:
    """Whether the zip file is a OneRoster package, by its entries."""
    return _entry(archive, "users") is not None


def open_package(data: bytes, file: str) -> Package:
    """Read the tables of a zip file. Raises ZipRefused, or RollNotReadable if it is not a package with users."""
    with check_zip(data, file) as archive:
        said = _manifest(archive, file)
        if said.get("file.users") == "absent" or not is_oneroster(archive):
            raise RollNotReadable(
                "The zip file has no users of OneRoster (users.csv).",
                "Export it again with users.",
                SourceLocation(file),
            )
        users = _rows(archive, "users", file)
        by_row = not users or any(row["role"] for row in users)
        roles = None if by_row else _rows(archive, "roles", file)
        modes = {said.get("file.users"), None if by_row else said.get("file.roles")}
        version = said.get("oneroster.version", "")
        if not re.fullmatch(r"1\.[0-9]", version):
            version = "1.1" if by_row else "1.2"
        # If a manifest does not say "bulk", it does not say that anybody missing has left.
        return Package(
            file,
            f"OneRoster {version}",
            modes <= {"bulk", None} and "bulk" in modes,
            "delta" in modes,
            users,
            roles,
            _orgs(archive, file),
        )


def _orgs(archive: zipfile.ZipFile, file: str) -> list[Row]:
    return _rows(archive, "orgs", file) if _entry(archive, "orgs") else []


def _manifest(archive: zipfile.ZipFile, file: str) -> dict[str, str]:
    name = _entry(archive, "manifest")
    if name is None:
        return {}
    rows = [cells for _, cells in _cells(archive, name, file)]
    return {cells[0].strip().lower(): cells[1].strip().lower() for cells in rows if len(cells) > 1}


def _entry(archive: zipfile.ZipFile, table: str) -> str | None:
    """The table's entry: at the top, or in the one folder that was zipped."""
    names = [name for name in archive.namelist() if name.rpartition("/")[2].lower() == f"{table}.csv"]
    return min(names, key=lambda name: name.count("/"), default=None)


def _rows(archive: zipfile.ZipFile, table: str, file: str) -> list[Row]:
    name = _entry(archive, table)
    if name is None:
        raise RollNotReadable(
            f"The zip file has no {table}.csv.", "Export the whole package again.", SourceLocation(file)
        )
    cells = _cells(archive, name, file)
    _, header = next(cells, (1, []))
    names = [heading.strip().lower() for heading in header]
    if missing := [column for column in _NEEDED[table] if column not in names]:
        raise RollNotReadable(
            f"{table}.csv has no column {' and no column '.join(missing)}.",
            "Export the package again as OneRoster 1.1 or 1.2.",
            SourceLocation(f"{file}/{name}"),
        )
    # The first of two columns with the same name counts.
    places = {column: names.index(column) for column in _KEPT[table] if column in names}
    read = set(places.values())
    found: list[Row] = []
    for number, values in cells:
        if len(found) >= MOST_ROWS:
            raise RollNotReadable(
                f"{table}.csv has more than {MOST_ROWS:,} rows.",
                "Export fewer schools at once.",
                SourceLocation(f"{file}/{name}"),
            )
        if any(value.strip() for value in values):
            kept = {
                column: values[at].strip() for column, at in places.items() if at < len(values) and values[at]
            }
            unread = (value for at, value in enumerate(values) if at not in read) if table == "users" else ()
            found.append(Row(number, kept, len(values) == len(names), unread_that_may_close(unread)))
    return found


def _cells(archive: zipfile.ZipFile, name: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a table with their numbers: the header is row 1."""
    place = f"{file}/{name}"
    reader = csv.reader(io.StringIO(_text(read_entry(archive, name), place), newline=""), strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as problem:
        raise RollNotReadable(
            "The table has a quotation mark that is never closed, or a cell of more than 131,072 characters.",
            "Export the package again and do not edit it by hand.",
            SourceLocation(place, reader.line_num or 1),
        ) from problem


def _text(data: bytes, place: str) -> str:
    if b"\0" in data:
        raise RollNotReadable("The table has NUL characters.", "Export the package again.", SourceLocation(place))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise RollNotReadable(
            "The table is not UTF-8 and not Windows (cp1252) text.",
            "Export the package again.",
            SourceLocation(place, line),
        ) from problem
