"""`everyfamily check` on a pack and on the general pages: the parent site's words beside the letter's."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.partnership.partnership import load_partnership
from tests.factories.demonstration import PARTNERSHIP, ROOT
from tests.factories.sealed import DRAFTS

PACK = "child-sexual-exploitation"
ALONE = ("--select", "HM103,RD006")
"""Few rules: what is looked at is what is read, not what each rule finds."""


def check(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, words), "--today", "2027-03-02"])


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "packs", tmp_path / "packs"))


def spoil(file: Path, words: str, by: str) -> int:
    """Write other words; the line that they are in."""
    text = file.read_text(encoding="utf-8")
    assert words in text
    file.write_text(text.replace(words, by, 1), encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


def translate(packs: Path, digits: str) -> None:
    """Write these digits into each translation of the passage that begins with "Ask, then listen" in English."""
    for tag in DRAFTS:
        file = packs / PACK / f"site.{tag}.md"
        text = file.read_text(encoding="utf-8")
        (words,) = re.findall(r"\{#talk\}\n\n.+\n\n([^{\n]*[^{\s])", text)
        spoil(file, words, f"{words} ({digits})")


def test_general_pages_need_the_partnership_alone(packs: Path) -> None:
    line = spoil(
        packs / "parent-site/pages.en.md", "You have not been picked out.", "It is about risky behaviour."
    )
    done = check(packs / "parent-site", "--partnership", PARTNERSHIP, "--select", "HM", "--json")
    rows = json.loads(done.stdout)["findings"]
    assert done.exit_code == 1
    assert {(row["file"], row["line"]) for row in rows} == {("parent-site/pages.en.md", line)}
    without = check(packs / "parent-site")
    assert (without.exit_code, "Give --partnership FILE." in without.stderr) == (2, True)
    about = check(packs / "parent-site", "--partnership", PARTNERSHIP, "--not-about-harm")
    assert (about.exit_code, "Leave out --about-harm" in about.stderr) == (2, True)


@pytest.mark.slow
def test_a_pack_is_its_letter_and_its_pages(packs: Path) -> None:
    line = spoil(
        packs / PACK / "site.en.md",
        "These changes can have other causes. Look for",
        "Children putting themselves at risk",
    )
    done = check(packs / PACK, "--partnership", PARTNERSHIP, "--term", "spring-2027", *ALONE)
    assert done.exit_code == 1
    assert f"{PACK}/site.en.md:{line}:10\n" in done.stdout
    shown = " ".join(done.stdout.split())
    assert "the parent site's words in en, pl, ar, ur, ro" in shown
    assert f"Nothing found in {packs / PACK}." in shown


@pytest.mark.slow
def test_a_safe_fix_is_written_into_the_pages(packs: Path) -> None:
    file = packs / PACK / "site.en.md"
    spoil(file, "Ask, then listen.", "Ask, then listen, as of 17th March 2027.")
    translate(packs, "17 / 2027")
    words = (packs / PACK, "--partnership", PARTNERSHIP, "--term", "spring-2027", *ALONE, "--fix")
    shown = check(*words, "--diff")
    assert (shown.exit_code, "+Ask, then listen, as of 17 March 2027." in shown.stdout) == (1, True)
    assert "17th March" in file.read_text(encoding="utf-8")
    assert check(*words).exit_code == 0
    assert "as of 17 March 2027." in file.read_text(encoding="utf-8")
    assert load_pack(packs / PACK).site["en"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("english", "translated", "fixed"),
    [("at 9.00am", "9.00", "at 9am"), ("on 17/03/2027", "17/03/2027", "on 17 March 2027")],
)
def test_digits_that_the_translations_have_as_well_are_not_fixed_in_the_english_alone(
    packs: Path, english: str, translated: str, fixed: str
) -> None:
    """Written into one language, they would make the pack one that cannot be read: a person corrects every language."""
    file = packs / PACK / "site.en.md"
    spoil(file, "Ask, then listen.", f"Ask, then listen {english}.")
    translate(packs, translated)
    words = (packs / PACK, "--partnership", PARTNERSHIP, "--term", "spring-2027", "--select", "RD006,RD007")
    done = check(*words, "--fix")
    assert f"Write {fixed.split(' ', 1)[1]}." in done.stdout
    assert f"Ask, then listen {english}." in file.read_text(encoding="utf-8")
    assert load_pack(packs / PACK).site["pl"]
    # Where there is no translation, nothing can come apart.
    about = packs / PACK / "pack.toml"
    text = about.read_text(encoding="utf-8")
    about.write_text(text[: text.index("[site.translations")], encoding="utf-8")
    check(*words, "--fix")
    assert f"Ask, then listen {fixed}." in file.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_waiver_counts_where_its_passage_stands(packs: Path, tmp_path: Path) -> None:
    """One for a page covers its words and is no unused one of the letter; one that covers nothing is named once."""
    spoil(packs / PACK / "site.en.md", "Look for a change", f"Look for {'word ' * 25}a change")
    everybody = json.dumps([one.id for one in load_partnership(PARTNERSHIP).signatories])
    waivers = tmp_path / "waivers.toml"
    waivers.write_text(
        "\n".join(
            f'[[waiver]]\ncode = "RD001"\npassage = "{passage}"\nreason = "Agreed"\nagreed_by = {everybody}\n'
            "ends_on = 2027-07-01\n"
            for passage in ("site/signs/1", "opening/1")
        ),
        encoding="utf-8",
    )
    term = ("--partnership", PARTNERSHIP, "--term", "spring-2027", "--select", "RD001,EV002,EV003", "--json")
    without = json.loads(check(packs / PACK, *term).stdout)["findings"]
    assert [row["code"] for row in without] == ["RD001"]
    done = json.loads(check(packs / PACK, *term, "--waivers", waivers).stdout)["findings"]
    assert [(row["code"], row["text"]) for row in done] == [("EV002", "RD001 opening/1")]
