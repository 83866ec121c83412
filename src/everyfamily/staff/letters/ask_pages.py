"""What the page says before a letter is sent for approval, while its words are frozen, and after that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from everyfamily.checks.model.finding import Severity
from everyfamily.core.agreement.draft_states import DraftState
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words
from everyfamily.core.text.languages import english_name
from everyfamily.core.text.name_lists import joined_names
from everyfamily.core.work import WorkState
from everyfamily.letters.draft_queries.agreeing import waivers_of_draft
from everyfamily.letters.draft_queries.frozen import FrozenFacts, files_of
from everyfamily.staff.letters.findings import find
from everyfamily.staff.letters.opened import Opened
from everyfamily.staff.letters.preview_pages import MEDIA
from everyfamily.staff.letters.standing import Standing, kept_in_words, standing_of, waivers_of
from everyfamily.staff.letters.words import LOOKS, STATES, at_in_words

WATCHED = timedelta(minutes=10)
"""A page is asked for again by itself for so long after somebody asked: it must not keep a session open all day."""
OVERTAKEN = {
    "words": "somebody changed its words",
    "waivers": "what is to be kept changed",
    "date": "it has another date",
    "pack": "it is on a newer pack",
    "settings": "the settings changed",
    "translation": "somebody read a translation",
    "asked again": "somebody asked again",
    "ended": "it was given up",
}


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who must approve, and whether they have."""

    organisation: str
    name: str
    title: str
    accounts: str
    """The people who can approve for the body here. Empty: nobody, so only by file."""
    approved: str
    """When, or ""."""


def _named(names: list[str]) -> str:
    return joined_names(names) if names else ""


def is_freezing(version: FrozenFacts | None) -> bool:
    """Whether a worker has it in hand, or will have."""
    return version is not None and version.progress.state in (WorkState.WAITING, WorkState.WORKING)


def ask_values(opened: Opened, now: datetime) -> dict[str, Any]:
    """The page in each of its states."""
    standing, proposed = standing_of(opened), waivers_of_draft(opened.draft.id)
    version = standing.version
    found = find(opened, waivers_of(opened, proposed))
    stops = [one for one in found.report.findings if one.severity is not Severity.ADVICE]
    return {
        "here": "letters",
        "draft": opened.draft,
        "letter": opened.letter,
        "state": STATES[standing.state],
        "look": LOOKS[standing.state],
        "stops": len(stops),
        "advice": len(found.report.findings) - len(stops),
        "waivers": [(kept_in_words(opened, one), one.reason) for one in proposed],
        "dated": day_in_words(opened.draft.dated),
        "goes_out": [
            (key, name)
            for key, name in MEDIA.items()
            if key not in ("newsletter", "briefing", "press") or getattr(opened.letter.english, key) is not None
        ],
        "small_sets": _named([english_name(tag) for tag in opened.letter.short]),
        "signers": _signers(opened, standing),
        "reviewers": _named(list(standing.reviewers)),
        "one_reviewer": len(standing.reviewers) == 1,
        "version": version,
        "is_freezing": is_freezing(version),
        "is_late": is_freezing(version)
        and version is not None
        and version.progress.done == 0
        and now - version.progress.asked_at > timedelta(minutes=1),
        "failed": _failed(version),
        "overtaken": OVERTAKEN.get(version.overtaken_why, "") if version is not None else "",
        "is_sent": standing.state in (DraftState.ASKED, DraftState.APPROVED),
        "fingerprint": fingerprint(version.digest) if version is not None and version.digest else "",
        "asked_at": at_in_words(version.progress.asked_at, now) if version is not None else "",
        "asked_by": version.progress.asked_by if version is not None else "",
        "files": of(len(files_of(version.id)), "file") if version is not None and version.is_done else "",
        "page_at": at_in_words(now, now),
        "may_ask": not stops and opened.draft.ended_at is None,
    }


def _failed(version: FrozenFacts | None) -> FrozenFacts | None:
    return version if version is not None and version.progress.state is WorkState.FAILED else None


def _signers(opened: Opened, standing: Standing) -> list[Signer]:
    """Everybody who must approve, from the settings, with what came in for the version that is frozen."""
    came = {one.signatory: one.at for one in standing.approvals} if standing.facts.is_frozen else {}
    return [
        Signer(
            one.organisation,
            one.name,
            one.title,
            _named(standing.acting.get(one.id, [])),
            day_in_words(came[one.id].date()) if one.id in came and not standing.facts.is_overtaken else "",
        )
        for one in opened.partnership.signatories
    ]
