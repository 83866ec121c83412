"""Children who are not known to us, for the operator: the exact sum, and schools as the partnership sees them."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.not_known import AWAITED, not_known_sum
from everyfamily.core.accounting.published import NotKnownLine, NotKnownToUs
from everyfamily.reports import not_known
from everyfamily.reports.queries import CityCoverage


def missing_sentence(city: CityCoverage) -> str:
    """The exact sum, as the operator may see it."""
    schools = (*city.schools, *city.outside)
    if not any(school.official for school in schools):
        return "Not known to us: no official list here says how many children the schools have."
    missing = not_known_sum(schools)
    listed = sum(school.official.children for school in schools if school.official)
    words = f"Beside them, not known to us: {missing:,} of {listed:,} children on the official lists."
    awaited = not_known_sum(school for school in city.schools if school.state in AWAITED)
    return f"{words} {awaited:,} of these count as not reached: nothing has come in." if awaited else words


def fill_missing_table(table: Table, found: NotKnownToUs) -> Table:
    """Fill an empty table with the schools as the partnership sees them, and the children educated at home."""
    table.add_column("Not known to us", ratio=1)
    table.add_column("Children", justify="right", no_wrap=True)
    table.add_column("On the list", justify="right", no_wrap=True)
    table.add_column("Which list", ratio=1)
    table.add_column("Whom to ring", ratio=1)
    for row in not_known.missing_rows(found):
        words = (row.name, row.missing, row.listed, row.source, row.ring)
        # Some terminals have no typeset apostrophe.
        table.add_row(*(Text(word.replace("’", "'")) for word in words))
    return table


def missing_json(city: CityCoverage) -> dict[str, Any]:
    """Children not known to us: the exact sum, and schools as the partnership sees them. Nothing for a correction."""
    found = disclose(city).not_known_to_us
    if found is None:
        return {}
    return {
        "not_known_to_us": {
            "children": not_known_sum((*city.schools, *city.outside)) if found.listed else None,
            "counted_as_not_reached": found.awaited,
            "listed": found.listed,
            "at_home": [_missing_line(line) for line in found.at_home],
            "schools": [_missing_line(line) for line in found.schools],
            "perhaps": found.perhaps,
            "without_list": found.without_list,
        }
    }


def _missing_line(line: NotKnownLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "kind": line.kind,
        "listed": line.listed,
        "as_of": line.as_of.isoformat() if line.as_of else None,
        "source": line.source,
        "from": line.fewest,
        "to": line.most,
        "why": line.why,
        "ring": not_known.ring(line),
    }
