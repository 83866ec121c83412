"""Story: a communications officer makes a letter, the council and the police agree, and a parent checks it."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from everyfamily.checks.run.runner import CheckReport, Skipped
from everyfamily.cli.main import main
from everyfamily.core.agreement.seals import digest_of, fingerprint
from everyfamily.letters.files.artefacts import check_letter

pytestmark = pytest.mark.slow
DATA = Path(__file__).parents[2] / "src/everyfamily_demo/data"
PACK = Path(__file__).parents[2] / "packs/child-sexual-exploitation"
REFERENCE = "ES-2703-K7R4"
_keys: dict[str, tuple[bytes, str]] = {}


class Officer:
    """Types commands in its own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.partnership = folder / "partnership.toml"
        for file in DATA.glob("*.svg"):
            shutil.copy(file, folder)
        text = (DATA / "partnership.toml").read_text(encoding="utf-8")
        (folder / "passphrase").write_text("a passphrase of four words\n")
        for name in ("childrens-services", "police", "sealing"):
            said = self._has_key(name)
            if name != "sealing":
                text = text.replace('# public_key = "…"', said.strip(), 1)
            else:
                self.sealing_key = said.split('"')[1]
        self.partnership.write_text(text, encoding="utf-8")

    def _has_key(self, name: str) -> str:
        """Make a key by the command, once in a test process: a copy is as good. Returns what the command said."""
        file = self.folder / f"{name}.pem"
        if name not in _keys:
            made = self.types("key", "--out", str(file), "--passphrase-file", self.passphrase)
            assert made.exit_code == 0, made.output
            _keys[name] = file.read_bytes(), made.output
        file.write_bytes(_keys[name][0])
        file.chmod(0o600)
        return _keys[name][1]

    @property
    def passphrase(self) -> str:
        return str(self.folder / "passphrase")

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    def composes(self, pack: Path = PACK, reference: str = REFERENCE) -> Result:
        return self.types(
            *("compose", str(pack), "--partnership", str(self.partnership), "--term", "spring-2027"),
            *("--dated", "2027-03-02", "--reference", reference, "--out", str(self.folder / "letter")),
        )

    def approves(self, who: str, key: str | None = None) -> Result:
        """As a script does: with the fingerprint of the letter that was read."""
        return self.types(
            *("approve", str(self.folder / "letter"), "--signatory", who),
            *("--key", str(self.folder / f"{key or who}.pem"), "--passphrase-file", self.passphrase),
            *("--yes", "--fingerprint", self.fingerprint()),
        )

    def fingerprint(self) -> str:
        return fingerprint(digest_of(json.loads((self.folder / "letter" / "record.json").read_bytes())))

    def seals(self) -> Result:
        return self.types(
            *("seal", str(self.folder / "letter"), "--key", str(self.folder / "sealing.pem")),
            *("--passphrase-file", self.passphrase),
        )


@pytest.fixture
def officer(tmp_path: Path) -> Officer:
    return Officer(tmp_path)


def test_the_whole_way_from_pack_to_proof(officer: Officer) -> None:
    assert officer.composes().exit_code == 0
    checked = officer.types("check", str(officer.folder / "letter"), "--today", "2027-03-02")
    assert checked.exit_code == 0, checked.output
    assert officer.approves("childrens-services").exit_code == 0
    early = officer.seals()
    assert (early.exit_code, "not approved by Eastmere Police" in early.output) == (2, True)
    assert officer.approves("police").exit_code == 0
    assert officer.seals().exit_code == 0
    seals = officer.folder / "seals"
    seals.mkdir()
    shutil.copy(officer.folder / "letter" / "seal.json", seals / f"{REFERENCE}.json")
    for what in (REFERENCE, str(officer.folder / "letter" / "files" / "en" / "email.txt")):
        proven = officer.types("verify", what, "--seals", str(seals), "--sealing-key", officer.sealing_key)
        assert proven.exit_code == 0, proven.output
    known = officer.types("verify", REFERENCE, "--seals", str(seals), "--partnership", str(officer.partnership))
    assert (known.exit_code, "Give --partnership" in known.output) == (0, False)
    thief = officer.types(
        "key", "--out", str(officer.folder / "thief.pem"), "--passphrase-file", officer.passphrase
    )
    police = [line for line in officer.partnership.read_text().splitlines() if line.startswith("public_key")][1]
    officer.partnership.write_text(officer.partnership.read_text().replace(police, thief.output.strip()))
    forged = officer.types("verify", REFERENCE, "--seals", str(seals), "--partnership", str(officer.partnership))
    assert (forged.exit_code, "Eastmere Police did not approve it with a key" in forged.output) == (1, True)
    other = officer.types("verify", REFERENCE, "--seals", str(seals), "--sealing-key", "AAAA")
    assert (other.exit_code, "not the partnership's" in other.output) == (1, True)


