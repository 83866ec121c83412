"""Writes what docs/howto/export-from-your-system.md says of each system from core/rolls/layout/exports.toml.

python tools/docs/exports.py
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from everyfamily.core.rolls.layout.exports import exports, in_every_system

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "export-from-your-system.md"
FIRST, THEN = "## In every system\n", "## Files that have no parents in them\n"
MARK = (
    "<!-- Written by tools/docs/exports.py from core/rolls/layout/exports.toml. Do not edit: run `make docs`. -->"
)


def page() -> str:
    """The page with the two parts as the table is."""
    text = PAGE.read_text(encoding="utf-8")
    return text[: text.index(FIRST)] + "\n".join(_parts()) + "\n\n" + text[text.index(THEN) :]


def _parts() -> Iterator[str]:
    yield f"{FIRST}\n{MARK}\n"
    for number, step in enumerate(in_every_system(), start=1):
        yield textwrap.fill(f"{number}. {step}", 130, subsequent_indent="   ")
    yield "\n## By system\n"
    yield "| system | what to run | what it can hold | what is lost or dangerous | how sure |\n|---|---|---|---|---|"
    for one in exports():
        yield f"| **{one.name}** | {one.run} | {one.holds} | {one.lost} | {one.sure} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
