"""A line's new number, written into the text of the partnership's file: everything else in the file stays as it is."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.file_edits import edited, put, row_of
from everyfamily.core.partnership.routes import Route, same_place
from everyfamily.core.partnership.versions import PartnershipFiles, partnership_of
from everyfamily.core.partnership.whose_line import fault_of_row, line_of

_NUMBER = re.compile(r"\+?[0-9][0-9 ]{1,18}[0-9]")
_COUNTS_FOR = timedelta(days=30)


class NumberNotUsable(EveryfamilyError):
    """What was given is no number, or is the number that the line has."""

    code: ClassVar[str] = "EF379"


class RowNotChanged(EveryfamilyError):
    """The line's row in the file cannot be changed without changing anything else."""

    code: ClassVar[str] = "EF372"


def with_new_number(
    files: PartnershipFiles, route: Route, number: str, *, day: date, by: str
) -> PartnershipFiles:
    """The files with this number for the route, which `by` rang on `day` and asked for its hours.

    `route` is the row as the files have it. Raises NumberNotUsable and RowNotChanged.
    """
    if not _NUMBER.fullmatch(number) or same_place(number, route.place):
        raise NumberNotUsable(
            "Give the new number, as the letter should print it.", "For example: 0151 496 0125."
        )
    counts_for = _COUNTS_FOR
    if route.checked_on is not None and route.expires_on is not None:
        counts_for = route.expires_on - route.checked_on
    wanted = replace(
        route,
        number=number,
        checked_on=day,
        checked_by=by,
        expires_on=day + counts_for,
        dead_since=None,
        hours_confirmed_on=day,
        hours_confirmed_by=by,
    )
    if fault := fault_of_row(replace(wanted, belongs_to=route.belongs_to or _line_id(route))):
        raise NumberNotUsable(fault[1], fault[2])
    text = edited(
        files.text, lambda file: _write(row_of(file["routes"], route.id), wanted), partial(_kept, route.id)
    )
    with suppress(EveryfamilyError):
        made = replace(files, text=text or "")
        if text is not None and replace(partnership_of(made).route(route.id), line=1) == replace(wanted, line=1):
            return made
    raise RowNotChanged(
        "The row of this line in the settings is written in a way that this page cannot change.",
        "Download the settings, change the row, and give them back.",
    )


def _line_id(route: Route) -> str | None:
    line = line_of(route)
    return None if line is None else line.id


_OF_ROW = (
    "number",
    "checked_on",
    "checked_by",
    "expires_on",
    "hours_confirmed_on",
    "hours_confirmed_by",
    "dead_since",
)


def _write(row: Any, wanted: Route) -> None:
    for name in _OF_ROW:
        put(row, name, getattr(wanted, name))


def _kept(route_id: str, file: dict[str, Any]) -> object:
    """All but those values of that row."""
    rows = [
        {name: one for name, one in row.items() if row["id"] != route_id or name not in _OF_ROW}
        for row in file.pop("routes")
    ]
    return file, rows
