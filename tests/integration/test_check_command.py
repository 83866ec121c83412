"""`everyfamily check` as it is typed: files, standard input, options, exit codes, fixes."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit
from everyfamily.checks.model.waiver_file import parse_waivers
from everyfamily.checks.run.codes import RULES
from everyfamily.cli.letters import check_command
from everyfamily.cli.main import main
from everyfamily.core.partnership.partnership import load_partnership
from tests.factories.demonstration import PARTNERSHIP, ROOT

pytestmark = pytest.mark.slow
FAULT = "Some children are putting themselves at risk of sexual exploitation.\n"
PACK = ROOT / "packs/child-sexual-exploitation"


def check(*words: str | Path, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words), "--today", "2027-03-02"], input=given)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "old letter.txt"
    path.write_text(f"Child sexual exploitation\n{FAULT}", encoding="utf-8")
    return path


@pytest.fixture
def fixes_cells(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A rule that offers "phone" for "cell phone", which is always safe."""

    def find(context: CheckContext) -> Iterator[Hit]:
        for piece in context.pieces:
            at = piece.text.find("cell phone")
            if at >= 0:
                yield Hit(piece, at, at + 10, "“cell phone” is American", "Write phone.", fix="phone")

    made = replace(RULES["RD001"], check=find)
    monkeypatch.setitem(RULES, "RD001", made)
    yield


def test_our_own_pack_has_no_finding(tmp_path: Path) -> None:
    done = check(PACK, "--partnership", PARTNERSHIP, "--term", "spring-2027")
    assert (done.exit_code, "Nothing found in" in done.stdout) == (0, True), done.output


def test_a_fault_is_shown_at_its_place_and_is_exit_1(letter: Path) -> None:
    done = check(letter, "--select", "HM103")
    assert done.exit_code == 1
    assert f"{letter}:2:19\n" in done.stdout
    assert "Found in" in done.stdout


def test_nothing_found_is_exit_0(letter: Path) -> None:
    done = check(letter, "--select", "HM101")
    assert (done.exit_code, "Nothing found" in done.stdout) == (0, True)


def test_advice_alone_is_exit_0(letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RULES, "HM103", replace(RULES["HM103"], severity=Severity.ADVICE))
    done = check(letter, "--select", "HM103")
    assert (done.exit_code, "1 piece of advice" in done.stdout) == (0, True)


def test_standard_input_is_read_and_may_have_a_name() -> None:
    done = check("-", "--select", "HM103", "--json", given=FAULT)
    assert [(row["code"], row["file"]) for row in json.loads(done.stdout)["findings"]] == [
        ("HM103", "standard input")
    ]
    named = check("-", "--stdin-name", "a.md", "--select", "HM103", "--json", given=FAULT)
    assert [row["file"] for row in json.loads(named.stdout)["findings"]] == ["a.md"]
    page = check("-", "--json", given=f"<!DOCTYPE html><html><body><p>{FAULT}</p></body></html>")
    assert {row["file"] for row in json.loads(page.stdout)["findings"]} == {"standard input"}


def test_several_are_one_list_with_their_paths_and_one_unread_keeps_none_back(letter: Path) -> None:
    done = check(letter, letter.parent / "absent.txt", letter, "--select", "HM103", "--format", "json")
    assert done.exit_code == 2
    assert [row["file"] for row in json.loads(done.stdout)["findings"]] == [str(letter), str(letter)]
    assert "absent.txt:1: EF702: There is no such file." in done.stderr


