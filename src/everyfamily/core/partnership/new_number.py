"""A line's new number, written into the text of the partnership's file: everything else in the file stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route, same_place
from everyfamily.core.partnership.versions import PartnershipFiles, partnership_of

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
    made = replace(files, text=_rewritten(files.text, wanted))
    _require_only(files, made, wanted)
    return made


def _rewritten(text: str, wanted: Route) -> str:
    lines = text.splitlines(keepends=True)
    end = next((at for at in range(wanted.line, len(lines)) if lines[at].startswith("[")), len(lines))
    values = {
        "number": json.dumps(wanted.number, ensure_ascii=False),
        "checked_on": str(wanted.checked_on),
        "checked_by": json.dumps(wanted.checked_by, ensure_ascii=False),
        "expires_on": str(wanted.expires_on),
        "hours_confirmed_on": str(wanted.hours_confirmed_on),
        "hours_confirmed_by": json.dumps(wanted.hours_confirmed_by, ensure_ascii=False),
    }
    written = [f"{name} = {value}\n" for name, value in values.items()]
    gone = re.compile(rf"\s*(?:{'|'.join((*values, 'dead_since'))})\s*=")
    kept = [line for line in lines[wanted.line : end] if not gone.match(line)]
    # After its first key, so that no array or comment of the next row is in between.
    return "".join([*lines[: wanted.line], *kept[:1], *written, *kept[1:], *lines[end:]])


def _require_only(before: PartnershipFiles, after: PartnershipFiles, wanted: Route) -> None:
    """Raise RowNotChanged unless the wanted row differs, and nothing else."""
    with suppress(EveryfamilyError):
        was, now = partnership_of(before), partnership_of(after)
        expected = tuple(wanted if one.id == wanted.id else one for one in was.routes)
        if (_without_lines(now.routes), now.openings) == (_without_lines(expected), was.openings):
            return
    raise RowNotChanged(
        "The row of this line in the settings is written in a way that this page cannot change.",
        "Download the settings, change the row, and give them back.",
    )


def _without_lines(routes: Iterable[Route]) -> list[Route]:
    return [replace(one, line=1) for one in routes]
