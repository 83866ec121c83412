"""Ask the fast tests what they would notice: break the source in one place at a time, and see whether a test fails.

    .venv/bin/python tools/mutants.py --seed 1 --count 14
    .venv/bin/python tools/mutants.py --seed 1 --count 14 --under mailings --under people

Each mutant is one small change (mutations.py) in one module, which the seed draws from all modules of src. It is made
in a copy of the tree. Only the tests of `make check` that could notice are run: first those that ran the changed line,
or, for what a module does when it is imported, those that ran anything in it or in a module that imports it; then the
files of tests that import the module, because what is remembered, or runs while tests are collected, is written down
for one test or for none. So a mutant that survives is one that `make check` lets through, mypy left aside. A person
then looks at it: some change nothing that anybody could see.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from coverage import CoverageData
from mutations import Mutant, mutants_of

ROOT = Path(__file__).parents[1]
SOURCE = Path("src")
FAST = "not database and not browser and not slow and not nightly"
NO_SUCH_TEST = 4
"""What pytest ends with if it is given a name that it does not find."""
NOTHING_TO_RUN = 5
"""And if all tests of the files were left out."""
MOST_SECONDS = 900
"""What takes longer hangs, and would be noticed."""


def main() -> None:
    """Draw, run, and say for each mutant whether a test noticed it; exit 0 whatever they noticed."""
    asked = argparse.ArgumentParser(
        description="Break the source in one place at a time, and run the fast tests."
    )
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--count", type=int, default=14)
    asked.add_argument("--under", action="append", help="only below a folder of this name; may be repeated")
    asked.add_argument("--map", type=Path, help="keep here which test runs which line, or read it from here")
    asked.add_argument("--show", action="store_true", help="show what would be drawn, and run nothing")
    asked.add_argument("tests", nargs="*", help="only these tests, whatever they run; used with --show or a map")
    words = asked.parse_args()
    drawn = list(draw(words.seed, words.count, words.under))
    for number, one in enumerate(drawn if words.show else (), start=1):
        print(f"{number:3} {one}")
    if words.show:
        return
    with tempfile.TemporaryDirectory(prefix="ef-mutants-") as place:
        tree = Path(place) / "tree"
        copy_tree(tree)
        lines = words.map or Path(place) / "coverage"
        if not lines.exists():
            write_map(tree, lines)
        ran = Ran(lines)
        caught = 0
        for number, one in enumerate(drawn, start=1):
            by = try_one(tree, one, ran.tests_of(one))
            caught += by is not None
            print(
                f"{number:3} {'survived' if by is None else 'caught  '} {one}{f'  <- {by}' if by else ''}",
                flush=True,
            )
        print(f"{caught} of {len(drawn)} caught (seed {words.seed}).")


def draw(seed: int, count: int, under: list[str] | None = None) -> Iterator[Mutant]:
    """One mutant in each of `count` modules; every module is as likely as another, however long it is."""
    modules = [
        file.relative_to(ROOT)
        for file in sorted((ROOT / SOURCE).rglob("*.py"))
        if "migrations" not in file.parts and (not under or set(file.parts) & set(under))
    ]
    dice = random.Random(seed)  # noqa: S311 - to be repeated
    dice.shuffle(modules)
    for module in modules:
        if not count:
            return
        if found := mutants_of(module, (ROOT / module).read_bytes()):
            count -= 1
            yield dice.choice(found)


def copy_tree(tree: Path) -> None:
    """Copy what git knows of, or would add, as it is now."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    # Tests of the repository ask git which files there are.
    subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)


def write_map(tree: Path, lines: Path) -> None:
    """Run the fast tests once and write down which test runs which line."""
    print("Running the fast tests, to learn which of them runs which line.", flush=True)
    cover = [f"--cov={SOURCE}", "--cov-context=test", "--cov-report=", "-n", "2", "-p", "forked_lines"]
    settings = {"COVERAGE_FILE": str(lines.resolve()), "COVERAGE_CORE": "ctrace"}
    settings["PYTHONPATH"] = os.pathsep.join((str(tree / SOURCE), str(tree / "tools")))
    done = pytest(tree, *cover, "-m", FAST, *fast_folders(), **settings)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\nThe fast tests must pass before anything is broken.")


def fast_folders() -> list[str]:
    """The folders of tests that `make check` runs."""
    [line] = [one for one in (ROOT / "Makefile").read_text().splitlines() if one.startswith("FAST :=")]
    return [found for found in re.findall(r"tests/\w+", line) if (ROOT / found).is_dir()]


