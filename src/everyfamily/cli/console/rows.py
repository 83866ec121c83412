"""What commands about a school's people share."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

import click


def school_id_of(urn: int) -> int:
    """The id of the school's row, by a URN that it has or had. Raises SchoolNotKnown."""
    from everyfamily.people.queries import school_by_urn

    return school_by_urn(urn).id


def as_json_rows(rows: Sequence[object], as_json: bool) -> bool:
    """Print dataclasses as one JSON value if that was asked for. Returns whether it was."""
    if as_json:
        click.echo(json.dumps([_plain(asdict(row)) for row in rows], ensure_ascii=False))  # type: ignore[call-overload]
    return as_json


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: one.isoformat() if isinstance(one, date) else one for name, one in row.items()}
