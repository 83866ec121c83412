"""The accounts of late joiners: new children only, beside and never inside the account of a letter's first mailing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.accounting.coverage import Coverage, Outcome
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.mailings.queries.joining import all_joiners
from everyfamily.reports.queries import city_coverage


@dataclass(frozen=True, slots=True)
class JoinersAccount:
    """One mailing for late joiners. Exact, and only for the whole area: for the operator."""

    reference: str
    mailing_id: int
    begins: datetime
    state: str
    coverage: Coverage
    messages: int
    """That were handed to carriers in this mailing."""

    def as_json(self) -> dict[str, Any]:
        """Plain values. Outcomes add up to the children."""
        return {
            "reference": self.reference,
            "mailing": self.mailing_id,
            "begins": self.begins.isoformat(),
            "state": self.state,
            "children": self.coverage.children,
            "outcomes": {outcome.value: self.coverage.outcomes[outcome] for outcome in Outcome},
            "messages": self.messages,
        }

    def in_words(self) -> str:
        """One line."""
        began = day_in_words(self.begins.astimezone(LONDON).date())
        return (
            f"{self.reference}, {began}: {of(self.coverage.children, 'child')} who joined, "
            f"{self.coverage.outcomes[Outcome.REACHED]:,} reached; {of(self.messages, 'message')}; {self.state}."
        )


def joiners_accounts(now: datetime, mailings: Collection[int] | None = None) -> list[JoinersAccount]:
    """Every mailing for late joiners, or only these, oldest first. Raises SchoolNotYours for a page about one
    school."""
    return [
        _account(one.pk, one.letter.reference, one.opens_at, one.state, now)
        for one in all_joiners()
        if mailings is None or one.pk in mailings
    ]


def _account(mailing_id: int, reference: str, begins: datetime, state: str, now: datetime) -> JoinersAccount:
    city = city_coverage(mailing_id, now)
    messages = sum(sum(statuses.values()) for statuses in city.messages.values())
    return JoinersAccount(reference, mailing_id, begins, state, city.total, messages)
