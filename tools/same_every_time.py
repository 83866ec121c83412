"""Run the whole of `make test` several times, each in a fresh clone with a new seed, and list every test that did not
say the same each time.

    .venv/bin/python tools/same_every_time.py --runs 5 --busy 1

A busy run has two other processes beside it that never rest. Each run is one line of JSON in build/same/runs.jsonl,
with its commit, seed and seconds, so that runs of one commit on different nights are compared with each other.
Ends with 1 if anything failed in a run of this commit, or a run did not end.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "build" / "same" / "runs.jsonl"
NEVER_RESTS = "while True: pass"
LONGEST = 60 * 60
"""Seconds after which a run counts as one that did not end."""


def outcomes(report: Path) -> dict[str, str]:
    """What each test of a JUnit file said: passed, skipped or failed. A test that failed and had an error is failed."""
    said: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - our own pytest wrote it
        name = f"{case.get('classname')}::{case.get('name')}"
        tags = {child.tag for child in case}
        now = "failed" if tags & {"failure", "error"} else "skipped" if "skipped" in tags else "passed"
        said[name] = now if said.get(name) in (None, "passed") else said[name]
    return said


def differing(runs: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Tests that did not pass in each run, with what they said in how many of them. `runs` are lines of the record;
    each holds only the tests that did not pass, and a test that was skipped each time is not listed."""
    runs = list(runs)
    names = sorted({name for run in runs for name in run["not_passed"]})
    found: dict[str, str] = {}
    for name in names:
        said = [run["not_passed"].get(name, "passed") for run in runs]
        if set(said) != {"skipped"}:
            found[name] = ", ".join(f"{said.count(word)} {word}" for word in sorted(set(said)))
    return found


@contextmanager
def beside(processes: int) -> Iterator[None]:
    """So many other processes that never rest."""
    busy = [subprocess.Popen([sys.executable, "-c", NEVER_RESTS]) for _ in range(processes)]
    try:
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()


def one_run(commit: str, seed: int, *, busy: bool) -> dict[str, Any]:
    """Clone, and run `make test` with an empty home folder; the run's line of the record."""
    with tempfile.TemporaryDirectory(prefix="ef-same-") as folder:
        place = Path(folder)
        clone, home, report = place / "clone", place / "home", place / "report.xml"
        home.mkdir()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        subprocess.run(["git", "-C", str(clone), "checkout", "--quiet", commit], check=True)
        words = f"--randomly-seed={seed} --junitxml={report}"
        environment = os.environ | {"HOME": str(home), "CI": "true"}
        log = RUNS.with_name(f"{commit[:8]}-{seed}.log")
        began = time.monotonic()
        with beside(2 if busy else 0), log.open("wb") as out:
            try:
                ended: int | None = subprocess.run(
                    ["make", "test", f"ARGS={words}"],
                    cwd=clone,
                    env=environment,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    timeout=LONGEST,
                ).returncode
            except subprocess.TimeoutExpired:
                ended = None
        seconds = round(time.monotonic() - began)
        said = outcomes(report) if report.exists() else {}
    return {
        "commit": commit,
        "seed": seed,
        "busy": busy,
        "seconds": seconds,
        "ended": ended,
        "tests": len(said),
        "not_passed": {name: what for name, what in said.items() if what != "passed"},
    }


def recorded(commit: str) -> list[dict[str, Any]]:
    """The runs of this commit, on any night."""
    if not RUNS.exists():
        return []
    runs = [json.loads(line) for line in RUNS.read_text().splitlines()]
    return [run for run in runs if run["commit"] == commit]


def say(line: str) -> None:
    """At once, also into a file."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run, record, compare."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--runs", type=int, default=5)
    words.add_argument("--busy", type=int, default=1, help="how many of the runs are beside other work")
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 2**31))
    asked = words.parse_args()
    RUNS.parent.mkdir(parents=True, exist_ok=True)
    git = ["git", "-C", str(ROOT), "rev-parse", "HEAD"]
    commit = subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip()
    for number in range(asked.runs):
        run = one_run(commit, asked.seed + number, busy=number >= asked.runs - asked.busy)
        with RUNS.open("a") as record:
            record.write(json.dumps(run) + "\n")
        beside_work = ", beside other work" if run["busy"] else ""
        say(f"seed {run['seed']}{beside_work}: {run['tests']} tests in {run['seconds']} s, exit {run['ended']}")
    runs = recorded(commit)
    for name, what in (found := differing(runs)).items():
        say(f"did not say the same: {name}: {what}")
    bad = [run["seed"] for run in runs if run["ended"] != 0]
    say(
        f"{commit[:8]}: {len(runs)} runs, {len(bad)} with a failure, {len(found)} tests that did not say the same."
    )
    return 1 if bad or found else 0


if __name__ == "__main__":
    raise SystemExit(main())
