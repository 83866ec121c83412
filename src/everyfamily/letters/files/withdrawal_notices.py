"""Withdrawal notices next to the published seals, and what the two together say happened to a letter.

seals/ES-2703-K7R4.json             the seal
seals/withdrawn/ES-2703-K7R4.json   its withdrawal notice
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from everyfamily.core.agreement.seals import Seal, problems
from everyfamily.core.agreement.withdrawals import (
    NoticeNotReadable,
    WithdrawalNotice,
    notice_faults,
    withdrawal_notice,
)
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import bytes_of
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.letter.letter_history import LetterHistory, letter_histories
from everyfamily.letters.files.folder import read_seal
from everyfamily.letters.files.record import followed_in

NOTICES = "withdrawn"
"""The folder of notices inside the folder of seals. Versions that do not know about notices skip it."""
NOTICE_BYTES = 16 * 1024


class SealNotThere(EveryfamilyError):
    """A withdrawal cannot be published because the letter's seal is not among the published ones, or is not valid."""

    code = "EF362"


class NoticeNotProven(EveryfamilyError):
    """A withdrawal notice is not valid, or is not about the letter that it is named after."""

    code = "EF363"


def notice_file(seals: Path, reference: str) -> Path:
    """Where the notice about a letter is."""
    return seals / NOTICES / f"{reference}.json"


def publish_withdrawal(
    seals: Path, reference: str, *, key: SigningKey, withdrawn_at: datetime
) -> WithdrawalNotice:
    """Sign a notice and put it next to the seals. If asked again, it writes the same file.

    Raises SealNotThere, NotTheSealingKey and SealNotReadable.
    """
    file = seals / f"{reference}.json"
    if not file.exists():
        raise SealNotThere(
            f"The folder has no seal of {reference}.",
            f"Put the letter's seal.json there as {reference}.json, and give the command again.",
            SourceLocation(seals.name),
        )
    seal = read_seal(file)
    found = problems(seal) or ([] if seal.record["reference"] == reference else ["It is another letter's."])
    if found:
        raise SealNotThere(
            f"The seal of {reference} is not good. {found[0]}",
            "Take it again from the letter's folder.",
            SourceLocation(file.name),
        )
    notice = withdrawal_notice(seal, key=key, withdrawn_at=withdrawn_at)
    place = notice_file(seals, reference)
    place.parent.mkdir(exist_ok=True)
    beside = place.with_name(f"{place.name}.part")
    beside.write_text(notice.to_json(), encoding="utf-8")
    beside.replace(place)
    return notice


def read_notice(seals: Path, seal: Seal) -> WithdrawalNotice | None:
    """The proven notice about a sealed letter, or None; raises NoticeNotReadable and NoticeNotProven."""
    reference = str(seal.record["reference"])
    place = SourceLocation(f"{NOTICES}/{reference}.json")
    try:
        notice = WithdrawalNotice.from_json(bytes_of(notice_file(seals, reference), most=NOTICE_BYTES))
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise NoticeNotReadable(
            "The withdrawal notice cannot be read.", "Fetch it again from the partnership's site.", place
        ) from problem
    except NoticeNotReadable as problem:
        raise NoticeNotReadable(problem.fact, problem.fix, place) from problem
    for fault in notice_faults(notice, seal):
        raise NoticeNotProven(
            fault,
            "Do not use the letter, and ask the partnership whether it was withdrawn: it can write the notice again.",
            place,
        )
    return notice


def history_of(seal: Seal, seals: Path) -> LetterHistory:
    """What happened to a letter whose seal is valid, according to the folder of seals.

    Other letters count if they have valid seals with the same key. Raises NoticeNotReadable and NoticeNotProven.
    """
    reference = str(seal.record["reference"])
    good = {reference: seal} | {str(one.record["reference"]): one for one in _others(seals, seal)}
    follows = {name: followed_in(one.record) for name, one in good.items()}
    days = {name: notice.withdrawn_on for name, notice in notices_about(seals, good.values()).items()}
    return letter_histories(follows, days)[reference]


def notices_about(seals: Path, letters: Iterable[Seal]) -> dict[str, WithdrawalNotice]:
    """The proven notices about these letters, by reference; raises NoticeNotReadable and NoticeNotProven."""
    found = ((str(seal.record["reference"]), read_notice(seals, seal)) for seal in letters)
    return {reference: notice for reference, notice in found if notice is not None}


def _others(seals: Path, seal: Seal) -> Iterable[Seal]:
    for file in sorted(seals.glob("*.json")):
        if file.stem == seal.record["reference"]:
            continue
        try:
            other = read_seal(file)
        except EveryfamilyError:
            continue  # a damaged file next to it says nothing about this letter
        if file.stem == other.record["reference"] and not problems(other, sealing_key=seal.sealing_key):
            yield other
