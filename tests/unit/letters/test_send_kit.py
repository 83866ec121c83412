"""The kit of a sealed letter: every file genuine, the same bytes for everyone, and none without a seal."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from everyfamily.core.agreement.seals import Seal
from everyfamily.letters.files.folder import write_letter_folder, write_seal
from everyfamily.letters.files.send_kit import (
    KitPlaceTaken,
    LetterNotSealed,
    kit_of,
    sealed_kit,
    write_kit,
    zipped,
)
from everyfamily.letters.files.verification import Proof, verify_file
from tests.unit.letters.conftest import Published


@pytest.fixture
def folder(published: Published, tmp_path: Path) -> Path:
    place = tmp_path / "letter"
    write_letter_folder(place, published.seal.record, published.artefacts)
    write_seal(place, published.seal)
    return place


def test_every_file_of_the_kit_is_genuine_by_the_kits_own_seal(folder: Path, tmp_path: Path) -> None:
    _, kit = sealed_kit(folder)
    write_kit(tmp_path / "kit", kit)
    files = [path for path in (tmp_path / "kit").rglob("*") if path.is_file() and path.name != "seal.json"]
    assert {path.name for path in files} >= {
        "README.txt",
        "start-here.html",
        "letter.docx",
        "letter-large-print.pdf",
        "newsletter.txt",
    }
    assert len(files) == 13
    for path in files:
        said = verify_file(path, tmp_path / "kit", sealing_key=None)
        assert said.proof is Proof.GENUINE, path.name


def test_no_name_in_the_kit_names_the_topic(folder: Path, published: Published) -> None:
    _, kit = sealed_kit(folder)
    words = published.letter.topic_words
    assert not [name for name in kit for word in words if word.casefold() in name.casefold()]


def test_the_zip_is_the_same_for_everyone_and_holds_the_same_files(folder: Path, tmp_path: Path) -> None:
    _, kit = sealed_kit(folder)
    write_kit(tmp_path / "kit.zip", kit)
    data = (tmp_path / "kit.zip").read_bytes()
    assert data == zipped(dict(reversed(kit.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == kit


def test_a_letter_without_a_seal_gives_no_kit(folder: Path) -> None:
    (folder / "seal.json").unlink()
    with pytest.raises(LetterNotSealed, match="not sealed yet"):
        sealed_kit(folder)


def test_a_seal_that_is_not_this_records_gives_no_kit(folder: Path) -> None:
    record = (folder / "record.json").read_text(encoding="utf-8")
    (folder / "record.json").write_text(record.replace("Eastmere", "Westmere"), encoding="utf-8")
    with pytest.raises(LetterNotSealed, match="not the one that was sealed"):
        sealed_kit(folder)


def test_a_seal_that_is_not_good_gives_no_kit(folder: Path, published: Published) -> None:
    seal = published.seal
    write_seal(folder, Seal.from_json(seal.to_json().replace(seal.digest, "0" * 64).encode()))
    with pytest.raises(LetterNotSealed):
        sealed_kit(folder)


@pytest.mark.parametrize("name", ["en/letter.docx", "en/newsletter.txt", "README.txt"])
def test_a_file_that_was_changed_gives_no_kit(published: Published, name: str) -> None:
    changed = {**published.artefacts, name: published.artefacts[name] + b" "}
    with pytest.raises(LetterNotSealed) as caught:
        kit_of(published.seal, changed)
    assert str(caught.value.place).startswith(name)


@pytest.mark.parametrize("name", ["kit", "kit.zip"])
def test_nothing_is_written_over(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    if place.suffix:
        place.write_bytes(b"mine")
    else:
        place.mkdir()
        (place / "mine.txt").write_text("mine")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(KitPlaceTaken):
        write_kit(place, {"README.txt": b"words"})
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_an_interrupted_run_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "kit.part").mkdir()
    (tmp_path / "kit.part" / "half.pdf").write_bytes(b"half")
    write_kit(tmp_path / "kit", {"English/letter.pdf": b"whole"})
    assert [path.name for path in (tmp_path / "kit").rglob("*") if path.is_file()] == ["letter.pdf"]
    assert not (tmp_path / "kit.part").exists()
