"""Are those who approved a letter the partnership's own signatories, with their own keys?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from everyfamily.core.agreement.approvals import Approval, key_of
from everyfamily.core.agreement.seals import Record, digest_of, required_signatories
from everyfamily.core.keys.approval_keys import ApprovalKey

Known = Mapping[str, Collection[ApprovalKey]]
"""The keys that count, by the signatory's id: as a partnership's file or a signed list of keys names them."""


def unknown_signatories(
    record: Record,
    approvals: Iterable[Approval],
    known: Known,
    *,
    named_in: str = "the partnership's file",
    asked: Collection[str] | None = None,
) -> list[str]:
    """Say where those who approved are not the signatories that are `known`. The approvals of the digest are good.

    The key that signed must be known. That a record names another key as well proves nothing and harms nobody.
    `asked` are the signatories without whom there is no letter: everybody who is known, if it is not given.
    """
    digest, required = digest_of(record), required_signatories(record)
    by = {approval.signatory: approval for approval in approvals if approval.digest == digest}
    faults = []
    for who in required:
        keys = [key for key in who.keys if key in known.get(who.id, ())]
        if who.id not in by or key_of(by[who.id], keys) is None:
            faults.append(f"{who.organisation} did not approve it with a key that is in {named_in}.")
    there = {who.id for who in required}
    wanted = known if asked is None else asked
    faults.extend(f'The partnership\'s signatory "{name}" was not asked.' for name in wanted if name not in there)
    return faults
