"""The last approved version of the letter before this one: the next approver must see what has changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from everyfamily.core.agreement.approvals import Approval, good_approvals
from everyfamily.core.agreement.seals import digest_of, required_signatories
from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.files.folder import read_approvals, read_record

_MOST = 60
"""How many folders next to the letter's are searched."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier version and its last valid approval. `approval` is None if nobody approved it."""

    folder: Path
    record: Mapping[str, Any]
    approval: Approval | None


def earlier_version(folder: Path, record: Mapping[str, Any], signatory: str) -> Earlier | None:
    """The version next to this letter's folder that `signatory` approved last, or else the one that anybody did.

    It has the same topic and a valid approval by one of its own signatories. A folder that cannot be read is skipped.
    """
    digest, topic = digest_of(record), record["letter"]["topic"]
    beside = sorted(one for one in folder.resolve().parent.iterdir() if (one / "record.json").is_file())
    found = [
        one
        for other in beside[:_MOST]
        if other != folder.resolve()
        for one in _approved(other, signatory)
        if one.record["letter"]["topic"] == topic and digest_of(one.record) != digest
    ]
    return max(found, key=lambda one: _order(one, signatory), default=None)


def version_in(folder: Path, signatory: str) -> Earlier:
    """The version in a folder that somebody names. Raises LetterFolderNotReadable."""
    record = read_record(folder)
    return next(_approved(folder, signatory), Earlier(folder, record, None))


def _approved(folder: Path, signatory: str) -> Iterator[Earlier]:
    try:
        record = read_record(folder)
        good = good_approvals(digest_of(record), read_approvals(folder), required_signatories(record))
        topic = record["letter"]["topic"]
    except (EveryfamilyError, KeyError, TypeError, ValueError):
        return
    if good and isinstance(topic, str):
        last = max(good.values(), key=lambda one: (one.signatory == signatory, one.approved_at))
        yield Earlier(folder, record, last)


def _order(one: Earlier, signatory: str) -> tuple[bool, str]:
    assert one.approval is not None
    return one.approval.signatory == signatory, one.approval.approved_at
