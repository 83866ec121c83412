"""Which files are a pack, and one digest over them.

The digest is the same on any machine: line ends, the order and the times of the files, and files that are not of the
pack (a note, an editor's copy, what a system leaves behind) make no difference.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.text_files import TextFileUnreadable, read_bytes

_OF_A_PACK = re.compile(
    r"(?:pack|sources)\.toml|[a-z]+(?:[.-][a-z]+)*\.[a-z]{2,3}(?:-[A-Za-z]+)*\.(?:md|txt|toml)"
)
"""pack.toml, sources.toml, and a text with its language: letter.en.md, sms.cy.txt."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def is_of_a_pack(name: str) -> bool:
    """Whether a file of this name belongs to a pack."""
    return _OF_A_PACK.fullmatch(name) is not None


def own_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that are of the pack, by name and in order, with the line ends of Unix and no byte order mark."""
    return {name: _plain(files[name]) for name in sorted(files) if is_of_a_pack(name)}


def _plain(raw: bytes) -> bytes:
    return raw.removeprefix(_BYTE_ORDER_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """SHA-256 over names and bytes of what `own_files` gives."""
    whole = hashlib.sha256()
    for name, data in own_files(files).items():
        whole.update(f"{name}\0{len(data)}\0".encode())
        whole.update(data)
    return whole.hexdigest()


def files_in_folder(folder: Path) -> dict[str, bytes]:
    """The files of a pack's folder, name to bytes. Raises TextFileUnreadable."""
    if not folder.is_dir():
        raise TextFileUnreadable(
            "The pack's folder is not there.",
            "Give the path of a folder with a pack.toml.",
            SourceLocation(folder.name),
        )
    own = [one for one in folder.iterdir() if one.is_file() and is_of_a_pack(one.name)]
    if links := sorted(one.name for one in own if one.is_symlink()):
        # A pack is passed on: what a link leads to might be anything that its reader may open.
        raise TextFileUnreadable(
            "This is a link, and not a file.",
            "Put the file itself there.",
            SourceLocation(f"{folder.name}/{links[0]}"),
        )
    names = sorted(one.name for one in own)
    return {name: read_bytes(folder / name, f"{folder.name}/{name}") for name in names}