def files_of(mutant: Mutant) -> list[str]:
    """Fast tests that import its module, as files."""
    files = (file for folder in fast_folders() for file in sorted((ROOT / folder).rglob("test_*.py")))
    imports = _imports(mutant.path)
    return [str(file.relative_to(ROOT)) for file in files if imports.search(file.read_text(encoding="utf-8"))]


def _imports(path: Path) -> re.Pattern[str]:
    module = ".".join(path.with_suffix("").parts[1:])
    package, _, name = module.rpartition(".")
    return re.compile(rf"(?:from|import) {re.escape(module)}\b|from {re.escape(package)} import .*\b{name}\b")


class Ran:
    """Which tests ran which lines, as coverage wrote it down."""

    def __init__(self, file: Path) -> None:
        self._data = CoverageData(str(file))
        self._data.read()
        self._files = {_from_src(name): name for name in self._data.measured_files()}

    def tests_of(self, mutant: Mutant) -> set[str]:
        """Ids of the tests that could notice it."""
        here = self._at(mutant.path)
        found = {test for line in mutant.lines for test in here.get(line, ())}
        if found or mutant.is_in_function:
            return found
        files = [mutant.path, *self._importers(mutant.path)]
        return {test for file in files for tests in self._at(file).values() for test in tests}

    def _at(self, path: Path) -> dict[int, set[str]]:
        name = self._files.get(path.as_posix())
        if name is None:
            return {}
        lines = self._data.contexts_by_lineno(name)
        return {line: {one.partition("|")[0] for one in tests if one} for line, tests in lines.items()}

    def _importers(self, path: Path) -> Iterator[Path]:
        imports = _imports(path)
        for file in sorted((ROOT / SOURCE).rglob("*.py")):
            if imports.search(file.read_text(encoding="utf-8")):
                yield file.relative_to(ROOT)


def _from_src(name: str) -> str:
    return name[name.rindex("src/") :]


def try_one(tree: Path, mutant: Mutant, tests: set[str]) -> str | None:
    """The test that failed, or why none could run; None if nobody noticed."""
    files = files_of(mutant)
    if not tests and not files and mutant.path.name != "models.py":
        return None
    file = tree / mutant.path
    whole = file.read_bytes()
    file.write_bytes(mutant.applied_to(whole))
    ids = tree.parent / "ids"
    # What has a name of its own in the module's own tests is most likely to notice.
    ids.write_text("\n".join(sorted(tests, key=lambda one: (mutant.path.stem not in one, one))), encoding="utf-8")
    try:
        if mutant.path.name == "models.py" and migrations_differ(tree):
            return "makemigrations --check"
        if tests:
            done = pytest(tree, "-x", f"@{ids}")
            if done.returncode == NO_SUCH_TEST:
                # The change took a case out of a table of them: `make check` would run what is left.
                files += sorted({one.partition("::")[0] for one in tests} - set(files))
            elif done.returncode:
                return _noticed(done)
        if not files:
            return None
        done = pytest(tree, "-x", "-m", FAST, *files)
    except subprocess.TimeoutExpired:
        return "no end"
    finally:
        file.write_bytes(whole)
    return None if done.returncode in (0, NOTHING_TO_RUN) else _noticed(done)


def _noticed(done: subprocess.CompletedProcess[str]) -> str:
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return failed[1] if failed else f"exit {done.returncode}: {(done.stdout + done.stderr)[-200:]}"


def migrations_differ(tree: Path) -> bool:
    """Whether the tables would no longer be what the migrations make, which `make check` asks too."""
    words = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    variables = {"DJANGO_SETTINGS_MODULE": "everyfamily.config.settings", "PYTHONPATH": str(tree / "src")}
    variables["PYTHONDONTWRITEBYTECODE"] = "1"
    return bool(subprocess.run(words, cwd=tree, env=os.environ | variables, capture_output=True).returncode)


def pytest(tree: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in the copy, on the copy's source."""
    settings = {"DJANGO_SETTINGS_MODULE": "everyfamily.config.settings", "PYTHONUTF8": "1"}
    # Two versions of one file within a second have the same time: nothing compiled is kept.
    settings |= {"PYTHONPATH": str(tree / "src"), "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *words],
        cwd=tree,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=None if variables else MOST_SECONDS,
    )


if __name__ == "__main__":
    main()
