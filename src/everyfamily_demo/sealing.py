"""A letter of the demonstration is checked, approved by everyone who must, and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from everyfamily.core.agreement.approvals import approve
from everyfamily.core.agreement.seals import Seal, digest_of, seal
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.artefacts import check_letter, record_of, render_artefacts


def seal_letter(
    letter: Letter,
    keys: Mapping[str, SigningKey],
    sealing: SigningKey,
    *,
    approved_at: datetime,
    sealed_at: datetime,
) -> tuple[Seal, dict[str, bytes]]:
    """The seal and the artefacts. `keys` are the signatories' own, by their ids."""
    artefacts = render_artefacts(letter)
    record = record_of(letter, artefacts, check_letter(letter, today=letter.dated, artefacts=artefacts))
    digest = digest_of(record)
    approvals = [
        approve(reference=letter.reference, digest=digest, signatory=name, key=key, now=approved_at)
        for name, key in keys.items()
    ]
    return seal(record, approvals, key=sealing, now=sealed_at), artefacts
