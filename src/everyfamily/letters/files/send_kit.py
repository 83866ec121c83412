"""The send kit: what a school that sends the letter itself gets, as a folder or a zip. Everything except the seal is
sealed.

start-here.html            which file is for what, and what to do before and after
README.txt                 the same as plain text
seal.json                  what `everyfamily verify` needs
English/letter.pdf ...     the sealed files of each language
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

from everyfamily.core.agreement.seals import Seal, digest_of, problems
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.zips import zipped
from everyfamily.letters.files.folder import read_artefacts, read_record, read_seal
from everyfamily.letters.files.letter_zip import SEAL
from everyfamily.letters.files.record import GUIDE, GUIDE_PAGE, OTHER_LANGUAGES, letter_of
from everyfamily.rendering.kit_guide import SHORT_NAMES, kit_names, language_folder


class LetterNotSealed(EveryfamilyError):
    """The letter has no seal, or not a valid one, so no school may have it."""

    code = "EF320"


class KitPlaceTaken(EveryfamilyError):
    """There is already something where the kit would go."""

    code = "EF321"


def sealed_kit(letter_folder: Path) -> tuple[Seal, dict[str, bytes]]:
    """The seal and the kit's files, name -> bytes, from a sealed letter's folder.

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
    return seal, kit_of(seal, read_artefacts(letter_folder, record))


def kit_of(seal: Seal, artefacts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The kit's files of a sealed letter's artefacts; raises LetterNotSealed if one is not the sealed file."""
    letter = letter_of(seal.record)
    names = {name: name for name in (GUIDE, GUIDE_PAGE, OTHER_LANGUAGES)} | {
        f"{language_folder(language)}/{name}": f"{language}/{name}"
        for language, text in letter.texts.items()
        for name in kit_names(text)
    }
    names |= {
        f"{language_folder(language)}/{name}": f"{language}/{name}"
        for language in letter.short
        for name in SHORT_NAMES
    }
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
