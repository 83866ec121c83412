"""A letter as a folder of files: it can travel between bodies that share no system.

record.json             what is approved and sealed
files/en/letter.pdf ... the artefacts whose digests are in the record
approvals/council.json  one file for each signatory
seal.json               once it is sealed
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.seals import Seal, SealNotReadable
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import AS_USUAL, bytes_of, written
from everyfamily.letters.files.letter_zip import (
    APPROVALS,
    FILES,
    RECORD,
    SEAL,
    SEAL_BYTES,
    LetterFolderNotReadable,
    approval_as_bytes,
    approval_in,
    damaged,
    json_in,
    names_in,
    record_as_bytes,
    require_only,
    seal_in,
)


class LetterFolderNotEmpty(EveryfamilyError):
    """There is already something where the letter would go."""

    code = "EF308"


def write_letter_folder(folder: Path, record: Mapping[str, Any], artefacts: Mapping[str, bytes]) -> None:
    """Write a composed letter, completely or not at all. Raises LetterFolderNotEmpty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LetterFolderNotEmpty(
            f"{folder.name} is there already and not empty.",
            "Choose another folder, or remove that one.",
            SourceLocation(folder.name),
        )
    beside = folder.with_name(folder.name + ".part")
    if beside.exists():
        shutil.rmtree(beside)  # left by an interrupted run
    for name, data in artefacts.items():
        file = beside / FILES / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (beside / RECORD).write_bytes(record_as_bytes(record))
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a letter folder; raises LetterFolderNotReadable."""
    return json_in(_bytes(folder / RECORD), RECORD)


def read_artefacts(folder: Path, record: Mapping[str, Any]) -> dict[str, bytes]:
    """The artefacts that the record names; raises LetterFolderNotReadable if one is missing or one is too many."""
    names = names_in(record)
    files = folder / FILES
    found = (file for file in files.rglob("*") if file.is_file() and not file.name.startswith("."))
    require_only((file.relative_to(files).as_posix() for file in found), names)
    try:
        return {name: (files / name).read_bytes() for name in names}
    except OSError as problem:
        raise LetterFolderNotReadable(
            "A file of the letter is missing.",
            "Get the whole folder again from the person who composed it.",
            SourceLocation(str(problem.filename or folder.name)),
        ) from problem


def write_approval(folder: Path, approval: Approval) -> Path:
    """Put an approval next to the letter. A later one by the same signatory replaces it."""
    file = folder / APPROVALS / f"{approval.signatory}.json"
    file.parent.mkdir(exist_ok=True)
    _write(file, approval_as_bytes(approval))
    return file


def read_approvals(folder: Path) -> list[Approval]:
    """The approvals in a letter folder, by signatory; raises LetterFolderNotReadable."""
    return [approval_in(_bytes(file), file.name) for file in sorted((folder / APPROVALS).glob("*.json"))]


def write_seal(folder: Path, seal: Seal) -> Path:
    """Put the seal next to the letter."""
    _write(folder / SEAL, seal.to_json().encode())
    return folder / SEAL


def read_seal(file: Path) -> Seal:
    """Read a published seal; raises LetterFolderNotReadable or SealNotReadable."""
    try:
        return seal_in(bytes_of(file, most=SEAL_BYTES), file.name)
    except FileNotFoundError as problem:
        raise LetterFolderNotReadable(
            "There is no seal.", "Seal the letter first.", SourceLocation(file.name)
        ) from problem
    except OSError as problem:
        raise SealNotReadable(
            f"The seal cannot be read, is not a file, or is larger than {SEAL_BYTES // 1024**2} MB.",
            "Fetch the seal again from the partnership's site.",
            SourceLocation(file.name),
        ) from problem


def _bytes(file: Path) -> bytes:
    try:
        return bytes_of(file, most=SEAL_BYTES)
    except OSError as problem:
        raise damaged(file.name) from problem


def _write(file: Path, data: bytes) -> None:
    with written(file, mode=AS_USUAL) as whole:
        whole.write(data)
