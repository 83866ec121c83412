"""A letter travels as a folder: all of it or nothing, and damage is told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from everyfamily.core.agreement.seals import SealNotReadable
from everyfamily.letters.files.folder import (
    LetterFolderNotEmpty,
    LetterFolderNotReadable,
    read_approvals,
    read_artefacts,
    read_record,
    read_seal,
    write_approval,
    write_letter_folder,
    write_seal,
)
from tests.factories.records import sealed, small_record

ARTEFACTS = {"en/letter.pdf": b"%PDF-1.7", "en/email.txt": b"Keeping children safe"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_letter_folder(tmp_path / "letter", small_record(), ARTEFACTS)
    return tmp_path / "letter"


def test_everything_comes_back(folder: Path) -> None:
    assert read_record(folder) == small_record()
    assert read_artefacts(folder, read_record(folder)) == ARTEFACTS
    assert read_approvals(folder) == []
    for approval in sealed().approvals:
        write_approval(folder, approval)
    assert read_approvals(folder) == sorted(sealed().approvals, key=lambda approval: approval.signatory)
    assert read_seal(write_seal(folder, sealed())) == sealed()


def test_nothing_half_written_is_left(folder: Path) -> None:
    write_approval(folder, sealed().approvals[0])
    write_seal(folder, sealed())
    assert not list(folder.parent.rglob("*.part"))


def test_an_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    (tmp_path / "letter").mkdir()
    write_letter_folder(tmp_path / "letter", small_record(), ARTEFACTS)
    assert read_record(tmp_path / "letter") == small_record()


def test_what_is_there_is_never_written_over(folder: Path) -> None:
    before = (folder / "record.json").read_bytes()
    with pytest.raises(LetterFolderNotEmpty, match="already and not empty"):
        write_letter_folder(folder, {**small_record(), "rule_set": "2"}, {})
    assert (folder / "record.json").read_bytes() == before


def test_a_file_in_its_place_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(LetterFolderNotEmpty):
        write_letter_folder(tmp_path / "letter", small_record(), ARTEFACTS)
    assert (tmp_path / "letter").read_text() == "mine"


def test_what_an_interrupted_run_left_does_not_join_the_letter(tmp_path: Path) -> None:
    left = tmp_path / "letter.part" / "files" / "en" / "old.txt"
    left.parent.mkdir(parents=True)
    left.write_text("half a letter")
    write_letter_folder(tmp_path / "letter", small_record(), ARTEFACTS)
    names = {str(path.relative_to(tmp_path / "letter")) for path in (tmp_path / "letter").rglob("*.*")}
    assert names == {"record.json", "files/en/letter.pdf", "files/en/email.txt"}


def test_a_later_approval_takes_the_place_of_an_earlier_one(folder: Path) -> None:
    first = sealed().approvals[0]
    write_approval(folder, first)
    write_approval(folder, first)
    assert read_approvals(folder) == [first]


def test_a_missing_artefact_is_told(folder: Path) -> None:
    (folder / "files" / "en" / "letter.pdf").unlink()
    with pytest.raises(LetterFolderNotReadable, match="A file of the letter is missing"):
        read_artefacts(folder, small_record())


def test_a_file_that_nobody_approved_is_told(folder: Path) -> None:
    (folder / "files" / "en" / "READ-ME.pdf").write_bytes(b"%PDF-")
    with pytest.raises(LetterFolderNotReadable, match=r"READ-ME\.pdf"):
        read_artefacts(folder, small_record())


@pytest.mark.parametrize("name", ["../record.json", "/etc/hostname", "en/../../seal.json"])
def test_a_record_cannot_ask_for_files_outside_its_folder(folder: Path, name: str) -> None:
    with pytest.raises(LetterFolderNotReadable):
        read_artefacts(folder, {"artefacts": {name: "0"}})


@pytest.mark.parametrize("record", [{}, {"artefacts": None}, {"artefacts": 5}])
def test_a_record_without_artefacts_is_told(folder: Path, record: dict) -> None:
    with pytest.raises(LetterFolderNotReadable):
        read_artefacts(folder, record)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"nonsense"])
def test_a_damaged_record_or_approval_is_told(folder: Path, data: bytes) -> None:
    write_approval(folder, sealed().approvals[0])
    for file in (folder / "record.json", folder / "approvals" / "council.json"):
        file.write_bytes(data)
    with pytest.raises(LetterFolderNotReadable, match=r"record\.json"):
        read_record(folder)
    with pytest.raises(LetterFolderNotReadable, match=r"council\.json"):
        read_approvals(folder)


@pytest.mark.parametrize("change", [{"digest": 5}, {"more": "x"}, {"signature": None}])
def test_what_is_no_approval_is_told(folder: Path, change: dict) -> None:
    file = write_approval(folder, sealed().approvals[0])
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(LetterFolderNotReadable, match="not an approval"):
        read_approvals(folder)


def test_a_folder_without_a_record_is_told(tmp_path: Path) -> None:
    with pytest.raises(LetterFolderNotReadable):
        read_record(tmp_path)


def test_a_folder_without_a_seal_is_told(folder: Path) -> None:
    with pytest.raises(LetterFolderNotReadable, match="no seal"):
        read_seal(folder / "seal.json")


def test_a_damaged_seal_is_told(folder: Path) -> None:
    file = write_seal(folder, sealed())
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(SealNotReadable, match=r"^seal\.json"):
        read_seal(file)


@pytest.mark.parametrize("file", ["record.json", "approvals/council.json"])
def test_a_key_that_stands_twice_is_told(folder: Path, file: str) -> None:
    write_approval(folder, replace(sealed().approvals[0], signatory="council"))
    whole = (folder / file).read_text()
    (folder / file).write_text(whole.replace('"reference":', '"reference": "ES-2703-AAAA", "reference":', 1))
    with pytest.raises(LetterFolderNotReadable, match="is in the file twice"):
        read_record(folder) if file == "record.json" else read_approvals(folder)
