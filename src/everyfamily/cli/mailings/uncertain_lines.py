"""What must still be decided about messages sent before a restore, for the person who opens a mailing."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.cli.console.shown import of
from everyfamily.mailings.actions.planning.opening import OpenMailing
from everyfamily.mailings.queries.uncertain import count_uncertain, uncertain_mailings


def lines_on_uncertain(reference: str, opened: OpenMailing) -> Iterator[str]:
    """A line for the mailing that is opened, and one for each older mailing in which somebody is uncertain."""
    if opened.uncertain:
        yield (
            f"The database was put back after {reference} was sealed, so it may have gone already at "
            f"{of(opened.uncertain, 'school')}. Nothing goes out there until you say what went: "
            f"everyfamily uncertain --reference {reference}"
        )
    for other, mailing_id in uncertain_mailings():
        if other != reference:
            rows = count_uncertain(mailing_id)
            yield (
                f"Of {other} nobody knows whether it went to {of(sum(row.uncertain for row in rows), 'adult')} at "
                f"{of(len(rows), 'school')}. Theirs waits: everyfamily uncertain --reference {other}"
            )
