"""The withdrawal notice: signed with the key that sealed the letter, and published next to the seals.

A seal says permanently who agreed to a letter. A second file says that the letter should no longer be used, so that
anyone who has the folder of seals can find out without asking us. It does not say why: the correction does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from everyfamily.core.agreement.seals import Seal, canonical
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json
from everyfamily.core.keys.signing import SigningKey, signature_is_good

FORMAT = "everyfamily withdrawal 1"
_FIELDS = ("reference", "digest", "withdrawn_at", "sealing_key", "signature")


class NotTheSealingKey(EveryfamilyError):
    """A withdrawal must be signed with the key that sealed the letter."""

    code: ClassVar[str] = "EF360"


class NoticeNotReadable(EveryfamilyError):
    """A file among the withdrawal notices is not one."""

    code: ClassVar[str] = "EF361"


@dataclass(frozen=True, slots=True)
class WithdrawalNotice:
    """Which sealed letter was withdrawn, and when."""

    reference: str
    digest: str
    """The digest of the letter's record, as in its seal, in hex."""
    withdrawn_at: str
    """ISO 8601, aware."""
    sealing_key: str
    signature: str

    @property
    def withdrawn_on(self) -> date:
        """The day in London."""
        return datetime.fromisoformat(self.withdrawn_at).astimezone(LONDON).date()

    def signed_bytes(self) -> bytes:
        """What the sealing key signs."""
        said = {"reference": self.reference, "digest": self.digest, "withdrawn_at": self.withdrawn_at}
        return FORMAT.encode() + b"\n" + canonical(said)

    def to_json(self) -> str:
        """The published form."""
        row = {"format": FORMAT} | {name: getattr(self, name) for name in _FIELDS}
        return json.dumps(row, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> WithdrawalNotice:
        """Read a published notice; raises NoticeNotReadable. Reading proves nothing, so call `notice_faults`."""
        try:
            data = read_json(text)
            if set(data) != {"format", *_FIELDS} or data["format"] != FORMAT:
                raise ValueError("another format")
            read = cls(**{name: data[name] for name in _FIELDS})
            if not all(isinstance(data[name], str) for name in _FIELDS):
                raise TypeError("all of it is text")
            if datetime.fromisoformat(read.withdrawn_at).tzinfo is None:
                raise ValueError("a time without a zone")
            canonical(data)
            return read
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise NoticeNotReadable(
                "The file is not a withdrawal notice that this version can read.",
                "Fetch it again from the partnership's site.",
            ) from problem


def withdrawal_notice(seal: Seal, *, key: SigningKey, withdrawn_at: datetime) -> WithdrawalNotice:
    """The notice for a sealed letter that was withdrawn at `withdrawn_at` (aware). Raises NotTheSealingKey."""
    if key.public_key != seal.sealing_key:
        raise NotTheSealingKey(
            f"This is not the key that sealed {seal.record['reference']}.",
            "Give the partnership's sealing key: a withdrawal counts only if the key that sealed the letter signs it.",
        )
    bare = WithdrawalNotice(
        reference=str(seal.record["reference"]),
        digest=seal.digest,
        withdrawn_at=withdrawn_at.isoformat(timespec="seconds"),
        sealing_key=key.public_key,
        signature="",
    )
    return WithdrawalNotice(
        bare.reference, bare.digest, bare.withdrawn_at, bare.sealing_key, key.sign(bare.signed_bytes())
    )


def notice_faults(notice: WithdrawalNotice, seal: Seal) -> list[str]:
    """Say in sentences what is wrong with a notice about a sealed letter. An empty list means that it counts."""
    faults = []
    if (notice.reference, notice.digest) != (seal.record["reference"], seal.digest):
        faults.append("The withdrawal notice is about another letter.")
    if notice.sealing_key != seal.sealing_key:
        faults.append("The withdrawal notice was not signed with the key that sealed the letter.")
    elif not signature_is_good(notice.sealing_key, notice.signature, notice.signed_bytes()):
        faults.append("The signature under the withdrawal notice does not fit.")
    return faults