def test_a_school_gets_the_kit_of_a_sealed_letter_and_of_no_other(officer: Officer) -> None:
    officer.composes()
    letter, kit = str(officer.folder / "letter"), officer.folder / "kit"
    early = officer.types("send-kit", letter, "--out", str(kit))
    assert (early.exit_code, "EF320" in early.output, kit.exists()) == (2, True, False)
    officer.approves("childrens-services")
    officer.approves("police")
    officer.seals()
    made = officer.types("send-kit", letter, "--out", str(kit), "--json")
    files = json.loads(made.output)["files"]
    assert {"README.txt", "seal.json", "English/letter.docx", "English/letter-large-print.pdf"} <= set(files)
    for name in files:
        if name != "seal.json":
            proven = officer.types(
                "verify", str(kit / name), "--seals", str(kit), "--sealing-key", officer.sealing_key
            )
            assert (proven.exit_code, "Genuine, unchanged" in proven.output) == (0, True), name
    twice = [officer.folder / name for name in ("one.zip", "two.zip")]
    for out in twice:
        assert officer.types("send-kit", letter, "--out", str(out)).exit_code == 0
    assert twice[0].read_bytes() == twice[1].read_bytes()
    again = officer.types("send-kit", letter, "--out", str(twice[0]))
    assert (again.exit_code, "EF321" in again.output) == (2, True)


def test_a_copy_of_the_demonstrations_partnership_is_refused_until_all_of_it_is_replaced(
    officer: Officer,
) -> None:
    """As the README says: cp -r demo/partnership mine."""
    text = officer.partnership.read_text(encoding="utf-8").replace("demonstration = true\n", "")
    officer.partnership.write_text(text, encoding="utf-8")
    done = officer.composes()
    assert (done.exit_code, "EF133" in done.output) == (2, True), done.output
    assert "When you compose a letter, everything else that is still the demonstration's is named." in done.output
    officer.partnership.write_text(text.replace('"demo"', '"Duty manager"'), encoding="utf-8")
    done = officer.composes()
    assert (done.exit_code, "partnership.toml:" in done.output, "EF380" in done.output) == (2, True, True), (
        done.output
    )
    for what in (
        "site (families.eastmere.example)",
        "number in [enquiries] (0151 496 0130)",
        'number of the route "local" (0151 496 0120)',
        'number of the route "survivors" (0151 496 0148)',
        'logo of the body "council"',
        'signature of "police"',
        'name of the signatory "police" (Tom Garrowby)',
        "add the line `demonstration = true` above `name =`",
    ):
        assert what in done.output
    assert not (officer.folder / "letter").exists()


def test_nobody_can_approve_for_the_police_without_their_key(officer: Officer) -> None:
    officer.composes()
    done = officer.approves("police", key="childrens-services")
    assert (done.exit_code, "EF302" in done.output) == (2, True)
    assert not (officer.folder / "letter" / "approvals").exists()


def test_an_edit_voids_the_approvals(officer: Officer) -> None:
    officer.composes()
    officer.approves("childrens-services")
    officer.approves("police")
    record = officer.folder / "letter" / "record.json"
    record.write_text(record.read_text().replace("It is not your child", "It is now your child", 1))
    done = officer.seals()
    assert (done.exit_code, "EF314" in done.output) == (2, True), done.output


@pytest.mark.parametrize("name", ["letter.pdf", "email.txt", "gaps-open/email.html", "page.html"])
def test_files_that_do_not_show_the_record_are_neither_approved_nor_sealed(officer: Officer, name: str) -> None:
    officer.composes()
    file = officer.folder / "letter" / "files" / "en" / name
    was = file.read_bytes()
    file.write_bytes(was.replace(b"a", b"e", 1))
    done = officer.approves("police")
    assert (done.exit_code, "EF314" in done.output, name in done.output) == (2, True, True)
    assert not (officer.folder / "letter" / "approvals").exists()
    file.write_bytes(was)
    assert officer.approves("police").exit_code == 0
    assert officer.approves("childrens-services").exit_code == 0
    file.write_bytes(was.replace(b"a", b"e", 1))
    assert (officer.seals().exit_code, (officer.folder / "letter" / "seal.json").exists()) == (2, False)


