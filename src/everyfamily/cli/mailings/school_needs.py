"""What schools in a mailing still need, as a plan shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from everyfamily.cli.console.shown import of
from everyfamily.cli.hints import in_words
from everyfamily.mailings.queries.opening import Need, SchoolNeeds


def needs_as_json(needs: Sequence[SchoolNeeds]) -> list[dict[str, Any]]:
    """Every school in the mailing, by URN, with what it needs. If `wave` is None, it sends the letter itself."""
    return [
        {"urn": one.urn, "name": one.name, "wave": one.wave, "needs": [need.value for need in one.needs]}
        for one in needs
    ]


def needs_as_lines(needs: Sequence[SchoolNeeds]) -> Iterator[str]:
    """For each need, what it means and which schools have it."""
    for need in Need:
        having = [one for one in needs if need in one.needs]
        if not having:
            continue
        yield f"{in_words(need.step)}: {of(len(having), 'school')}."
        for one in having:
            yield f"  {one.urn} {one.name}" + (f", wave {one.wave}" if one.wave is not None else "")
