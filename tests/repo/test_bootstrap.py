"""The bootstrap finds a Python that can make an environment, and says plainly when there is none."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.repo.files import ROOT

SYSTEM = ["sh", "ls", "cat", "cut", "sed", "rm", "dirname", "sha256sum", "env", "printf"]


@pytest.fixture
def bare_project(tmp_path: Path) -> Path:
    """Only the bootstrap and the locks, with a PATH that holds no Python."""
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / "project" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "project")
    (tmp_path / "bin").mkdir()
    for name in SYSTEM:
        if (program := shutil.which(name)) is not None:
            (tmp_path / "bin" / name).symlink_to(program)
    return tmp_path


def run_bootstrap(bare: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(bare / "project/tools/bootstrap.sh")],
        env={"PATH": str(bare / "bin"), "HOME": "", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


# What an unfit Python does when it is asked for its version (-c) and for an environment (-m venv).
UNFIT = {
    "another version": "exit 1",
    "without ensurepip": '[ "$1" = -c ] && exit 0; exit 1',
    "a dead shim": "exit 127",
}


@pytest.mark.parametrize("answer", UNFIT.values(), ids=UNFIT.keys())
def test_an_unfit_python_is_refused_in_one_sentence_with_a_next_step(bare_project: Path, answer: str) -> None:
    unfit = bare_project / "bin" / "unfit-python"
    unfit.write_text(f"#!/bin/sh\n{answer}\n")
    unfit.chmod(0o755)
    done = run_bootstrap(bare_project, EVERYFAMILY_PYTHON=str(unfit))
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "no Python from 3.12 to 3.14 with pip and venv was found" in done.stderr
    assert "EVERYFAMILY_PYTHON=" in done.stderr
    assert not list((bare_project / "project").glob(".*"))


def test_every_direct_dependency_is_in_the_lock() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in asked}  # type: ignore[index]
    lock = (ROOT / "requirements/lock.txt").read_text(encoding="utf-8")
    locked = set(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==", lock, re.MULTILINE))
    assert names - locked == set()


@pytest.mark.parametrize("script", [".ci/run", "tools/bootstrap.sh", "tools/chromium.sh"])
def test_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[1] for line in shown.splitlines()} == set(phony[1].split())
