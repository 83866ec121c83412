"""What people said of a letter that is being written: approvals, reviews, waivers; and what waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.draft_states import DraftStanding, DraftState, state_of
from everyfamily.core.agreement.seals import Seal as CoreSeal
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.waiver_file import WaiverTable, waivers_text
from everyfamily.letters.draft_queries.drafts import DraftFacts, drafts
from everyfamily.letters.draft_queries.frozen import (
    FrozenFacts,
    Progress,
    artefacts_of,
    current_version,
    frozen,
    newest_versions,
    progress_of,
    record_of_frozen,
    settings_moved,
)
from everyfamily.letters.files.letter_zip import LetterFiles
from everyfamily.letters.models import (
    DraftWaiver,
    Frozen,
    LetterSeen,
    ReceivedApproval,
    Review,
    Seal,
    Sealing,
)

type ReviewKind = Literal["reviewed", "change asked"]


class FilesAreGone(EveryfamilyError):
    """A version was overtaken, and its files were deleted."""

    code = "EF623"


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """An approval as it came in."""

    signatory: str
    kind: str
    by: str
    account: int | None
    at: datetime
    approval: Approval


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """The newest word of one reviewer on these words."""

    kind: ReviewKind
    words: str
    by: str
    account: int | None
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WaiverFacts:
    """A warning that the partnership would accept in this letter."""

    id: int
    code: str
    passage: str
    language: str
    reason: str
    ends_on: date
    by: str
    account: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftInBrief:
    """A draft in the list of letters."""

    facts: DraftFacts
    state: DraftState
    version: FrozenFacts | None
    """The newest version that did not fail."""
    standing: DraftStanding


@dataclass(frozen=True, slots=True)
class HowFar:
    """How far one draft is, and what that was read from."""

    standing: DraftStanding
    version: FrozenFacts | None
    """The newest that did not fail."""
    approvals: tuple[ApprovalFacts, ...]
    """Of that version."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Who is waited for. Of the bodies, only their ids are known here; who acts for them is in the accounts."""

    signatories: tuple[str, ...]
    """Ids of signatories who have not approved the version that is frozen now."""
    reviewed: frozenset[int]
    """Accounts that have said that these words were reviewed."""
    asked_change: frozenset[int]
    """Accounts that ask for a change."""


def approvals_of(frozen_id: int) -> list[ApprovalFacts]:
    """The newest approval of each signatory, in the order in which they came."""
    return sorted((_approval(row) for row in _newest_approvals(frozen_id)), key=lambda one: one.at)


def said_of(frozen_id: int) -> tuple[list[ApprovalFacts], list[ReviewFacts]]:
    """The same and the newest word of each reviewer, in the order in which they spoke, in one read."""
    newest = Review.objects.filter(frozen_id=frozen_id).order_by("account", "by", "-id").distinct("account", "by")
    spoken = newest.values_list(Value("review"), "role", "kind", "by", "account", "at", JSONObject(words="words"))
    rows = sorted(_newest_approvals(frozen_id).union(spoken, all=True), key=lambda row: row[5])
    return (
        [_approval(row) for row in rows if row[0] == "approval"],
        [
            ReviewFacts(kind, row["words"], by, account, role, at)
            for what, role, kind, by, account, at, row in rows
            if what == "review"
        ],
    )


def _newest_approvals(frozen_id: int) -> QuerySet[ReceivedApproval, Any]:
    newest = ReceivedApproval.objects.filter(frozen_id=frozen_id).order_by("signatory", "-id")
    return newest.distinct("signatory").values_list(
        Value("approval"), "signatory", "kind", "by", "account", "at", "json"
    )


def _approval(row: tuple[Any, ...]) -> ApprovalFacts:
    _, signatory, kind, by, account, at, given = row
    return ApprovalFacts(signatory, kind, by, account, at, Approval.from_row(given))


def waivers_of_draft(draft_id: int) -> list[WaiverFacts]:
    """The waivers that somebody proposed and nobody ended."""
    rows = DraftWaiver.objects.filter(draft_id=draft_id, ended_at=None).order_by("code", "passage", "language")
    return [WaiverFacts(*row) for row in rows.values_list(*WaiverFacts.__slots__)]


def waivers_file(waivers: Sequence[WaiverFacts], signatories: tuple[str, ...]) -> str:
    """A draft's file of waivers (TOML), "" if there are none. The signatories agree to them by approving the letter."""
    return waivers_text(
        [
            WaiverTable(
                code=one.code,
                passage=one.passage,
                reason=one.reason,
                agreed_by=signatories,
                ends_on=one.ends_on,
                language=one.language or None,
            )
            for one in waivers
        ]
    )


def how_far(draft: DraftFacts, *, needs_review: bool, settings: str = "") -> HowFar:
    """How far a draft is. `needs_review`: there is somebody whose role is reviewer. `settings`: as `settings_moved` has
    it."""
    version = current_version(draft.id)
    if version is None:
        return HowFar(_standing(draft, None, frozenset(), (), needs_review=needs_review), None, ())
    approvals, reviews = said_of(version.id)
    approved = frozenset(one.signatory for one in approvals)
    kinds = [one.kind for one in reviews]
    standing = _standing(draft, version, approved, kinds, needs_review=needs_review)
    can_move = version.is_done and not standing.is_overtaken and not standing.is_sealed
    if can_move and settings_moved(version, settings):
        standing = replace(standing, is_overtaken=True)
    return HowFar(standing, version, tuple(approvals))