def test_families_go_by_name_and_with_commas(letter: Path) -> None:
    given = json.loads(check(letter, "--about-harm", "--select", "harm,RD", "--ignore", "HM103", "--json").stdout)
    rows = given["findings"]
    assert {row["code"][:2] for row in rows} == {"HM"}
    assert "HM103" not in {row["code"] for row in rows}
    assert check(letter, "--select", "nonsense").exit_code == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Give a letter to check"),
        (("-", "-"), "Standard input can be read only once"),
        (("-", "--diff"), "--diff belongs to --fix"),
        ((PACK,), "--partnership FILE and --term TERM"),
        ((PACK, "--about-harm"), "always about harm"),
        ((PACK, "--not-about-harm"), "Leave out --about-harm"),
        ((PACK.parent,), "not a letter and not a pack"),
    ],
)
def test_what_makes_no_sense_is_one_sentence_and_exit_2(words: tuple[str | Path, ...], says: str) -> None:
    done = check(*words, given=FAULT)
    assert (done.exit_code, says in done.stderr, done.stdout) == (2, True, ""), done.stderr


def test_a_composed_letter_has_its_waivers_in_its_record(tmp_path: Path) -> None:
    (tmp_path / "record.json").write_text("{}")
    waivers = tmp_path / "agreed.toml"
    waivers.write_text("")
    done = check(tmp_path, "--waivers", waivers)
    assert (done.exit_code, "EF703" in done.stderr) == (2, True)


def test_github_is_given_annotations(letter: Path) -> None:
    done = check(letter, "--select", "HM103", "--format", "github")
    assert done.stdout.startswith("::error file=")
    assert ",line=2,col=19,endColumn=45,title=HM103 child-as-the-risk::" in done.stdout


def test_rules_and_pages_are_shown() -> None:
    listed = check("--rules")
    assert (listed.exit_code, all(f"  {code}  " in listed.stdout for code in RULES)) == (0, True)
    explained = check("--explain", "child-as-the-risk")
    assert "Applies to " in explained.stdout
    assert check("--explain", "HM999").exit_code == 2


def test_a_letter_from_outside_is_checked_with_a_register(letter: Path) -> None:
    def skipped(*words: str | Path) -> bool:
        return "--partnership FILE" in " ".join(check(letter, "--about-harm", *words).stdout.split())

    needs_one = any("register" in str(need) for one in RULES.values() for need in one.needs)
    assert skipped() is needs_one
    assert not skipped("--partnership", PARTNERSHIP)


def test_an_agreed_warning_of_a_document_from_outside_stands(letter: Path, tmp_path: Path) -> None:
    letter.write_text("Dear parents\n\n" + "word " * 30 + "\n", encoding="utf-8")
    waivers = tmp_path / "agreed.toml"
    waivers.write_text(
        '[[waiver]]\ncode = "RD001"\npassage = "line 3"\nreason = "A law\'s own words"\n'
        'agreed_by = ["Jo Marsh"]\nends_on = 2027-07-01\n'
    )
    done = check(letter, "--select", "RD001,EV002,EV003", "--waivers", waivers)
    assert (done.exit_code, "agreed by Jo Marsh" in done.stdout) == (0, True), done.stdout
    waivers.write_text(waivers.read_text().replace("line 3", "line 9"))
    unused = check(letter, "--select", "RD001,EV002,EV003", "--waivers", waivers)
    assert (unused.exit_code, "EV002" in unused.stdout, "agreed.toml:1" in unused.stdout) == (1, True, True)


