"""The signed list of signatories' keys as a file: beside the sealing key, and among the published seals.

seals/ES-2703-K7R4.json        a seal
seals/keys/signatories.json    the list
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from everyfamily.core.agreement.endorsements import (
    ENDORSEMENT_BYTES,
    Endorsement,
    EndorsementNotReadable,
)
from everyfamily.core.agreement.known_signatories import Known
from everyfamily.core.agreement.signatory_keys import KeyListNotReadable, SignatoryKeys
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import AS_USUAL, bytes_of, written

KEY_LIST = "keys/signatories.json"
"""Inside the folder of seals. Versions that do not know about the list skip it."""
ENDORSED = "endorsed"
"""The folder of endorsements beside the list of keys, wherever the settings say that is."""
_MOST = 200
"""Endorsements that are read. The next list settles them."""
LIST_BYTES = 1024**2
"""More than any list has: a key has a thousand at most."""


_AGAIN = (
    "Get it again from the person who holds the partnership's sealing key, and find out who put this one here."
)


class KeyListNotProven(EveryfamilyError):
    """A list of signatories' keys is not signed with the partnership's sealing key."""

    code = "EF319"


class NoKeyList(EveryfamilyError):
    """A real letter cannot be sealed here before the keys of those who sign are in a signed list."""

    code = "EF323"


def read_key_list(file: Path, *, sealing_key: str | None = None) -> SignatoryKeys:
    """The list in a file. Raises KeyListNotReadable and, if the sealing key is known, KeyListNotProven."""
    try:
        keys = SignatoryKeys.from_json(bytes_of(file, most=LIST_BYTES))
    except OSError as problem:
        raise KeyListNotReadable(
            f"The list of keys cannot be read, is not a file, or is larger than {LIST_BYTES // 1024**2} MB.",
            "Get it again from the person who holds the partnership's sealing key.",
            SourceLocation(file.name),
        ) from problem
    except KeyListNotReadable as problem:
        raise KeyListNotReadable(problem.fact, problem.fix, SourceLocation(file.name)) from problem
    if sealing_key is not None and (fault := keys.fault(sealing_key)):
        raise KeyListNotProven(
            fault,
            _AGAIN,
            SourceLocation(file.name),
        )
    return keys


def key_list_beside(seals: Path) -> SignatoryKeys | None:
    """The list that is published with the seals, if there is one. Nothing is proven: ask its `fault`."""
    file = seals / KEY_LIST
    return read_key_list(file) if file.exists() else None


def key_list_to_seal(record: Mapping[str, Any], file: str, *, sealing_key: str) -> SignatoryKeys | None:
    """The list in the file that the settings name, for sealing `record` with the key whose public half is given.

    `file` may be "" for a demonstration, whose letters need none. Raises NoKeyList for a real letter,
    KeyListNotReadable and KeyListNotProven.
    """
    if file:
        return read_key_list(Path(file), sealing_key=sealing_key)
    if record["letter"].get("demonstration") is True:
        return None
    raise NoKeyList(
        "No signed list says which keys are those of the people who sign.",
        "Let the person who holds the sealing key sign the list, and put it beside that key.",
    )


def keys_that_count(file: str, now: datetime) -> Known | None:
    """The keys of each signatory that count at `now` (aware), by the list in the file that the settings name and the
    endorsements beside it. None if the settings name no list.

    For saying early what sealing would refuse. Only sealing knows with which key the list must be signed. Raises
    KeyListNotReadable, KeyListNotProven and EndorsementNotReadable.
    """
    if not file:
        return None
    keys = read_key_list(Path(file))
    if (fault := keys.fault(keys.sealing_key)) is not None:
        raise KeyListNotProven(fault, _AGAIN, SourceLocation(Path(file).name))
    return keys.known_at(now, endorsements_beside(Path(file)))


def write_key_list(file: Path, keys: SignatoryKeys) -> None:
    """Write the list, wholly or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with written(file, mode=AS_USUAL) as whole:
        whole.write(keys.to_json().encode())


def read_endorsement(file: Path) -> Endorsement:
    """The endorsement in a file. Raises EndorsementNotReadable. Reading proves nothing: `SignatoryKeys` does."""
    try:
        return Endorsement.from_json(bytes_of(file, most=ENDORSEMENT_BYTES))
    except (OSError, EndorsementNotReadable) as problem:
        raise EndorsementNotReadable(
            "The file is not an endorsement of a key in the format that this version reads.",
            "Take it out of the folder, or ask for it again.",
            SourceLocation(file.name),
        ) from problem


def endorsements_beside(file: Path) -> tuple[Endorsement, ...]:
    """The endorsements in the folder beside a list of keys, by their files' names. Raises EndorsementNotReadable."""
    return tuple(read_endorsement(one) for one in sorted((file.parent / ENDORSED).glob("*.json"))[:_MOST])


def write_endorsement(file: Path, endorsement: Endorsement) -> None:
    """Write an endorsement, wholly or not at all."""
    with written(file, mode=AS_USUAL) as whole:
        whole.write(endorsement.to_json().encode())
