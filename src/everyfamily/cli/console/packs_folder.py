"""Where the content packs of this checkout are."""

from __future__ import annotations

from pathlib import Path

from everyfamily.core.errors import EveryfamilyError


class PacksNotFound(EveryfamilyError):
    """The content packs are not where this program looks."""

    code = "EF952"


def packs_folder() -> Path:
    """The content packs of this checkout; raises PacksNotFound."""
    for start in (Path(__file__).resolve(), Path.cwd() / "here"):
        for parent in start.parents:
            if (parent / "packs" / "child-sexual-exploitation" / "pack.toml").exists():
                return parent / "packs"
    raise PacksNotFound(
        "There is no folder packs/ here.",
        "Run it from a checkout of everyfamily, or give --packs where a command has it.",
    )
