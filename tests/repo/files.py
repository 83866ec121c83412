"""The repository's own files, as the tests about it read them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def repository_files() -> tuple[Path, ...]:
    """Every file that is committed or waits to be, in order."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Path from the root -> text, of every file that is text."""
    found = {}
    for path in repository_files():
        try:
            found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def text_lines() -> Iterator[tuple[str, str]]:
    """`file:line` and the line, of every file that is text."""
    for name, text in texts().items():
        for number, line in enumerate(text.splitlines(), start=1):
            yield f"{name}:{number}", line


def places_of(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """`file:line` and the match, of a pattern that stays within a line: faster than line by line."""
    for name, text in texts().items():
        for match in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}", match
