"""A letter's folder comes from another body: what stands in its record is checked and approved, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.core.keys.signing import SigningKey
from tests.factories.seals_by_hand import demo_record

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A letter's folder with a record that no template can render."""
    record = demo_record()
    record["letter"]["texts"]["en"]["sections"] = []
    record["artefacts"] = {}
    letter = tmp_path / "letter"
    (letter / "files").mkdir(parents=True)
    (letter / "record.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "key.pem").write_bytes(SigningKey.new().to_pem(b"of this test"))
    (tmp_path / "passphrase").write_bytes(b"of this test")
    return letter


@pytest.mark.parametrize(("command", "code"), [("check", "EF164"), ("approve", "EF314"), ("seal", "EF314")])
def test_a_record_that_cannot_be_rendered_is_refused_in_a_sentence(folder: Path, command: str, code: str) -> None:
    from everyfamily.cli.main import main

    words = [command, str(folder)]
    if command != "check":
        words += [
            *("--key", str(folder.parent / "key.pem")),
            *("--passphrase-file", str(folder.parent / "passphrase")),
        ]
    if command == "approve":
        words += ["--signatory", "police"]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, code in done.output, "EF001" in done.output) == (2, True, False), done.output


def test_a_record_that_holds_no_letter_is_refused_in_a_sentence(folder: Path) -> None:
    from everyfamily.cli.main import main

    (folder / "record.json").write_text('{"letter": {"dated": "soon"}}', encoding="utf-8")
    done = CliRunner().invoke(main, ["check", str(folder)])
    assert (done.exit_code, "EF314" in done.output) == (2, True), done.output
