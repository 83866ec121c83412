"""Who has approved or reviewed which words, as the page of a letter says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from everyfamily.core.agreement.approvals import RequiredSignatory, key_of
from everyfamily.core.agreement.enrolment import EnrolledKey
from everyfamily.core.desk.words import since_words
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.letters.draft_queries.agreeing import ApprovalFacts, ReviewFacts
from everyfamily.staff.agreeing.opened import Asked

_REVIEWED: Final[Mapping[str, str]] = {
    "reviewed": "Reviewed these words",
    "change asked": "Asks for a change",
}


NO_LABELS: Final[Mapping[ApprovalKey, str]] = {}


@dataclass(frozen=True, slots=True)
class Said:
    """What one body, or one reviewer, said of the words."""

    organisation: str
    name: str
    said: str
    good: bool
    when: str = ""
    how: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class KeyNews:
    """A key that was made or ended lately."""

    organisation: str
    words: str
    fingerprint: str


def bodies_said(asked: Asked, keys: Iterable[EnrolledKey], today: date) -> Iterator[Said]:
    """One for each who must approve."""
    labels = {one.key: one.key.label for one in keys}
    by = {one.signatory: one for one in asked.approvals}
    for who in asked.required:
        name = f"{who.name}, {who.title}"
        found = by.get(who.id)
        if found is None:
            yield Said(who.organisation, name, "Has not approved yet", good=False)
        elif asked.is_overtaken:
            yield Said(who.organisation, name, "Void: the words changed", good=False, when=_when(found.at, today))
        else:
            how = how_signed(found, who, labels)
            yield Said(who.organisation, name, "Approved these words", True, _when(found.at, today), how)


def reviewers_said(reviews: Iterable[ReviewFacts], today: date, *, needs_review: bool) -> Iterator[Said]:
    """One for each reviewer who spoke; or that nobody has, where somebody should."""
    found = [
        Said("Review", one.by, _REVIEWED[one.kind], one.kind == "reviewed", _when(one.at, today), words=one.words)
        for one in reviews
    ]
    yield from found
    if needs_review and not any(one.good for one in found):
        yield Said("Review", "", "No reviewer has read them yet", good=False)


def key_news(keys: Iterable[EnrolledKey], organisations: Mapping[str, str], now: datetime) -> Iterator[KeyNews]:
    """What happened to keys in the last 90 days, the newest first."""
    for key in keys:
        if not key.is_news(now):
            continue
        words = f"passkey “{key.key.label}” of {key.made_by} was made on {_day(key.made_at)}."
        if key.confirmed_at is not None:
            words += f" {key.confirmed_by} compared its fingerprint by phone on {_day(key.confirmed_at)}."
        else:
            words += " Nobody has confirmed it."
        if key.ended_at is not None:
            words += f" {key.ended_by} ended it on {_day(key.ended_at)}."
        yield KeyNews(organisations.get(key.signatory, key.signatory), words, key.key.fingerprint)


def how_signed(
    found: ApprovalFacts, who: RequiredSignatory, labels: Mapping[ApprovalKey, str] = NO_LABELS
) -> str:
    """With which key an approval was signed, as a sentence. `labels` are what their owners call them."""
    key = key_of(found.approval, who.keys)
    if key is None:
        return "Its signature does not fit, so it does not count."
    if not key.is_passkey:
        return "With a key file."
    return f"With the passkey “{labels[key]}”." if labels.get(key) else "With a passkey."


def _when(at: datetime, today: date) -> str:
    return since_words(at, today)


def _day(at: datetime) -> str:
    return f"{at:%-d %B %Y}"
