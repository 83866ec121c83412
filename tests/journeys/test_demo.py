"""Story: an engineer types one command, on a machine that has never seen everyfamily, and then types it again."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

pytestmark = [pytest.mark.database, pytest.mark.slow]

CHILDREN = 1300
A_SIXTH = f"""\
from everyfamily_demo import schools
schools.SMALL_ROLL = {CHILDREN}
from everyfamily.cli.main import main
main()
"""
"""The command, with a sixth of the children in the same 24 schools: in `make nightly` it has all."""
README = Path(__file__).parents[2] / "README.md"


def everyfamily(
    *words: str, home: Path, cwd: Path, program: Sequence[str] = ("-m", "everyfamily.cli.main")
) -> subprocess.CompletedProcess[str]:
    """Run the command with an empty home folder and nothing of ours in the environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    environment = kept | {"HOME": str(home), "EVERYFAMILY_HOME": str(home / "ef")}
    return subprocess.run(
        [sys.executable, *program, *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home of the demo's own; its server is stopped afterwards."""
    path = Path(f"/tmp/ef-{secrets.token_hex(4)}")
    path.mkdir()
    yield path
    stop_and_remove(path)


def stop_and_remove(path: Path) -> None:
    from everyfamily_postgres.launcher import find

    server = find(path / "ef" / "demo")
    if server is not None:
        server.stop()
    shutil.rmtree(path, ignore_errors=True)


Run = tuple[dict[str, object], Path]
"""The figures of one run of the demo, and where it put its files."""


def play(home: Path, cwd: Path, **program: Sequence[str]) -> Run:
    done = everyfamily("demo", "--no-serve", "--json", home=home, cwd=cwd, **program)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), cwd / "demo"


@pytest.fixture(scope="module")
def demo_run(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return play(home, tmp_path_factory.mktemp("first"), program=("-c", A_SIXTH))


def figures(run: Run) -> dict[str, object]:
    """What must repeat: all but seconds and paths."""
    return {name: value for name, value in run[0].items() if name not in ("seconds", "paths")}


@pytest.mark.nightly
def test_the_second_run_gives_the_same_figures(demo_run: Run, home: Path, tmp_path: Path) -> None:
    assert figures(play(home, tmp_path, program=("-c", A_SIXTH))) == figures(demo_run)


@pytest.mark.nightly
def test_its_figures_are_the_readmes(demo_run: Run, home: Path, tmp_path: Path) -> None:
    run, _ = play(home, tmp_path)
    said = re.search(r"Coverage: ([\d,]+) of ([\d,]+) children", README.read_text(encoding="utf-8"))
    assert said is not None
    assert said.groups() == (f"{run['outcomes']['reached']:,}", f"{run['children']:,}")  # type: ignore[index]


def test_the_outcomes_add_up_to_the_children_and_the_reasons_to_the_not_reached(
    demo_run: Run,
) -> None:
    run, _ = demo_run
    assert sum(run["outcomes"].values()) == run["children"] == CHILDREN  # type: ignore[attr-defined]
    assert sum(run["reasons"].values()) == run["outcomes"]["not_reached"]  # type: ignore[attr-defined, index]
    assert run["schools"] == 24
    assert set(run["outcomes"]) == {"reached", "accepted", "told_by_text", "on_its_way", "not_reached"}  # type: ignore[arg-type]


def test_the_account_is_held_against_the_invented_lists(demo_run: Run) -> None:
    run, folder = demo_run
    missing: dict[str, object] = run["not_known_to_us"]  # type: ignore[assignment]
    assert missing["children"] > missing["counted_as_not_reached"] == run["reasons"]["return_missing"]  # type: ignore[operator, index]
    page = (folder / "coverage.html").read_text(encoding="utf-8")
    assert f"Not known to us: {missing['children']} children" in page
    assert "Elective home education officer" in page


def test_no_contact_value_got_more_than_one_message(demo_run: Run) -> None:
    _, folder = demo_run
    sent: Counter[str] = Counter()
    for file in (folder / "outbox").glob("*.jsonl"):
        for line in map(json.loads, file.read_text().splitlines()):
            group = line["body"] if line["channel"] == "pupil post" else ""
            sent[f"{group} {line['to'] or line['address']}"] += 1
    assert len(sent) > CHILDREN / 2
    assert max(sent.values()) == 1


def test_what_the_demo_shows_lies_where_it_says(demo_run: Run) -> None:
    run, _ = demo_run
    paths: dict[str, str] = run["paths"]  # type: ignore[assignment]
    assert {"coverage", "csv", "letter", "outbox", "send_kit", "seal"} <= set(paths)
    assert all(Path(path).exists() for path in paths.values())
    assert (Path(paths["outbox"]).stat().st_mode & 0o777) == 0o700


def test_a_schools_kit_is_genuine_and_a_changed_word_is_not(demo_run: Run, home: Path) -> None:
    run, folder = demo_run
    kit = Path(run["paths"]["send_kit"])  # type: ignore[index]
    genuine = everyfamily(
        "verify", str(kit / "English" / "letter.pdf"), "--seals", str(folder / "seals"), home=home, cwd=folder
    )
    assert (genuine.returncode, genuine.stdout.split(":")[0]) == (0, "Genuine, unchanged")
    email = folder / "forged.html"
    email.write_text((kit / "English" / "email.html").read_text().replace("and call us", "and call nobody"))
    forged = everyfamily("verify", str(email), "--seals", str(folder / "seals"), home=home, cwd=folder)
    assert (forged.returncode, "First difference" in forged.stdout) == (1, True)
    reference = everyfamily("verify", "ES-2703-K7R4", "--seals", str(folder / "seals"), home=home, cwd=folder)
    assert (reference.returncode, "is good" in reference.stdout) == (0, True)


def test_a_printed_bundle_has_the_sealed_words(demo_run: Run, home: Path) -> None:
    _, folder = demo_run
    bundle = next((folder / "outbox" / "print" / "post").glob("*/*/bundle-*.pdf"))
    done = everyfamily("verify", str(bundle), "--seals", str(folder / "seals"), "--json", home=home, cwd=folder)
    assert (done.returncode, json.loads(done.stdout)["proof"]) == (0, "the sealed words")


def test_nothing_outside_the_outbox_rolls_and_kits_holds_a_contact_value(demo_run: Run, home: Path) -> None:
    """Logs, the coverage page, its table, the letter's folder, the database's own log."""
    _, folder = demo_run
    some = [
        line["to"].encode()
        for file in (folder / "outbox").glob("email.*.jsonl")
        for line in map(json.loads, file.read_text().splitlines()[:40])
    ]
    assert len(some) >= 40
    personal = {folder / "outbox", folder / "rolls"}
    files = [path for path in folder.rglob("*") if path.is_file() and not personal & set(path.parents)]
    files += [path for path in (home / "ef").rglob("*.log") if path.is_file()]
    assert len(files) > 20
    for path in files:
        data = path.read_bytes()
        assert not any(value in data for value in some), f"{path.name} holds a contact value"


def test_a_folder_that_is_not_the_demos_is_left_alone(home: Path, tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("three years of work")
    (tmp_path / "demo" / "demo.txt").write_text("my own notes for a demo")
    done = everyfamily("demo", home=home, cwd=tmp_path)
    assert done.returncode == 2
    assert "EF950" in done.stderr
    assert (tmp_path / "demo" / "thesis.txt").exists()
