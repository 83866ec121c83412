"""A terminal is told nothing by a letter, a seal or a file's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.cli.console.shown import shown
from everyfamily.cli.main import main
from everyfamily.core.letter.letters import Letter
from everyfamily.letters.files.record import letter_of
from everyfamily.rendering.email import render_email
from tests.factories.city import REFERENCE, sealed_letter
from tests.factories.demonstration import HARBOUR
from tests.factories.seals_by_hand import demo_record, seal_by_hand

CLEARS_THE_SCREEN = "\x1b[2J\x1b[H"
ORDERS = ("\x1b", "\x07", "\x9b", "\x00", "\r", "\u202e", "\u2066")


@pytest.mark.parametrize("order", ORDERS)
def test_an_order_to_a_terminal_becomes_a_sign(order: str) -> None:
    assert order not in shown(f"Genuine{order}, unchanged")


@pytest.mark.parametrize("text", ["Eastmere – “a letter”, 1,233", "اردو", "می\u200cخواهم", "Łódź", "EF310: x"])
def test_words_stay_as_they_are(text: str) -> None:
    assert shown(text) == text


def verified(what: Path | str, seals: Path) -> str:
    # As on a terminal: elsewhere click takes orders out itself.
    return CliRunner().invoke(main, ["verify", str(what), "--seals", str(seals)], color=True).output


@pytest.mark.slow
def test_a_forged_letter_does_not_write_its_own_verdict(tmp_path: Path) -> None:
    letter: Letter = letter_of(sealed_letter()[0].record)
    (tmp_path / f"{REFERENCE}.json").write_text(sealed_letter()[0].to_json(), encoding="utf-8")
    words = render_email(letter, "en", HARBOUR).text.split()
    words[0] = f"{CLEARS_THE_SCREEN}Genuine,\u202e"
    (tmp_path / "letter.txt").write_text(" ".join(words), encoding="utf-8")
    said = verified(tmp_path / "letter.txt", tmp_path)
    assert "Not the sealed words" in said
    assert CLEARS_THE_SCREEN not in said
    assert "\u202e" not in said


@pytest.mark.slow
def test_a_name_in_a_seal_does_not_either(tmp_path: Path) -> None:
    record = demo_record()
    for who in (*record["letter"]["signatories"], *record["required_signatories"]):
        who["name"] = f"{CLEARS_THE_SCREEN}Una Marsh"
    (tmp_path / f"{REFERENCE}.json").write_text(seal_by_hand(record).to_json(), encoding="utf-8")
    said = verified(REFERENCE, tmp_path)
    assert "Una Marsh" in said
    assert CLEARS_THE_SCREEN not in said


def test_the_name_of_a_file_that_cannot_be_read_does_not_either(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2Jb.pdf").write_bytes(b"")
    said = verified(tmp_path / "a\x1b[2Jb.pdf", tmp_path)
    assert "EF801" in said
    assert "\x1b" not in said
