"""A hand that can sign can seal anything: `verify` says what it cannot compare, and never ends in an error of ours."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.files.artefacts import render_artefacts
from everyfamily.letters.files.letter_zip import SEAL_BYTES
from everyfamily.letters.files.proof import check_record
from everyfamily.letters.files.verification import LETTER_BYTES, Proof, verify_file, verify_seal
from tests.factories.city import REFERENCE
from tests.factories.demonstration import DATED, demo_letter
from tests.factories.records import small_record
from tests.factories.seals_by_hand import demo_record, seal_by_hand

Record = dict[str, Any]


@pytest.fixture
def seals(tmp_path: Path) -> Path:
    folder = tmp_path / "seals"
    folder.mkdir()
    return folder


def copy_of(reference: str, folder: Path) -> Path:
    file = folder / "letter.txt"
    file.write_text(f"Our reference {reference}. Ring this number.", encoding="utf-8")
    return file


def put(record: Record, seals: Path) -> None:
    (seals / f"{record['reference']}.json").write_text(seal_by_hand(record).to_json(), encoding="utf-8")


def without_sections(record: Record) -> None:
    record["letter"]["texts"]["en"]["sections"] = []


def without_texts(record: Record) -> None:
    record["letter"]["texts"] = {}


def without_english(record: Record) -> None:
    record["letter"]["texts"] = {"xx": record["letter"]["texts"]["en"]}


def without_routes(record: Record) -> None:
    record["letter"]["routes"] = []


def with_no_picture(record: Record) -> None:
    record["letter"]["bodies"][0]["logo_svg"] = "<svg"


def with_text_for_a_date(record: Record) -> None:
    record["letter"]["dated"] = "soon"


def with_nothing(record: Record) -> None:
    del record["letter"]["texts"]


def with_control_characters(record: Record) -> None:
    record["letter"]["area"] = "East\x00mere"


@pytest.mark.parametrize(
    "change",
    [
        *(without_sections, without_texts, without_english, without_routes),
        *(with_no_picture, with_text_for_a_date, with_nothing, with_control_characters),
    ],
)
def test_a_seal_whose_letter_cannot_be_rendered_compares_nothing(
    seals: Path, tmp_path: Path, change: Callable[[Record], None]
) -> None:
    record = demo_record()
    change(record)
    put(record, seals)
    said = verify_file(copy_of(REFERENCE, tmp_path), seals, sealing_key=None)
    assert said.proof is Proof.NO_LETTER
    assert said.details[0].startswith("EF317: ")
    assert said.reference == REFERENCE


def test_the_command_says_so_in_a_coded_sentence_and_exits_as_for_a_forgery(seals: Path, tmp_path: Path) -> None:
    from everyfamily.cli.main import main

    record = small_record()
    put(record, seals)
    file = copy_of(record["reference"], tmp_path)
    done = CliRunner().invoke(main, ["verify", str(file), "--seals", str(seals)])
    assert (done.exit_code, "EF317: " in done.output, "EF001" in done.output) == (1, True, False)
    done = CliRunner().invoke(main, ["verify", str(file), "--seals", str(seals), "--json"])
    assert json.loads(done.output)["proof"] == "the sealed letter cannot be rendered"


@pytest.mark.slow
def test_an_honest_seal_is_still_compared(seals: Path, tmp_path: Path) -> None:
    put(demo_record(), seals)
    assert verify_file(copy_of(REFERENCE, tmp_path), seals, sealing_key=None).proof is Proof.OTHER_WORDS


def test_a_seal_that_does_not_say_whether_it_is_a_demonstration_is_read(seals: Path) -> None:
    record = demo_record()
    del record["letter"]["demonstration"]
    put(record, seals)
    assert verify_seal(REFERENCE, seals, sealing_key=None).proof is Proof.GENUINE


def not_json(file: Path) -> None:
    file.write_text("seal", encoding="utf-8")


def other_json(file: Path) -> None:
    file.write_text("[]", encoding="utf-8")


def binary(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 20)


def folder(file: Path) -> None:
    file.mkdir()


def pipe(file: Path) -> None:
    os.mkfifo(file)


def device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def too_large(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(LETTER_BYTES + SEAL_BYTES)


@pytest.mark.parametrize("make", [not_json, other_json, binary, folder, pipe, device, too_large])
def test_what_is_no_seal_is_refused_by_name(seals: Path, tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(seals / f"{REFERENCE}.json")
    for ask in (
        lambda: verify_seal(REFERENCE, seals, sealing_key=None),
        lambda: verify_file(copy_of(REFERENCE, tmp_path), seals, sealing_key=None),
    ):
        with pytest.raises(EveryfamilyError, match=f"^{REFERENCE}.json") as raised:
            ask()
        assert raised.value.code == "EF304"


@pytest.mark.parametrize("make", [binary, folder, pipe, device, too_large])
def test_what_is_no_letter_is_refused_by_name(seals: Path, tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "letter.pdf")
    with pytest.raises(EveryfamilyError, match=r"^letter\.pdf"):
        verify_file(tmp_path / "letter.pdf", seals, sealing_key=None)


def test_a_name_longer_than_any_file_is_refused(seals: Path) -> None:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["verify", "x" * 5_000, "--seals", str(seals)])
    assert (done.exit_code, "EF001" in done.output) == (1, False)


def before_sources_were_kept(record: Record) -> None:
    """As `compose` wrote it before a record held sources and said who translated it, of which English."""
    del record["letter"]["sources"]
    for text in record["letter"]["texts"].values():
        del text["translator"], text["checker"], text["english_digest"]


@pytest.mark.slow
def test_a_letter_sealed_before_sources_were_kept_is_still_proven(seals: Path, tmp_path: Path) -> None:
    record = demo_record()
    before_sources_were_kept(record)
    put(record, seals)
    copy = tmp_path / "page.html"
    # With other line ends its bytes are not the sealed ones, and its words are compared with the record's letter.
    copy.write_bytes(render_artefacts(demo_letter())["en/page.html"].replace(b"\n", b"\r\n"))
    said = verify_file(copy, seals, sealing_key=None)
    assert (said.proof, said.reference) == (Proof.SEALED_WORDS, REFERENCE), said
    copy.write_bytes(copy.read_bytes().replace(b"trained person", b"kind person"))
    assert verify_file(copy, seals, sealing_key=None).proof is Proof.OTHER_WORDS


@pytest.mark.slow
def test_a_letter_sealed_before_sources_were_kept_is_told_no_new_fault(tmp_path: Path) -> None:
    record = demo_record()
    before_sources_were_kept(record)
    found = {finding.code for finding in check_record(record, today=DATED, select=["EV"]).findings}
    assert found == set()
