"""The settings from a terminal: brought in as a version, written out again, and their history."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.partnership.versions import files_at
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import PARTNERSHIP

pytestmark = [pytest.mark.database, pytest.mark.slow]
BY = ("--by", "Ines Ortega")


@pytest.fixture(autouse=True)
def _database(database: Server) -> Iterator[None]:
    """Every test here needs it, with the real time."""
    from django.test import override_settings

    with override_settings(EVERYFAMILY_CLOCK="system"):
        yield


def run(*words: str | Path) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["partnership", *map(str, words)])


def changed(folder: Path, old: str, new: str) -> Path:
    """The example's file with one change, and its drawings."""
    folder.mkdir()
    for drawing in PARTNERSHIP.parent.glob("*.svg"):
        (folder / drawing.name).write_bytes(drawing.read_bytes())
    text = PARTNERSHIP.read_text(encoding="utf-8")
    assert old in text
    (folder / "partnership.toml").write_text(text.replace(old, new), encoding="utf-8")
    return folder / "partnership.toml"


def test_what_was_brought_in_is_written_out_byte_for_byte(tmp_path: Path) -> None:
    said = run("import", PARTNERSHIP, *BY).output
    assert "is in force, with 0 differences" in said, said
    done = run("export", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert files_at(tmp_path / "out" / "partnership.toml")[0].digest == files_at(PARTNERSHIP)[0].digest
    assert "EF433" in run("export", tmp_path / "out").output


def test_an_earlier_version_is_written_out_and_can_be_brought_in_again(tmp_path: Path) -> None:
    run("import", PARTNERSHIP, *BY)
    run("import", changed(tmp_path / "new", "9am to 5pm", "9am to 6pm"), *BY)
    first = json.loads(run("history", "--json").output)[-1]
    done = run("export", tmp_path / "first", "--version", str(first["id"]))
    assert done.exit_code == 0, done.output
    assert files_at(tmp_path / "first" / "partnership.toml")[0].digest == first["digest"]
    assert "1 difference" in run("import", tmp_path / "first" / "partnership.toml", *BY).output
    assert next(one["digest"] for one in json.loads(run("history", "--json").output)) == first["digest"]
    missing = run("export", tmp_path / "none", "--version", "99999")
    assert missing.exit_code == 2
    assert "EF682" in missing.output
    assert not (tmp_path / "none").exists()


def test_a_dry_run_says_what_would_change_and_changes_nothing(tmp_path: Path) -> None:
    run("import", PARTNERSHIP, *BY)
    file = changed(tmp_path / "new", "9am to 5pm", "9am to 6pm")
    said = run("import", file, "--dry-run", *BY).output
    assert "Enquiries, hours: 9am to 5pm, Monday to Friday -> 9am to 6pm, Monday to Friday" in said
    assert "Nothing was changed." in said
    assert len(json.loads(run("history", "--json").output)) == 1


def test_a_change_of_who_signs_takes_a_second_name(tmp_path: Path) -> None:
    run("import", PARTNERSHIP, *BY)
    file = changed(tmp_path / "new", 'name = "Tom Garrowby"', 'name = "Ruth Calder"')
    refused = run("import", file, *BY)
    assert refused.exit_code == 2
    assert "EF431" in refused.output and "--agreed-by" in refused.output
    assert run("import", file, *BY, "--agreed-by", "Ben Frost").exit_code == 0
    said = run("history").output
    assert "by Ben Frost, asked for by Ines Ortega" in said.splitlines()[0]


def test_without_a_version_there_is_nothing_to_write_out(tmp_path: Path) -> None:
    done = run("export", tmp_path / "out")
    assert done.exit_code == 2 and "EF432" in done.output
    assert "No version of the settings is stored." in run("history").output


def test_the_same_settings_are_no_new_version() -> None:
    run("import", PARTNERSHIP, *BY)
    assert "EF427" in run("import", PARTNERSHIP, *BY).output


def test_the_checklist_is_the_pages_and_ends_with_1_while_something_is_left() -> None:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["ready"])
    assert done.exit_code == 1, done.output
    assert (
        "TO DO      Two administrators. There are 0 administrators. Who can do it: an administrator."
        in done.output
    )
    assert "are still to be done." in done.output
    rows = json.loads(CliRunner().invoke(main, ["ready", "--json"]).output)
    assert {row["answer"] for row in rows} == {"yes", "no", "not known"}
