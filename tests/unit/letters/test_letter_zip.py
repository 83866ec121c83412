"""A letter travels as a zip in memory: all of it comes back, and what does not belong to it is told."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from everyfamily.core.agreement.seals import SealNotReadable
from everyfamily.core.files.zips import zipped
from everyfamily.letters.files.folder import write_approval, write_letter_folder, write_seal
from everyfamily.letters.files.letter_zip import LetterFiles, LetterFolderNotReadable, letter_in_zip, zip_of
from tests.factories.records import sealed, small_record

ARTEFACTS = {"en/letter.pdf": b"%PDF-1.7", "en/email.txt": b"Keeping children safe"}
LETTER = LetterFiles(
    small_record(), ARTEFACTS, tuple(sorted(sealed().approvals, key=lambda one: one.signatory)), sealed()
)


def files_in(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_everything_comes_back_and_the_same_letter_gives_the_same_bytes() -> None:
    assert letter_in_zip(zip_of(LETTER), "letter.zip") == LETTER
    assert zip_of(letter_in_zip(zip_of(LETTER), "letter.zip")) == zip_of(LETTER)
    composed = LetterFiles(small_record(), ARTEFACTS)
    assert letter_in_zip(zip_of(composed), "letter.zip") == composed, "neither approved nor sealed yet"


def test_it_has_the_files_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "letter"
    write_letter_folder(folder, LETTER.record, ARTEFACTS)
    for approval in LETTER.approvals:
        write_approval(folder, approval)
    write_seal(folder, sealed())
    on_disk = {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }
    assert files_in(zip_of(LETTER)) == on_disk
    # As a file manager zips a folder.
    within = {f"letter/{name}": data for name, data in on_disk.items()}
    within |= {"__MACOSX/letter/._record.json": b"x", "letter/.DS_Store": b"x", "letter/files/.DS_Store": b"x"}
    assert letter_in_zip(zipped(within), "letter.zip") == LETTER


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"record.json": None}, "record.json: A file of the letter is missing."),
        ({"record.json": b"{"}, "record.json: The file is missing or damaged."),
        (
            {"record.json": b'{"artefacts": {"../seal.json": "0"}}'},
            "record.json: The record does not name its files.",
        ),
        ({"files/en/letter.pdf": None}, "en/letter.pdf: A file of the letter is missing."),
        ({"files/en/more.pdf": b"x"}, "en/more.pdf: This file is not one of the letter's."),
        ({"approvals/council.json": b"{}"}, "council.json: The file is not an approval."),
    ],
)
def test_what_is_not_the_letter_is_told(change: dict[str, bytes | None], fact: str) -> None:
    files = files_in(zip_of(LETTER)) | change
    with pytest.raises(LetterFolderNotReadable) as raised:
        letter_in_zip(zipped({name: data for name, data in files.items() if data is not None}), "letter.zip")
    assert f"{raised.value.place.file}: {raised.value.fact}" == fact  # type: ignore[union-attr]


def test_a_damaged_seal_is_told() -> None:
    files = files_in(zip_of(LETTER))
    with pytest.raises(SealNotReadable, match=r"^seal\.json"):
        letter_in_zip(zipped(files | {"seal.json": b"{}"}), "letter.zip")


def test_what_is_no_zip_is_told_in_the_words_of_a_letter() -> None:
    for data in (b"", b"PK\x03\x04", zip_of(LETTER)[:-30]):
        with pytest.raises(LetterFolderNotReadable, match="Get the zip again from the person who sent it"):
            letter_in_zip(data, "letter.zip")