def test_digests_that_were_edited_with_the_files_do_not_help(officer: Officer) -> None:
    officer.composes()
    letter = officer.folder / "letter"
    file = letter / "files" / "en" / "email.txt"
    record = json.loads((letter / "record.json").read_bytes())
    file.write_bytes(file.read_bytes().replace(b"999", b"07700 900666"))
    record["artefacts"]["en/email.txt"] = hashlib.sha256(file.read_bytes()).hexdigest()
    (letter / "record.json").write_text(json.dumps(record))
    done = officer.approves("police")
    assert (done.exit_code, "does not look like en/email.txt" in done.output) == (2, True)


def _no_findings(record: dict[str, Any]) -> None:
    record["findings"] = [{"code": "XX001", "severity": "advice"}] if record["findings"] == [] else []


def _no_police(record: dict[str, Any]) -> None:
    record["required_signatories"] = [row for row in record["required_signatories"] if row["id"] != "police"]


def _another_engine(record: dict[str, Any]) -> None:
    record["engine"]["typst"] = "0.1"


def _another_rule_set(record: dict[str, Any]) -> None:
    record["rule_set"] = "2025.9"


def _a_waiver(record: dict[str, Any]) -> None:
    record["waivers"] = [{"code": "HM101"}]


def _no_letter(record: dict[str, Any]) -> None:
    record["letter"] = {"texts": 5}


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_no_findings, "not what the checks find"),
        (_no_police, "not the people printed as signatories"),
        (_another_engine, "composed with another version"),
        (_another_rule_set, "checked with another set of rules"),
        (_a_waiver, "waivers cannot be read"),
        (_no_letter, "no letter that can be read"),
    ],
)
def test_an_edited_record_is_not_approved(
    officer: Officer, edit: Callable[[dict[str, Any]], None], said: str
) -> None:
    officer.composes()
    file = officer.folder / "letter" / "record.json"
    record = json.loads(file.read_bytes())
    edit(record)
    file.write_text(json.dumps(record))
    done = officer.approves("childrens-services")
    assert (done.exit_code, "EF314" in done.output, said in done.output) == (2, True, True), done.output


