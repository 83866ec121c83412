"""Story: a signatory is shown what they approve, compares it over the phone, and says yes or no."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from tests.journeys.test_letter_commands import PACK, Officer

pytestmark = pytest.mark.slow


@pytest.fixture
def officer(tmp_path: Path) -> Officer:
    made = Officer(tmp_path)
    assert made.composes().exit_code == 0
    return made


def words(officer: Officer, who: str = "police", letter: str = "letter", key: str | None = None) -> list[str]:
    return [
        *("approve", str(officer.folder / letter), "--signatory", who),
        *("--key", str(officer.folder / f"{key or who}.pem"), "--passphrase-file", officer.passphrase),
    ]


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, words: list[str], answer: str) -> Result:
    monkeypatch.setattr("everyfamily.cli.letters.approving.can_ask", lambda: True)
    return CliRunner().invoke(main, words, input=answer)


def approved(officer: Officer, letter: str = "letter") -> list[str]:
    return sorted(file.stem for file in (officer.folder / letter / "approvals").glob("*.json"))


def test_nobody_approves_without_being_asked(officer: Officer) -> None:
    for more in ([], ["--yes"]):
        done = officer.types(*words(officer), *more)
        assert (done.exit_code, "EF390" in done.output) == (2, True), done.output
    assert approved(officer) == []


@pytest.mark.parametrize("wrong", ["0000 0000 0000 0000 0000", "", "zz"])
def test_another_fingerprint_is_refused(officer: Officer, wrong: str) -> None:
    done = officer.types(*words(officer), "--yes", "--fingerprint", wrong)
    assert (done.exit_code, "EF391" in done.output) == (2, True), done.output
    assert officer.fingerprint() in done.output
    assert approved(officer) == []


def test_the_beginning_of_the_fingerprint_is_not_enough(officer: Officer) -> None:
    done = officer.types(*words(officer), "--yes", "--fingerprint", officer.fingerprint()[:14])
    assert (done.exit_code, "EF391" in done.output) == (2, True)


def test_what_is_approved_is_shown_and_a_no_signs_nothing(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = at_a_terminal(monkeypatch, words(officer), "n\n")
    assert done.exit_code != 0
    for line in (
        "You are asked to approve, for Eastmere Police (Tom Garrowby, Assistant Chief Constable):",
        "Letter       ES-2703-K7R4, topic child-sexual-exploitation, a demonstration",
        "Term         spring term 2027, dated 2 March 2027, in en",
        f"Fingerprint  {officer.fingerprint()}",
        "Findings     none",
        "Waivers      none",
        "Changed      there is no approved version next to this folder",
        "do you approve exactly this letter? [y/N]",
    ):
        assert line in done.output
    assert approved(officer) == []


def test_the_fingerprint_has_short_groups_that_are_read_out(officer: Officer) -> None:
    groups = officer.fingerprint().split()
    assert [len(group) for group in groups] == [4, 4, 4, 4, 4]


def test_a_yes_signs(officer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    done = at_a_terminal(monkeypatch, words(officer), "y\n")
    assert done.exit_code == 0, done.output
    assert f"Eastmere Police approved ES-2703-K7R4, fingerprint {officer.fingerprint()}." in done.output
    assert approved(officer) == ["police"]


def test_a_script_gets_one_json_value(officer: Officer) -> None:
    done = officer.types(*words(officer), "--yes", "--fingerprint", officer.fingerprint(), "--json")
    assert json.loads(done.output)["signatory"] == "police"
    assert officer.types(*words(officer), "--json").exit_code == 2


def _changed_letter(officer: Officer, out: str = "second") -> None:
    text = officer.partnership.read_text(encoding="utf-8").replace("0151 496 0120", "0151 496 0121")
    officer.partnership.write_text(text, encoding="utf-8")
    done = officer.types(
        *("compose", str(PACK), "--partnership", str(officer.partnership), "--term", "spring-2027"),
        *("--dated", "2027-03-03", "--reference", "ES-2703-K7R4", "--out", str(officer.folder / out)),
    )
    assert done.exit_code == 0, done.output


def test_words_that_changed_since_the_last_approval_are_shown(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert officer.approves("police").exit_code == 0
    _changed_letter(officer)
    said = at_a_terminal(monkeypatch, words(officer, letter="second"), "n\n").output
    assert "since the letter in letter, which Eastmere Police approved on " in said
    assert '    the route "local":\n' in said
    assert (
        "      - Eastmere children’s team, Eastmere children’s team, 0151 496 0120, Any worry, day or night"
        in said
    )
    assert (
        "      + Eastmere children’s team, Eastmere children’s team, 0151 496 0121, Any worry, day or night"
        in said
    )
    assert "      - 2027-03-02\n      + 2027-03-03\n" in said


def test_without_an_approval_of_ones_own_that_of_another_signatory_counts(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert officer.approves("childrens-services").exit_code == 0
    _changed_letter(officer)
    said = at_a_terminal(monkeypatch, words(officer, letter="second"), "n\n").output
    assert "since the letter in letter, which Eastmere City Council approved on " in said


def test_a_forged_approval_beside_the_folder_is_no_earlier_version(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert officer.approves("police").exit_code == 0
    file = officer.folder / "letter" / "approvals" / "police.json"
    file.write_text(file.read_text().replace('"signature": "', '"signature": "AA'))
    _changed_letter(officer)
    said = at_a_terminal(monkeypatch, words(officer, letter="second"), "n\n").output
    assert "Changed      there is no approved version next to this folder" in said
    named = at_a_terminal(
        monkeypatch, [*words(officer, letter="second"), "--since", str(officer.folder / "letter")], "n\n"
    ).output
    assert "since the letter in letter, which nobody approved" in named


def test_the_wrong_key_is_refused_with_advice_to_its_holder(officer: Officer) -> None:
    done = officer.approves("police", key="childrens-services")
    assert (done.exit_code, "EF302: This key is not the key" in done.output) == (2, True), done.output
    assert "Give the key file whose public half is in the partnership's file for you." in done.output
    assert "Ask them" not in done.output
    unknown = officer.types(*words(officer, "polce", key="police"))
    assert "Give one of: childrens-services, police." in unknown.output


@pytest.mark.parametrize("weak", ["short", "Liverpool Police 2026!"])
def test_a_key_is_not_made_under_a_weak_passphrase(officer: Officer, weak: str) -> None:
    file, out = officer.folder / "weak", officer.folder / "weak.pem"
    file.write_text(weak)
    done = officer.types("key", "--out", str(out), "--passphrase-file", str(file))
    assert (done.exit_code, "EF389" in done.output, out.exists()) == (2, True, False), done.output
    assert "Take four words" in done.output
    assert weak not in done.output


def test_at_a_real_terminal_it_waits_for_an_answer(officer: Officer) -> None:
    """Through a terminal of the system: what a person types there signs, or does not."""
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "everyfamily.cli.main", *words(officer)]
    with subprocess.Popen(command, stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as running:
        os.write(master, b"y\n")
        said = running.communicate(timeout=240)[0].decode()
    os.close(slave)
    os.close(master)
    assert running.returncode == 0, said
    assert "do you approve exactly this letter?" in said
    assert approved(officer) == ["police"]
