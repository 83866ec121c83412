"""pack new, check and zip, as somebody types them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from tests.factories.demonstration import PACK, PACKS, PARTNERSHIP
from tests.factories.english_pack import english_files

TODAY = ("--today", "2027-03-02")


def pack(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["pack", *map(str, words)])


def written(folder: Path) -> None:
    """The first pack in English, to be changed."""
    folder.mkdir(exist_ok=True)
    for name, data in english_files().items():
        (folder / name).write_bytes(data)


def test_a_new_pack_is_begun_and_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "water"
    assert pack("new", "water", "--title", "Water", "--out", folder).exit_code == 0
    (folder / "letter.en.md").write_text("mine")
    again = pack("new", "water", "--title", "Water", "--out", folder)
    assert (again.exit_code, (folder / "letter.en.md").read_text()) == (2, "mine")
    assert "EF183" in again.stderr
    assert pack("new", "Water!", "--title", "Water", "--out", tmp_path / "x").exit_code == 2


def test_checking_a_new_pack_says_only_what_is_still_to_write(tmp_path: Path) -> None:
    pack("new", "water", "--title", "Water", "--out", tmp_path / "water")
    row = json.loads(pack("check", tmp_path / "water", "--json").stdout)
    assert (row["faults"], row["findings"], row["is_right"]) == ([], [], False)
    assert len(row["to_write"]) > 100
    said = pack("check", tmp_path / "water")
    assert said.exit_code == 1
    assert "water/letter.en.md" in said.stdout
    assert "what the harm is" in said.stdout
    assert "fault:" not in said.stdout


@pytest.mark.slow
def test_a_pack_and_its_zip_are_checked_alike(tmp_path: Path) -> None:
    out = tmp_path / "pack.zip"
    assert pack("zip", PACK, out).exit_code == 0
    assert pack("zip", PACK, out).exit_code == 2
    said = pack("check", out, *TODAY)
    assert said.exit_code == 0, said.output
    assert "2 pages in print" in said.stdout
    assert "Nothing found in" in said.stdout
    assert "letter.en.md " in said.stdout
    assert "nobody has checked, 0 made of other English." in said.stdout
    damaged = out.read_bytes().replace(b"gets lifts", b"gets rides")
    out.write_bytes(damaged)
    done = pack("check", out)
    assert (done.exit_code, "EF181" in done.stderr) == (2, True)


def test_every_route_that_a_partnership_lacks_and_every_unused_source_is_named(tmp_path: Path) -> None:
    written(tmp_path)
    about, sources = tmp_path / "pack.toml", tmp_path / "sources.toml"
    about.write_text(about.read_text().replace('"survivors"]', '"survivors", "runaways", "water"]'))
    row = sources.read_text().partition("[sources.")[2].partition("]")[2].partition("[sources.")[0]
    sources.write_text(f"{sources.read_text()}\n[sources.NOBODY]{row}")
    (tmp_path / "newsletter.cy.md").write_bytes((tmp_path / "newsletter.en.md").read_bytes())
    (tmp_path / "notes.md").write_text("A note of the writer's own.\n")
    words = ("check", tmp_path, *TODAY, "--partnership", PARTNERSHIP)
    found = json.loads(pack(*words, "--json").stdout)
    assert [one["code"] for one in found["faults"]] == ["EF134", "EF134"]
    assert (found["unused_sources"], found["unread_files"]) == (["NOBODY"], ["newsletter.cy.md"])
    assert not found["is_right"]
    assert "No sentence names these sources: NOBODY." in pack(*words).stdout


def test_a_pack_is_compared_with_another_and_with_git(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        written(folder)
    assert pack("diff", old, new).stdout == "Both are the same pack.\n"
    letter = new / "letter.en.md"
    letter.write_text(letter.read_text().replace("- misses lessons", "- often misses lessons"))
    said = pack("diff", old, new)
    assert said.exit_code == 1
    assert "{+often+} misses lessons" in said.stdout
    assert "Raise the second number" in said.stdout
    for words in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x"),
    ):
        subprocess.run(["git", "-C", str(new), *words], check=True)
    assert pack("diff", new).stdout == "Both are the same pack.\n"
    letter.write_text(letter.read_text().replace("- often misses lessons", "- misses lessons"))
    assert "[-often-]" in pack("diff", new, "--since", "HEAD").stdout
    for bad in ("v9", "--output=x", "HEAD~9"):
        assert "EF184" in pack("diff", new, f"--since={bad}").stderr


def test_the_page_for_reviewers_says_how_much_is_to_confirm(tmp_path: Path) -> None:
    said = pack("docs", PACK, "--out", tmp_path / "page.html")
    assert "sources to confirm" in said.stdout
    assert (tmp_path / "page.html").read_text().startswith("<!doctype html>")


def begun(tmp_path: Path) -> Path:
    said = pack("override", PACK, "now/3").stdout
    file = tmp_path / "own.toml"
    words = said.replace("TO FILL IN: why", "why").replace('\nwords = "is very', '\nwords = "is often very')
    file.write_text(words)
    return file


@pytest.mark.slow
def test_own_words_that_are_hard_to_read_or_could_hurt_are_named(tmp_path: Path) -> None:
    file = begun(tmp_path)
    worse = "is very scared of a child prostitute" + " and of more" * 8
    file.write_text(file.read_text().replace("is often very scared", worse))
    row = json.loads(pack("check", PACK, *TODAY, "--overrides", file, "--json").stdout)
    assert (row["own_words"], row["is_right"]) == (["en now/3"], False)
    assert "own.toml" in {one["file"] for one in row["findings"]}
    text = next(one for one in row["texts"] if one["file"] == "own.toml")
    assert (text["is_easy"], text["too_long"][0]["line"]) == (False, 4)


def test_a_letter_is_not_composed_with_stale_words(tmp_path: Path) -> None:
    file = begun(tmp_path)
    file.write_text(file.read_text().replace('was = "is very', 'was = "is most'))
    words = ["compose", PACK, "--partnership", PARTNERSHIP, "--term", "spring-2027", "--overrides", file]
    done = CliRunner().invoke(main, [*map(str, words), "--out", str(tmp_path / "letter")])
    assert (done.exit_code, "EF186" in done.stderr) == (2, True)
    assert "everyfamily pack override" in done.stderr
    assert not (tmp_path / "letter").exists()


@pytest.mark.nightly
@pytest.mark.parametrize("name", PACKS)
def test_each_of_our_own_packs_is_right(name: str) -> None:
    """As tests/checks/test_own_packs.py has it, by the command that other writers use."""
    done = pack("check", PACK.parent / name, *TODAY)
    assert done.exit_code == 0, done.output
