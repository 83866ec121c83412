"""A city that several tests begin with is made once in a test process. The others get it back as it was: rows, numbers
of rows to come, and outbox. To make one took a third of a second, and to put it back takes a twentieth of that."""

from __future__ import annotations

import stat
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.factories.city import City
from tests.factories.the_server import superuser

_MOST = 12
"""Cities kept: each has the files of a letter, about two megabytes."""
_kept: dict[Hashable, _Kept] = {}
CLOCK = "mailings_simulatedclock"
"""May be set before."""


@dataclass(frozen=True)
class _Kept:
    rows: dict[str, bytes]
    """Table -> its rows, as PostgreSQL copies them."""
    numbers: list[tuple[str, int]]
    """Sequence -> the last number that it gave."""
    outbox: list[tuple[Path, int, bytes | None]]
    """Path in the test's folder, rights, and content: of a folder none."""
    schools: dict[int, int]
    mailing: int
    returned: Any


def filled[*Words, Made](city: City, make: Callable[[City, *Words], Made], *words: *Words) -> Made:
    """Fill an empty city by `make(city, *words)`, or put back what that made before; returns what it returned, which
    must be plain values.

    Nothing but rows, numbers and the outbox is put back: sign people in afterwards.
    """
    from everyfamily.mailings.installation.carriers import close_carriers

    key = (make, *words)
    if key not in _kept:
        assert set(_tables_with_rows()) <= {CLOCK}, "a city is kept only if nothing was there before it"
        made = make(city, *words)
        # As in a process that begins with what is there.
        close_carriers()
        while len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept)))
        _kept[key] = _taken(city, made)
        return made
    kept = _kept[key]
    _put_back(city, kept)
    return kept.returned  # type: ignore[no-any-return]


def kept_city(make: Callable[[City], None]) -> Any:
    """The fixture of its name: a city that `make` filled."""

    def kept(city: City) -> City:
        filled(city, make)
        return city

    kept.__doc__ = make.__doc__
    return pytest.fixture(kept, name=make.__name__)


def _taken(city: City, made: Any) -> _Kept:
    numbers = (
        superuser()
        .execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences "
            "WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )
        .fetchall()
    )
    rows = {}
    for table in _tables_with_rows():
        with superuser().cursor().copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy:
            rows[table] = b"".join(bytes(piece) for piece in copy)
    outbox = [
        (
            path.relative_to(city.folder),
            stat.S_IMODE(path.stat().st_mode),
            None if path.is_dir() else path.read_bytes(),
        )
        for path in sorted([city.folder / "outbox", *(city.folder / "outbox").rglob("*")])
        if path.exists()
    ]
    return _Kept(rows, numbers, outbox, dict(city.schools), city.mailing, made)


def _put_back(city: City, kept: _Kept) -> None:
    with superuser().transaction(), superuser().cursor() as cursor:
        # No trigger: they ran when the rows were written first.
        cursor.execute(f"SET LOCAL session_replication_role = replica; DELETE FROM {CLOCK}")
        for table, rows in kept.rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                copy.write(rows)
        cursor.execute(
            "SELECT setval(name::regclass, last) FROM unnest(%s::text[], %s::bigint[]) AS s (name, last)",
            [[name for name, _ in kept.numbers], [last for _, last in kept.numbers]],
        )
    for name, rights, content in kept.outbox:
        path = city.folder / name
        if content is None:
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(content)
        path.chmod(rights)
    city.schools.update(kept.schools)
    city.mailing = kept.mailing


def _tables_with_rows() -> list[str]:
    tables = (
        superuser()
        .execute(
            "SELECT quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'django_migrations' "
            "AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0"
        )
        .fetchall()
    )
    if not tables:
        return []
    each = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for (table,) in tables)
    return [name for (name,) in superuser().execute(each).fetchall()]