@pytest.mark.usefixtures("fixes_cells")
class TestFixes:
    def test_a_fix_is_written_and_the_rest_of_the_file_stays(self, tmp_path: Path) -> None:
        file = tmp_path / "a.txt"
        before = "\ufeffYour cell phone.\r\n\r\nHer cell phone.\r\n".encode()
        file.write_bytes(before)
        file.chmod(0o640)
        shown = check(file, "--select", "RD001", "--fix", "--diff")
        assert (shown.exit_code, "+Her phone." in shown.stdout, file.read_bytes()) == (1, True, before)
        done = check(file, "--select", "RD001", "--fix")
        assert (done.exit_code, "2 fixes written" in done.stderr) == (0, True), done.output
        assert file.read_bytes() == "\ufeffYour phone.\r\n\r\nHer phone.\r\n".encode()
        assert file.stat().st_mode & 0o777 == 0o640
        assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
        again = check(file, "--select", "RD001", "--fix", "--diff")
        assert (again.exit_code, again.stdout) == (0, "")
        assert again.stderr.endswith("a.txt: nothing that --fix would write.\n")

    def test_a_word_file_is_not_written(self, tmp_path: Path) -> None:
        file = tmp_path / "a.html"
        file.write_text("<p>Your cell phone.</p>")
        done = check(file, "--select", "RD001", "--fix")
        assert (done.exit_code, "Correct a.html in its own program" in done.stderr) == (0, True)
        assert file.read_text() == "<p>Your cell phone.</p>"

    def test_a_file_in_another_encoding_is_left_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "a.txt"
        file.write_bytes("Your cell phone, Zo\u00eb.".encode("latin-1"))
        done = check(file, "--select", "RD001", "--fix")
        assert (done.exit_code, "no fixes written" in done.stderr) == (0, True)
        assert file.read_bytes() == "Your cell phone, Zo\u00eb.".encode("latin-1")

    def test_a_packs_text_is_fixed_where_it_stands(self, tmp_path: Path) -> None:
        pack = tmp_path / PACK.name
        shutil.copytree(PACK, pack)
        text = pack / "letter.en.md"
        before = text.read_text(encoding="utf-8")
        faulty = before.replace("a phone you", "a cell phone you")
        assert faulty != before
        text.write_text(faulty, encoding="utf-8")
        words = ("--partnership", PARTNERSHIP, "--term", "spring-2027", "--select", "RD001", "--fix")
        done = check(pack, *words)
        assert (done.exit_code, "1 fix written" in done.stderr) == (0, True), done.output
        assert text.read_text(encoding="utf-8") == faulty.replace("a cell phone", "a phone")

    def test_a_failed_write_leaves_the_file_as_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "a.txt"
        file.write_text("Your cell phone.")

        def full(*_: object) -> None:
            raise OSError("No space left")

        monkeypatch.setattr("os.fsync", full)
        assert check(file, "--select", "RD001", "--fix").exit_code == 2
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "Your cell phone.")]


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_command._paint()("x", "error") == "x"
    monkeypatch.setattr(check_command.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert check_command._paint()("x", "error").startswith("\x1b[")
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as one:
            one.setenv(name, value)
            assert check_command._paint()("x", "error") == "x"
    monkeypatch.setattr(check_command.shutil, "get_terminal_size", lambda _: os.terminal_size((400, 9)))
    assert check_command._width() == 100


HOWTO = ROOT / "docs/howto"


def test_the_example_in_the_howto_is_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (HOWTO / "check-a-letter.md").read_text(encoding="utf-8")
    command, _, shown = page.split("```console\n$ everyfamily ")[1].split("```")[0].partition("\n")
    monkeypatch.chdir(tmp_path)
    Path("old-letter.txt").write_text(
        "Dear Parents,\n\nSexual exploitation of children\n\nSome girls are putting themselves at risk online. "
        "We recommend that you find out who your daughter talks to.\n"
    )
    assert CliRunner().invoke(main, command.split()).stdout.startswith(shown)


def test_a_waiver_of_one_letter_does_not_count_in_another(tmp_path: Path) -> None:
    for name in ("agreed.txt", "another.txt"):
        (tmp_path / name).write_text("Short.\n")
    waivers = tmp_path / "agreed.toml"
    waivers.write_text("")
    done = check(tmp_path / "agreed.txt", tmp_path / "another.txt", "--waivers", waivers)
    assert (done.exit_code, "--waivers is for one letter" in done.output) == (2, True), done.output


def test_the_example_of_a_waiver_is_one() -> None:
    page = (HOWTO / "agree-a-waiver.md").read_text(encoding="utf-8")
    (waiver,) = parse_waivers(page.split("```toml\n")[1].split("```")[0], "waivers.toml")
    assert waiver.code in RULES
    assert waiver.agreed_by == tuple(who.id for who in load_partnership(PARTNERSHIP).signatories)
