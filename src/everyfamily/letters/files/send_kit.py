"""The send kit: what a school that sends the letter itself gets, as a folder or a zip. Everything except the seal is
sealed.

start-here.html            which file is for what, and what to do before and after
README.txt                 the same as plain text
seal.json                  what `everyfamily verify` needs
English/letter.pdf ...     the sealed files of each language; in Primary/ and Secondary/ if the letter has two versions
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from everyfamily.core.agreement.seals import Seal, digest_of, problems
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.zips import zipped
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.folder import read_artefacts, read_record, read_seal
from everyfamily.letters.files.letter_zip import SEAL
from everyfamily.letters.files.record import (
    GUIDE,
    GUIDE_PAGE,
    OTHER_LANGUAGES,
    PRIMARY_FOLDER,
    SECONDARY_FOLDER,
    folder_of,
    letter_of,
)
from everyfamily.rendering.kit_files import VERSION_FOLDERS, kit_files


class LetterNotSealed(EveryfamilyError):
    """The letter has no seal, or not a valid one, so no school may have it."""

    code = "EF320"


class KitPlaceTaken(EveryfamilyError):
    """There is already something where the kit would go."""

    code = "EF321"


def sealed_kit(letter_folder: Path, only: Version | None = None) -> tuple[Seal, dict[str, bytes]]:
    """The seal and the kit's files, name -> bytes, from a sealed letter's folder. `only` as in `kit_of`.

    Raises LetterNotSealed unless the seal is valid and belongs to this record, and each file is the one that was
    sealed. Also raises LetterFolderNotReadable.
    """
    record = read_record(letter_folder)
    if not (letter_folder / SEAL).exists():
        raise LetterNotSealed(
            "The letter is not sealed yet.",
            "Have every signatory approve it and seal it first.",
            SourceLocation(SEAL),
        )
    seal = read_seal(letter_folder / SEAL)
    found = problems(seal)
    if not found and digest_of(record) != seal.digest:
        found = ["The folder's record is not the one that was sealed."]
    if found:
        raise LetterNotSealed(
            found[0], "Get the letter's folder again from the person who sealed it.", SourceLocation(SEAL)
        )
    return seal, kit_of(seal, read_artefacts(letter_folder, record), only)


def kit_of(seal: Seal, artefacts: Mapping[str, bytes], only: Version | None = None) -> dict[str, bytes]:
    """The kit's files of a sealed letter's artefacts; raises LetterNotSealed if one is not the sealed file.

    With `only`, and if the letter has two versions, the kit of a school that needs one of them.
    """
    names = _names(letter_of(seal.record), only)
    sealed = seal.record["artefacts"]
    kit = {}
    # A letter sealed by an older version has fewer files.
    for shown, name in ((shown, name) for shown, name in names.items() if name in sealed):
        if hashlib.sha256(artefacts[name]).hexdigest() != sealed[name]:
            raise LetterNotSealed(
                "A file is not the one that was sealed.",
                "Get the letter's folder again from the person who sealed it.",
                SourceLocation(name),
            )
        kit[shown] = artefacts[name]
    return {**kit, SEAL: seal.to_json().encode()}


def _names(letter: Letter, only: Version | None) -> dict[str, str]:
    """The kit's files: name in the kit -> name among the letter's files."""
    if letter.secondary_from is None:
        only = None
    guides = {Version.PRIMARY: PRIMARY_FOLDER, Version.SECONDARY: SECONDARY_FOLDER}
    before = guides[only] if only is not None else ""
    names = {name: f"{before}{name}" for name in (GUIDE, GUIDE_PAGE)}
    versions = letter.versions if only is None else (only,)
    for version in versions:
        inside = f"{VERSION_FOLDERS[version]}/" if version is not None and len(versions) > 1 else ""
        files = {OTHER_LANGUAGES: OTHER_LANGUAGES, **kit_files(letter, version)}
        names |= {
            f"{inside}{shown}": name[1:] if name.startswith("/") else f"{folder_of(version)}{name}"
            for shown, name in files.items()
        }
    return names


def write_kit(out: Path, kit: Mapping[str, bytes]) -> None:
    """Write a kit to a folder, or to a file if `out` ends in .zip, completely or not at all. Raises KitPlaceTaken."""
    if out.exists() and (not out.is_dir() or out.suffix == ".zip" or any(out.iterdir())):
        raise KitPlaceTaken(
            f"{out.name} is there already.", "Choose another place, or remove that one.", SourceLocation(out.name)
        )
    beside = out.with_name(out.name + ".part")
    if beside.is_dir():
        shutil.rmtree(beside)  # left by an interrupted run
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".zip":
        beside.write_bytes(zipped(kit))
    else:
        for name, data in kit.items():
            file = beside / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    if out.is_dir():
        out.rmdir()
    beside.rename(out)
