"""A letter as a folder of files: it can travel between bodies that share no system.

record.json             what is approved and sealed
files/en/letter.pdf ... the artefacts whose digests are in the record
approvals/council.json  one file for each signatory
seal.json               once it is sealed
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.seals import Seal, SealNotReadable
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.json_text import KeyStandsTwice, read_json
from everyfamily.core.files.whole_files import AS_USUAL, bytes_of, written

SEAL_BYTES = 10 * 1024**2
"""More than any record or seal has: one in ten languages has less than a tenth of it."""


class LetterFolderNotReadable(EveryfamilyError):
    """The folder does not hold a letter, or a file in it is damaged."""

    code = "EF307"


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
        file = beside / "files" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    (beside / "record.json").write_text(
        json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8"
    )
    if folder.exists():
        folder.rmdir()
    beside.rename(folder)


def read_record(folder: Path) -> dict[str, Any]:
    """The record of a letter folder; raises LetterFolderNotReadable."""
    return _json(folder / "record.json")


def read_artefacts(folder: Path, record: Mapping[str, Any]) -> dict[str, bytes]:
    """The artefacts that the record names; raises LetterFolderNotReadable if one is missing or one is too many."""
    names = record.get("artefacts")
    files = folder / "files"
    # A record comes from another body, so it may name nothing outside its own folder.
    if not isinstance(names, dict) or any(".." in Path(name).parts or Path(name).is_absolute() for name in names):
        raise LetterFolderNotReadable(
            "The record does not name its files.", "Compose the letter again.", SourceLocation("record.json")
        )
    strange = sorted(
        str(file.relative_to(files))
        for file in files.rglob("*")
        if file.is_file() and not file.name.startswith(".") and file.relative_to(files).as_posix() not in names
    )
    if strange:
        raise LetterFolderNotReadable(
            "This file is not one of the letter's.",
            "Take it out of the letter's folder.",
            SourceLocation(strange[0]),
        )
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
    file = folder / "approvals" / f"{approval.signatory}.json"
    file.parent.mkdir(exist_ok=True)
    _write(file, json.dumps(asdict(approval), indent=1))
    return file


def read_approvals(folder: Path) -> list[Approval]:
    """The approvals in a letter folder, by signatory; raises LetterFolderNotReadable."""
    found = []
    for file in sorted((folder / "approvals").glob("*.json")):
        try:
            approval = Approval(**_json(file))
            if not all(isinstance(value, str) for value in asdict(approval).values()):
                raise TypeError("an approval is text")
            found.append(approval)
        except TypeError as problem:
            raise LetterFolderNotReadable(
                "The file is not an approval.", "Ask the signatory to approve again.", SourceLocation(file.name)
            ) from problem
    return found


def write_seal(folder: Path, seal: Seal) -> Path:
    """Put the seal next to the letter."""
    _write(folder / "seal.json", seal.to_json())
    return folder / "seal.json"


def read_seal(file: Path) -> Seal:
    """Read a published seal; raises LetterFolderNotReadable or SealNotReadable."""
    try:
        return Seal.from_json(bytes_of(file, most=SEAL_BYTES))
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
    except SealNotReadable as problem:
        raise SealNotReadable(problem.fact, problem.fix, SourceLocation(file.name)) from problem


def _json(file: Path) -> dict[str, Any]:
    try:
        data = read_json(bytes_of(file, most=SEAL_BYTES))
    except KeyStandsTwice as problem:
        raise LetterFolderNotReadable(
            "A key is in the file twice, so two programs could read two different letters from it.",
            "Give the folder as the letter was composed into it, and ask who changed this one.",
            SourceLocation(file.name),
        ) from problem
    except (OSError, ValueError, RecursionError) as problem:
        raise LetterFolderNotReadable(
            "The file is missing or damaged.",
            "Give the folder that the letter was composed into.",
            SourceLocation(file.name),
        ) from problem
    if not isinstance(data, dict):
        raise LetterFolderNotReadable(
            "The file does not have a record in it.", "Compose the letter again.", SourceLocation(file.name)
        )
    return data


def _write(file: Path, text: str) -> None:
    with written(file, mode=AS_USUAL) as whole:
        whole.write(text.encode())