def test_a_letter_that_not_every_check_could_look_at_is_not_approved(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_large_print(*args: Any, **options: Any) -> CheckReport:
        return replace(check_letter(*args, **options), skipped=(Skipped("AC009", "needs the files"),))

    officer.composes()
    monkeypatch.setattr("everyfamily.letters.files.proof.check_letter", without_large_print)
    done = officer.approves("police")
    assert (done.exit_code, "AC009 could not look at the letter" in done.output) == (2, True), done.output
    assert not (officer.folder / "letter" / "approvals").exists()


def test_a_route_past_its_date_is_found_and_stops_approval(officer: Officer) -> None:
    text = officer.partnership.read_text(encoding="utf-8")
    officer.partnership.write_text(
        text.replace("expires_on = 2027-03-", "expires_on = 2027-02-"), encoding="utf-8"
    )
    composed = officer.composes()
    if composed.exit_code == 0:
        done = officer.approves("police")
        assert (done.exit_code, "EF309" in done.output) == (2, True)
    else:
        # Print refuses a stale route even before anybody is asked.
        assert (composed.exit_code, "expired" in composed.output) == (2, True)
        assert not (officer.folder / "letter").exists()


def test_a_partnership_without_the_police_is_refused_with_file_line_and_fix(officer: Officer) -> None:
    text = officer.partnership.read_text(encoding="utf-8")
    officer.partnership.write_text(
        text.replace(
            'required_signatories = ["childrens-services", "police"]',
            'required_signatories = ["childrens-services"]',
        )
    )
    done = officer.composes()
    assert done.exit_code == 2
    assert "partnership.toml:" in done.output
    assert "EF132" in done.output


def test_a_pack_with_a_missing_section_is_refused_and_nothing_is_written(
    officer: Officer, tmp_path: Path
) -> None:
    pack = tmp_path / "pack"
    shutil.copytree(PACK, pack)
    letter = pack / "letter.en.md"
    text = letter.read_text(encoding="utf-8")
    start = text.index("{#fault}")
    letter.write_text(
        text[: text.rindex("\n## ", 0, start)] + text[text.index("\n## ", start) :], encoding="utf-8"
    )
    done = officer.composes(pack)
    assert (done.exit_code, "fault" in done.output) == (2, True)
    assert not (officer.folder / "letter").exists()


def test_composing_says_where_the_press_lines_are_or_that_there_are_none(
    officer: Officer, tmp_path: Path
) -> None:
    lines = officer.folder / "letter" / "files" / "en" / "press-lines.pdf"
    assert f"For your press offices, not for schools: {lines}" in officer.composes().output
    assert lines.exists()
    assert f"And then     {lines}, which your press office says" in officer.approves("police").output
    shutil.rmtree(officer.folder / "letter")
    shutil.copytree(PACK, tmp_path / "pack")
    (tmp_path / "pack" / "press.en.md").unlink()
    assert "The pack has no press lines (press.en.md). Agree" in officer.composes(tmp_path / "pack").output
    assert not lines.exists()


def test_check_explains_a_rule_and_gives_one_json_object(officer: Officer) -> None:
    assert "Why it matters" in officer.types("check", "--explain", "TR001").output
    officer.composes()
    found = officer.types("check", str(officer.folder / "letter"), "--today", "2029-01-01", "--json")
    assert found.exit_code == 1
    assert {row["code"] for row in json.loads(found.output)["findings"]} & {"TR001", "TR002", "TR003"}


def test_a_key_is_never_overwritten(officer: Officer) -> None:
    done = officer.types(
        "key", "--out", str(officer.folder / "police.pem"), "--passphrase-file", officer.passphrase
    )
    assert done.exit_code == 2


def test_what_cannot_be_verified_is_told_apart_from_a_forgery(officer: Officer) -> None:
    seals = officer.folder / "seals"
    seals.mkdir()
    (officer.folder / "empty.pdf").write_bytes(b"")
    for what in (seals, officer.folder / "empty.pdf", officer.folder / "nothing-here.pdf"):
        done = officer.types("verify", str(what), "--seals", str(seals))
        assert (done.exit_code, "EF801" in done.output, "Traceback" in done.output) == (2, True, False), what


def test_what_nobody_foresaw_is_one_sentence_without_what_it_said(
    officer: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*words: object, **named: object) -> None:
        raise RuntimeError("Ada Ferris, 4 Lantern Row")

    monkeypatch.setattr("everyfamily.cli.letters.verify_command.verify_seal", fails)
    done = officer.types("verify", REFERENCE, "--seals", str(officer.folder))
    assert done.exit_code == 2
    assert (
        done.output == "EF001: Something went wrong that we did not foresee: RuntimeError. Please report this.\n"
    )
    monkeypatch.setenv("EVERYFAMILY_DEBUG", "1")
    with pytest.raises(RuntimeError):
        CliRunner().invoke(main, ["verify", REFERENCE, "--seals", str(officer.folder)], catch_exceptions=False)


THREE_SENTENCES = (
    "a kind of sexual abuse. Someone tricks, pressures or controls a child under 18, in person or online. "
    "The child may not see that it is abuse."
)
ONE_SENTENCE = (
    "a kind of sexual abuse: someone tricks, pressures or controls a child under 18, in person or online, "
    "and the child may not see that it is abuse."
)


def _with_a_long_sentence(officer: Officer) -> Path:
    pack = officer.folder / "pack" / "child-sexual-exploitation"
    shutil.copytree(PACK, pack)
    text = pack / "letter.en.md"
    words = text.read_text(encoding="utf-8")
    assert THREE_SENTENCES in words
    text.write_text(words.replace(THREE_SENTENCES, ONE_SENTENCE, 1), encoding="utf-8")
    return pack


def _agreed(officer: Officer, passage: str, *who: str, ends_on: str = "2027-07-31") -> Path:
    file = officer.folder / "agreed.toml"
    names = ", ".join(f'"{name}"' for name in who)
    file.write_text(
        f'[[waiver]]\ncode = "RD001"\npassage = "{passage}"\nreason = "The law\'s own words"\n'
        f"agreed_by = [{names}]\nends_on = {ends_on}\n"
    )
    return file


def _composes_with(officer: Officer, pack: Path, waivers: Path) -> Result:
    return officer.types(
        *("compose", str(pack), "--partnership", str(officer.partnership), "--term", "spring-2027"),
        *("--dated", "2027-03-02", "--reference", REFERENCE, "--out", str(officer.folder / "letter")),
        *("--waivers", str(waivers)),
    )


def test_a_warning_that_every_signatory_lets_stand_is_sealed_with_its_waiver(officer: Officer) -> None:
    pack = _with_a_long_sentence(officer)
    assert officer.composes(pack).exit_code == 0
    record = officer.folder / "letter" / "record.json"
    (passage,) = {
        line.split(" in ")[1].split(",")[0]
        for line in officer.types(
            "check", str(officer.folder / "letter"), "--select", "RD001"
        ).output.splitlines()
        if "RD001 long-sentence" in line
    }
    refused = officer.approves("police")
    assert (refused.exit_code, "EF309" in refused.output) == (2, True), refused.output
    shutil.rmtree(officer.folder / "letter")
    waivers = _agreed(officer, passage, "childrens-services", "police")
    assert _composes_with(officer, pack, waivers).exit_code == 0
    held = json.loads(record.read_bytes())
    assert [(row["code"], row["passage"], row["agreed_by"]) for row in held["waivers"]] == [
        ("RD001", passage, ["childrens-services", "police"])
    ]
    checked = officer.types("check", str(officer.folder / "letter"), "--today", "2027-03-02")
    assert (checked.exit_code, f"Waived: RD001 in {passage}" in checked.output) == (0, True), checked.output
    for who in ("childrens-services", "police"):
        approved = officer.approves(who)
        assert (approved.exit_code, f"RD001 in {passage}, until" in approved.output) == (
            0,
            True,
        )
    assert officer.seals().exit_code == 0
    ended = officer.types("check", str(officer.folder / "letter"), "--today", "2027-08-01")
    assert (ended.exit_code, "ended on 31 July 2027" in ended.output) == (1, True), ended.output


@pytest.mark.parametrize(
    ("who", "ends_on"),
    [(("childrens-services",), "2027-07-31"), (("childrens-services", "police"), "2027-03-01")],
)
def test_a_waiver_without_a_signatory_or_past_its_end_stops_the_letter(
    officer: Officer, who: tuple[str, ...], ends_on: str
) -> None:
    pack = _with_a_long_sentence(officer)
    waivers = _agreed(officer, "what/1", *who, ends_on=ends_on)
    assert _composes_with(officer, pack, waivers).exit_code == 0
    done = officer.approves("police")
    assert (done.exit_code, "EF309" in done.output) == (2, True), done.output


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("agreed_by", ["childrens-services"]),
        ("passage", "what/2"),
        ("ends_on", "2027-03-01"),
        ("reason", "Another reason"),
        ("code", "HM103"),
    ],
)
def test_an_edited_waiver_is_not_approved(officer: Officer, key: str, value: object) -> None:
    """Everything except the reason changes the findings; only the reason is what is approved, and stays readable in
    it."""
    pack = _with_a_long_sentence(officer)
    assert (
        _composes_with(officer, pack, _agreed(officer, "what/1", "childrens-services", "police")).exit_code == 0
    )
    file = officer.folder / "letter" / "record.json"
    record = json.loads(file.read_bytes())
    record["waivers"][0][key] = value
    file.write_text(json.dumps(record))
    done = officer.approves("police")
    if key == "reason":
        assert (done.exit_code, "because: Another reason" in done.output) == (0, True), done.output
    else:
        assert (done.exit_code, "EF314" in done.output) == (2, True), done.output


def test_a_waiver_of_nothing_is_not_slipped_into_a_record(officer: Officer) -> None:
    officer.composes()
    file = officer.folder / "letter" / "record.json"
    record = json.loads(file.read_bytes())
    record["waivers"] = [
        {
            "code": "RD001",
            "passage": "what/1",
            "reason": "Later",
            "language": None,
            "agreed_by": ["childrens-services", "police"],
            "ends_on": "2027-07-31",
            "place": {"file": "waivers.toml", "line": 1, "column": 1},
        }
    ]
    file.write_text(json.dumps(record))
    done = officer.approves("police")
    assert (done.exit_code, "EF314" in done.output) == (2, True), done.output
