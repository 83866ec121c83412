"""A pack as it was in an earlier version that git keeps."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.packs.opened_pack import PackFiles
from everyfamily.core.packs.pack_files import is_of_a_pack


class NotInGit(EveryfamilyError):
    """Git has no such version of the folder."""

    code: ClassVar[str] = "EF184"


def pack_at(folder: Path, revision: str) -> PackFiles:
    """The files of the pack in `folder` as they were at `revision` (a tag, a branch, a commit). Raises NotInGit."""
    commit = _git(
        folder, revision, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
    )
    names = _git(folder, revision, "ls-tree", "-z", "--name-only", commit.decode().strip(), "./").split(b"\0")
    own = [name.decode(errors="replace") for name in names if name]
    read = {
        name: _git(folder, revision, "cat-file", "blob", f"{commit.decode().strip()}:./{name}")
        for name in own
        if is_of_a_pack(name)
    }
    if not read:
        raise NotInGit(
            "This folder has no pack in that version.", "Name a later version.", SourceLocation(str(folder))
        )
    return PackFiles(folder.resolve().name, read)


def _git(folder: Path, revision: str, *words: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise NotInGit("Git is not on this machine.", "Give two folders, or two zips.")
    done = subprocess.run([program, "-C", str(folder), *words], capture_output=True, check=False)
    if done.returncode:
        raise NotInGit(
            "Git has no such version of this folder.",
            "Name a tag, a branch or a commit of its repository, or give two folders.",
            SourceLocation(str(folder)),
        )
    return done.stdout
