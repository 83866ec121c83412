"""The bootstrap finds a Python that can make an environment, and says plainly when there is none."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.repo.files import ROOT

SYSTEM = ["sh", "ls", "cat", "cut", "sed", "rm", "mkdir", "cp", "dirname", "sha256sum", "env", "printf"]


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


def run_bootstrap(bare: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(bare / "project/tools/bootstrap.sh"), *options],
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


PYTHON = """#!/bin/sh
here="$0"
case "$*" in
    *"-m venv"*) mkdir -p "$3/bin" && cp "$here" "$3/bin/python" ;;
    *sys.executable*) printf '%s\\n' "$here" ;;
    *) exit 0 ;;
esac
"""
UV = """#!/bin/sh
printf '%s\\n' "$*" >> uv-was-asked
case "$1" in venv) mkdir -p .venv/bin && cp .uv/bin/python .venv/bin/python ;; esac
"""


@pytest.fixture
def stand_ins(bare_project: Path) -> Path:
    """A Python, and an installer that is there already, which only write down what they are asked."""
    folder = bare_project / "project"
    (folder / ".uv/bin").mkdir(parents=True)
    for path, text in {
        bare_project / "bin/python3": PYTHON,
        folder / ".uv/bin/python": PYTHON,
        folder / ".uv/bin/uv": UV,
    }.items():
        path.write_text(text)
        path.chmod(0o755)
    digest = hashlib.sha256(f"{folder.resolve()}\n".encode() + (folder / "requirements/uv.txt").read_bytes())
    (folder / ".uv/everyfamily-stamp").write_text(digest.hexdigest())
    return bare_project


def install(bare: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return run_bootstrap(bare, *options, EVERYFAMILY_PYTHON=str(bare / "bin/python3"))


def installed_from(bare: Path) -> str:
    """The locks that the installer was asked for last."""
    asked = (bare / "project/uv-was-asked").read_text().splitlines()
    return [one for one in asked if one.startswith("pip sync")][-1].partition("--require-hashes ")[2]


def test_development_installs_both_locks_and_real_work_only_the_product(stand_ins: Path) -> None:
    assert install(stand_ins).returncode == 0
    assert installed_from(stand_ins) == "requirements/lock.txt requirements/dev.txt"
    for _ in range(2):
        assert install(stand_ins, "--product").returncode == 0
        assert installed_from(stand_ins) == "requirements/lock.txt"


def test_a_folder_for_real_work_never_gets_the_tools_of_development(stand_ins: Path) -> None:
    assert install(stand_ins, "--product").returncode == 0
    done = install(stand_ins)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "this folder is installed for real work" in done.stderr
    assert "tools/bootstrap.sh --product" in done.stderr
    assert installed_from(stand_ins) == "requirements/lock.txt"


def test_an_option_that_is_not_known_is_refused(bare_project: Path) -> None:
    done = run_bootstrap(bare_project, "--produce")
    assert (done.returncode, done.stderr.count("--produce")) == (2, 1)


@pytest.mark.parametrize(
    ("asked", "lock"), [("project.dependencies", "lock.txt"), ("dependency-groups.dev", "dev.txt")]
)
def test_every_direct_dependency_is_in_a_lock(asked: str, lock: str) -> None:
    table, _, key = asked.partition(".")
    lines = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[table][key]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in lines}  # type: ignore[index]
    # What the product needs is in its lock, and development only adds to it.
    text = "".join((ROOT / "requirements" / name).read_text(encoding="utf-8") for name in {lock, "lock.txt"})
    locked = set(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.MULTILINE))
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
