"""A letter that was sent for approval, opened for a page: its frozen versions, and what people said of the newest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404

from everyfamily.core.agreement.approvals import Approval, RequiredSignatory, key_of
from everyfamily.core.agreement.seals import required_signatories
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.draft_queries.agreeing import ApprovalFacts, ReviewFacts, said_of
from everyfamily.letters.draft_queries.drafts import DraftFacts, draft_by_reference
from everyfamily.letters.draft_queries.frozen import (
    FrozenFacts,
    frozen_versions,
    record_of_frozen,
    settings_moved,
)
from everyfamily.letters.files.record import letter_of


@dataclass(frozen=True)
class Asked:
    """The newest version of a letter whose words are frozen."""

    draft: DraftFacts
    version: FrozenFacts
    older: tuple[FrozenFacts, ...]
    """Versions that were frozen before it, the newest first."""
    record: dict[str, Any]
    approvals: tuple[ApprovalFacts, ...]
    reviews: tuple[ReviewFacts, ...]
    is_overtaken: bool
    """It is not sealed, and has other words now, or the settings would make another one."""

    @cached_property
    def letter(self) -> Letter:
        """As it is frozen."""
        return letter_of(self.record)

    @cached_property
    def required(self) -> tuple[RequiredSignatory, ...]:
        """Everybody who must approve it."""
        return required_signatories(self.record)

    def key_of(self, approval: Approval) -> ApprovalKey | None:
        """The key among those of its signatory that made an approval. None if none did."""
        who = next((one for one in self.required if one.id == approval.signatory), None)
        return key_of(approval, who.keys) if who is not None else None

    @property
    def moment(self) -> str:
        """What an approval is of, for moments.py."""
        return f"version {self.version.id}"

    @property
    def approved(self) -> frozenset[str]:
        """Ids of those who have."""
        return frozenset(one.signatory for one in self.approvals)


def known(reference: str) -> DraftFacts:
    """The draft of a reference in an address. Raises Http404."""
    found = draft_by_reference(reference)
    if found is None:
        raise Http404
    return found


def asked_for(draft: DraftFacts, number: int | None = None) -> Asked | None:
    """The newest frozen version of a draft, or the one with this number. None if there is none."""
    every = [one for one in frozen_versions(draft.id) if one.is_done]
    version = every[0] if every and number is None else next((one for one in every if one.number == number), None)
    if version is None:
        return None
    approvals, reviews = said_of(version.id)
    return Asked(
        draft,
        version,
        tuple(one for one in every if one.number < version.number),
        record_of_frozen(version.id),
        tuple(approvals),
        tuple(reviews),
        # What is sealed was approved as it is, whatever the settings say since then.
        not draft.is_sealed and (version.overtaken_at is not None or settings_moved(version)),
    )


def version_of(reference: str, number: int) -> FrozenFacts:
    """One frozen version, without its record. Raises Http404."""
    draft = known(reference)
    found = next((one for one in frozen_versions(draft.id) if one.number == number and one.is_done), None)
    if found is None:
        raise Http404
    return found