def _standing(
    draft: DraftFacts,
    version: FrozenFacts | None,
    approved: frozenset[str],
    reviews: Sequence[str],
    *,
    needs_review: bool,
) -> DraftStanding:
    return DraftStanding(
        is_frozen=version is not None and version.is_done,
        is_overtaken=version is not None and version.overtaken_at is not None,
        required=frozenset(who for who, _ in version.required) if version is not None else frozenset(),
        approved=approved,
        needs_review=needs_review,
        is_reviewed="reviewed" in reviews,
        change_is_asked="change asked" in reviews,
        is_sealed=draft.is_sealed,
        is_ended=draft.ended_at is not None,
    )


def drafts_in_brief(*, needs_review: bool = False) -> list[DraftInBrief]:
    """Every draft with its state, newest first, in as many queries however many there are.

    Settings that moved since are seen once a worker noticed (`overtake_by_settings`).
    """
    every, versions = drafts(), newest_versions()
    ids = [one.id for one in versions.values()]
    approved: dict[int, set[str]] = {}
    for frozen_id, who in ReceivedApproval.objects.filter(frozen_id__in=ids).values_list(
        "frozen_id", "signatory"
    ):
        approved.setdefault(frozen_id, set()).add(who)
    reviews: dict[int, list[str]] = {}
    newest = Review.objects.filter(frozen_id__in=ids).order_by("frozen_id", "account", "by", "-id")
    for frozen_id, kind in newest.distinct("frozen_id", "account", "by").values_list("frozen_id", "kind"):
        reviews.setdefault(frozen_id, []).append(kind)
    found = []
    for one in every:
        version = versions.get(one.id)
        key = version.id if version is not None else 0
        standing = _standing(
            one,
            version,
            frozenset(approved.get(key, ())),
            reviews.get(key, []),
            needs_review=needs_review,
        )
        found.append(DraftInBrief(one, state_of(standing), version, standing))
    return found


def who_waits(version: FrozenFacts) -> Waits:
    """Who has not spoken yet about a version, and who has."""
    approvals, reviews = said_of(version.id)
    approved = {one.signatory for one in approvals}
    return Waits(
        tuple(who for who, _ in version.required if who not in approved),
        frozenset(one.account for one in reviews if one.account is not None and one.kind == "reviewed"),
        frozenset(one.account for one in reviews if one.account is not None and one.kind == "change asked"),
    )


def told_when_overtaken(frozen_id: int) -> frozenset[int]:
    """The accounts that must hear that a version is overtaken: who asked, approved, reviewed or asked for a change."""
    asked = Frozen.objects.filter(pk=frozen_id).values_list("asked_account", flat=True)
    approved = ReceivedApproval.objects.filter(frozen_id=frozen_id).values_list("account", flat=True)
    reviewed = Review.objects.filter(frozen_id=frozen_id).values_list("account", flat=True)
    return frozenset(one for rows in (asked, approved, reviewed) for one in rows if one is not None)


def overtaken_since(since: datetime) -> list[FrozenFacts]:
    """Versions that were overtaken after `since`, oldest first."""
    ids = Frozen.objects.filter(overtaken_at__gt=since).order_by("overtaken_at").values_list("id", flat=True)
    return [one for one in map(frozen, ids) if one is not None]


def last_seen(account: int, draft_id: int, *, before: int | None = None) -> int | None:
    """The frozen version that an account looked at last, or the one before the version `before`. None: none yet."""
    rows = LetterSeen.objects.filter(account=account, draft_id=draft_id, frozen__isnull=False)
    if before is not None:
        rows = rows.exclude(frozen_id=before)
    return rows.order_by("-frozen_id").values_list("frozen_id", flat=True).first()


def sealing_of(frozen_id: int) -> Progress | None:
    """The newest asking for a version to be sealed. None if nobody has asked."""
    row = Sealing.objects.filter(frozen_id=frozen_id).order_by("-id").first()
    return None if row is None else progress_of(row)


def folder_of(version: FrozenFacts) -> LetterFiles:
    """Everything that travels with a frozen version, as its folder has it: record, files, approvals, and its seal if it
    has one. Raises LookupError if it is not frozen, and FilesAreGone."""
    artefacts = artefacts_of(version.id)
    if version.overtaken_at is not None and not artefacts:
        raise FilesAreGone(
            "The files of this version are deleted, because other words took its place.",
            "Send the letter for approval again, and take the folder of the new version.",
        )
    published = Seal.objects.filter(digest=version.digest).values_list("published", flat=True).first()
    return LetterFiles(
        record_of_frozen(version.id),
        artefacts,
        tuple(one.approval for one in approvals_of(version.id)),
        CoreSeal.from_json(published) if published is not None else None,
    )
