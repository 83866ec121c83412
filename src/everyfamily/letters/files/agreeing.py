"""How a letter is made, approved and sealed: the same steps from a folder, an upload or a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from everyfamily.checks.model.waivers import Waiver
from everyfamily.checks.run.runner import CheckReport
from everyfamily.core.agreement.approvals import (
    Approval,
    ApprovalNotGood,
    RequiredSignatory,
    check_approval,
)
from everyfamily.core.agreement.approvals import approve as sign_approval
from everyfamily.core.agreement.endorsements import Endorsement
from everyfamily.core.agreement.seals import Seal, digest_of, required_signatories
from everyfamily.core.agreement.seals import seal as make_seal
from everyfamily.core.agreement.signatory_keys import SignatoryKeys, require_pinned
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.artefacts import check_letter, record_of, render_artefacts
from everyfamily.letters.files.proof import prove_record


class CheckStopsApproval(EveryfamilyError):
    """A letter with errors, or with warnings that have no waiver, cannot be approved."""

    code = "EF309"


def make_letter(
    letter: Letter, *, today: date, waivers: Sequence[Waiver] = ()
) -> tuple[dict[str, object], dict[str, bytes], CheckReport]:
    """Render and check a letter: its record, its artefacts and the report."""
    artefacts = render_artefacts(letter)
    record, report = checked(letter, artefacts, today=today, waivers=waivers)
    return record, artefacts, report


def checked(
    letter: Letter, artefacts: Mapping[str, bytes], *, today: date, waivers: Sequence[Waiver] = ()
) -> tuple[dict[str, object], CheckReport]:
    """Check a letter that is rendered already: its record and the report."""
    report = check_letter(letter, today=today, waivers=waivers, artefacts=artefacts)
    return record_of(letter, artefacts, report, waivers), report


def prove_ready(record: dict[str, Any], artefacts: Mapping[str, bytes], *, today: date) -> None:
    """Render and check a letter again before it is approved or sealed. Raises what proves it wrong, and
    CheckStopsApproval."""
    prove_record(record, artefacts, today=today)
    require_no_stopping_finding(record)


def require_no_stopping_finding(record: Mapping[str, Any]) -> None:
    """Raise CheckStopsApproval if the record has an error, or a warning without a waiver."""
    stopping = [finding for finding in record["findings"] if finding["severity"] != "advice"]
    if stopping:
        first = stopping[0]
        raise CheckStopsApproval(
            f"{len(stopping)} findings stop approval; the first is {first['code']}: {first['message']}",
            "Check the letter, correct the pack or the partnership's file, and compose again.",
            SourceLocation(str(first["file"]), int(first["line"])),
        )


def signatory_of(record: Mapping[str, Any], signatory: str) -> RequiredSignatory:
    """Who must approve a letter under this id. Raises ApprovalNotGood."""
    required = required_signatories(record)
    for who in required:
        if who.id == signatory:
            return who
    raise ApprovalNotGood(
        f'This letter has no signatory "{signatory}".', f"Give one of: {', '.join(who.id for who in required)}."
    )


def approve_record(
    record: Mapping[str, Any], who: RequiredSignatory, *, key: SigningKey, now: datetime
) -> Approval:
    """One signatory's approval of exactly these bytes. Raises ApprovalNotGood for another one's key."""
    if ApprovalKey.of_file(key.public_key) not in who.keys:
        raise ApprovalNotGood(
            f"This key is not the key that the letter names for {who.organisation}.",
            "Give the key file whose public half is in the partnership's file for you. If you have made a new "
            "key, ask for its public half to be put there and for the letter to be composed again.",
        )
    approval = sign_approval(
        reference=record["reference"], digest=digest_of(record), signatory=who.id, key=key, now=now
    )
    check_approval(approval, required_signatories(record))
    return approval


def seal_record(
    record: dict[str, Any],
    approvals: Sequence[Approval],
    *,
    key: SigningKey,
    now: datetime,
    keys: SignatoryKeys | None = None,
    endorsements: Iterable[Endorsement] = (),
) -> Seal:
    """Seal a letter that is `prove_ready` and that every signatory has approved. Raises NotEveryoneApproved.

    `keys` is the signed list of signatories' keys, which was proven to be signed with `key`. With it, an approval
    counts only if its key is in the list, or endorsed by one that is. Raises KeyNotPinned.
    """
    made = make_seal(record, approvals, key=key, now=now)
    if keys is None:
        return made
    needed = require_pinned(keys, record, made.approvals, now=now, endorsements=endorsements)
    return make_seal(record, approvals, key=key, now=now, endorsements=needed) if needed else made
