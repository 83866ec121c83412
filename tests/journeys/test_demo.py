"""Story: an engineer types one command, on a machine that has never seen everyfamily, and then types it again.

What one run shows is in test_run.py, where the demonstration is served as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.factories.homes import new_home
from tests.journeys.served_demo import everyfamily, stop_and_remove

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.nightly]

A_SIXTH = """\
from everyfamily_demo import schools
schools.SMALL_ROLL = 1300
from everyfamily.cli.main import main
main()
"""
README = Path(__file__).parents[2] / "README.md"
Run = dict[str, object]
"""The figures of one run of the demo."""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home of the demo's own; its server is stopped afterwards."""
    path = new_home()
    path.mkdir()
    yield path
    stop_and_remove(path)


def play(home: Path, cwd: Path, **program: Sequence[str]) -> Run:
    done = everyfamily("demo", "--no-serve", "--json", home=home, cwd=cwd, **program)
    assert done.returncode == 0, done.stderr
    figures: Run = json.loads(done.stdout)
    return {name: value for name, value in figures.items() if name not in ("seconds", "paths")}


def test_the_second_run_gives_the_same_figures(home: Path, tmp_path: Path) -> None:
    first, second = (play(home, tmp_path, program=("-c", A_SIXTH)) for _ in range(2))
    assert first == second


def test_its_figures_are_the_readmes(home: Path, tmp_path: Path) -> None:
    run = play(home, tmp_path)
    said = re.search(r"Coverage: ([\d,]+) of ([\d,]+) children", README.read_text(encoding="utf-8"))
    assert said is not None
    assert said.groups() == (f"{run['outcomes']['reached']:,}", f"{run['children']:,}")  # type: ignore[index]
