"""A letter's folder as bytes: the names of its files, what is in each, and all of them as one zip.

A zip in memory is how a letter is uploaded and downloaded. folder.py has the same files on a disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.seals import Seal, SealNotReadable
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.json_text import KeyStandsTwice, read_json
from everyfamily.core.files.zips import ZipRefused, check_zip, read_entry, zipped

RECORD, SEAL = "record.json", "seal.json"
FILES, APPROVALS = "files", "approvals"
SEAL_BYTES = 10 * 1024**2
"""More than any record or seal has: one in ten languages has less than a tenth of it."""


class LetterFolderNotReadable(EveryfamilyError):
    """The folder or the zip does not hold a letter, or a file in it is damaged."""

    code = "EF307"


@dataclass(frozen=True, slots=True)
class LetterFiles:
    """Everything that travels with a letter. `artefacts` is name -> bytes, as the record names them."""

    record: dict[str, Any]
    artefacts: Mapping[str, bytes]
    approvals: tuple[Approval, ...] = ()
    seal: Seal | None = None


def zip_of(letter: LetterFiles) -> bytes:
    """The letter as a zip with the names of its folder. The same letter gives the same bytes anywhere."""
    files = {RECORD: record_as_bytes(letter.record)}
    files |= {f"{FILES}/{name}": data for name, data in letter.artefacts.items()}
    files |= {f"{APPROVALS}/{one.signatory}.json": approval_as_bytes(one) for one in letter.approvals}
    return zipped(files | ({SEAL: letter.seal.to_json().encode()} if letter.seal is not None else {}))


def letter_in_zip(data: bytes, file: str) -> LetterFiles:
    """The letter in a zip: its files at the top, or in the one folder that was zipped. `file` is its name in errors.

    Reading proves nothing: call `prove_ready`, or `problems` of its seal. Raises LetterFolderNotReadable and
    SealNotReadable.
    """
    try:
        with check_zip(data, file) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            found = {name: read_entry(archive, stored) for name, stored in _from_top(names).items()}
    except ZipRefused as problem:
        raise LetterFolderNotReadable(
            problem.fact, "Get the zip again from the person who sent it.", problem.place
        ) from problem
    if RECORD not in found:
        raise _not_whole(RECORD)
    record = json_in(found[RECORD], RECORD)
    artefacts = {
        name.removeprefix(f"{FILES}/"): data for name, data in found.items() if name.startswith(f"{FILES}/")
    }
    require_only(artefacts, names_in(record))
    if missing := sorted(names_in(record) - artefacts.keys()):
        raise _not_whole(missing[0])
    approvals = [name for name in sorted(found) if PurePosixPath(name).match(f"{APPROVALS}/*.json")]
    return LetterFiles(
        record,
        artefacts,
        tuple(approval_in(found[name], PurePosixPath(name).name) for name in approvals),
        seal_in(found[SEAL], SEAL) if SEAL in found else None,
    )


def _from_top(names: Iterable[str]) -> dict[str, str]:
    """Name in the letter's folder -> name in the zip. What a file manager adds, and hidden files, are left out."""
    kept = {
        PurePosixPath(name): name
        for name in names
        if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
    }
    tops = {path.parts[0] for path in kept}
    inside = len(tops) == 1 and PurePosixPath(RECORD) not in kept
    return {(path.relative_to(path.parts[0]) if inside else path).as_posix(): name for path, name in kept.items()}


def record_as_bytes(record: Mapping[str, Any]) -> bytes:
    """A record as its file."""
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()


def approval_as_bytes(approval: Approval) -> bytes:
    """An approval as its file."""
    return json.dumps(approval.row(), indent=1).encode()


def json_in(data: bytes, name: str) -> dict[str, Any]:
    """What a record or an approval holds; raises LetterFolderNotReadable. `name` is the file's, for the error."""
    if len(data) > SEAL_BYTES:
        raise damaged(name)
    try:
        read = read_json(data)
    except KeyStandsTwice as problem:
        raise LetterFolderNotReadable(
            "A key is in the file twice, so two programs could read two different letters from it.",
            "Give the folder as the letter was composed into it, and ask who changed this one.",
            SourceLocation(name),
        ) from problem
    except (ValueError, RecursionError) as problem:
        raise damaged(name) from problem
    if not isinstance(read, dict):
        raise LetterFolderNotReadable(
            "The file does not have a record in it.", "Compose the letter again.", SourceLocation(name)
        )
    return read


def approval_in(data: bytes, name: str) -> Approval:
    """The approval in a file; raises LetterFolderNotReadable."""
    try:
        return Approval.from_row(json_in(data, name))
    except (TypeError, ValueError) as problem:
        raise LetterFolderNotReadable(
            "The file is not an approval.", "Ask the signatory to approve again.", SourceLocation(name)
        ) from problem


def seal_in(data: bytes, name: str) -> Seal:
    """The seal in a file; raises SealNotReadable."""
    try:
        return Seal.from_json(data)
    except SealNotReadable as problem:
        raise SealNotReadable(problem.fact, problem.fix, SourceLocation(name)) from problem


def names_in(record: Mapping[str, Any]) -> set[str]:
    """The names of a record's artefacts. A record comes from another body, so it may name nothing outside its own
    folder. Raises LetterFolderNotReadable."""
    names = record.get("artefacts")
    if not isinstance(names, dict) or any(
        ".." in PurePosixPath(name).parts or PurePosixPath(name).is_absolute() for name in names
    ):
        raise LetterFolderNotReadable(
            "The record does not name its files.", "Compose the letter again.", SourceLocation(RECORD)
        )
    return set(names)


def require_only(found: Iterable[str], names: set[str]) -> None:
    """Raise LetterFolderNotReadable if a file is not one of the letter's."""
    if strange := sorted(set(found) - names):
        raise LetterFolderNotReadable(
            "This file is not one of the letter's.",
            "Take it out of the letter's folder.",
            SourceLocation(strange[0]),
        )


def damaged(name: str) -> LetterFolderNotReadable:
    """The error for a record or an approval that is missing, too large or no JSON."""
    return LetterFolderNotReadable(
        "The file is missing or damaged.",
        "Give the folder that the letter was composed into.",
        SourceLocation(name),
    )


def _not_whole(name: str) -> LetterFolderNotReadable:
    return LetterFolderNotReadable(
        "A file of the letter is missing.",
        "Get the whole folder again from the person who composed it.",
        SourceLocation(name),
    )
