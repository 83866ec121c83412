"""Where the content packs are: the folder that somebody named, or that of this checkout."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_text import load_toml
from everyfamily.core.packs.opened_pack import PackFiles, open_pack

_ABOUT = "pack.toml"
_CORRECTION = "correction"
"""The small pack with what a correction says first. It has no pack.toml."""


class PacksNotFound(EveryfamilyError):
    """The content packs are not where this program looks."""

    code: ClassVar[str] = "EF952"


class PackNotInstalled(EveryfamilyError):
    """There is no pack of this name among the packs of this installation."""

    code: ClassVar[str] = "EF331"


def packs_folder(named: str | Path | None = None) -> Path:
    """The content packs: those of the folder `named`, or those of this checkout. Raises PacksNotFound."""
    if named:
        folder = Path(named)
        if any(folder.glob(f"*/{_ABOUT}")):
            return folder
        raise PacksNotFound(
            "The folder of packs has no pack in it.", "Name the folder that has a folder for each pack."
        )
    for start in (Path(__file__).resolve(), Path.cwd() / "here"):
        for parent in start.parents:
            if (parent / "packs" / "child-sexual-exploitation" / _ABOUT).exists():
                return parent / "packs"
    raise PacksNotFound(
        "There is no folder packs/ here.",
        "Run it from a checkout of everyfamily, or say where the packs are.",
    )


def packs_in(folder: Path) -> list[str]:
    """The names of the packs in a folder of packs."""
    return sorted(one.parent.name for one in folder.glob(f"*/{_ABOUT}"))


@dataclass(frozen=True, slots=True)
class PackInBrief:
    """A pack by its title, and the day by which it must be read again."""

    title: str
    review_on: date


def packs_in_brief(folder: Path) -> dict[str, PackInBrief]:
    """The packs in a folder by their names. One whose pack.toml cannot be read is left out."""
    found = {}
    for name in packs_in(folder):
        with suppress(OSError, ValueError, LookupError, RecursionError):
            about = load_toml((folder / name / _ABOUT).read_text(encoding="utf-8"))
            found[name] = PackInBrief(str(about["title"]), date.fromisoformat(str(about["review_on"])))
    return found


def installed_pack(folder: Path, pack_id: str) -> PackFiles:
    """The files of one pack, by its name. Raises PackNotInstalled, and what `open_pack` raises."""
    if pack_id not in packs_in(folder):
        raise PackNotInstalled("There is no such pack here.", "Choose one of the packs in the list.")
    return open_pack(folder / pack_id)


def correction_folder(folder: Path) -> Path:
    """The folder with the words that a correction begins with."""
    return folder / _CORRECTION
