"""A pack that somebody names by its path: a folder, or the zip of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.text_files import TextFileUnreadable, read_bytes
from everyfamily.core.files.zips import is_zip
from everyfamily.core.packs.pack_files import digest_of_files, files_in_folder
from everyfamily.core.packs.pack_zip import pack_in_zip
from everyfamily.core.packs.packs import Pack, parse_pack

_ABOUT = "pack.toml"


@dataclass(frozen=True, slots=True)
class PackFiles:
    """The files of a pack, name to bytes, and the name of its folder."""

    name: str
    files: dict[str, bytes]

    @property
    def digest(self) -> str:
        """The pack's digest."""
        return digest_of_files(self.files)

    def parsed(self, site_languages: Collection[str] | None = None) -> Pack:
        """The pack. Raises what `parse_pack` raises."""
        return parse_pack(self.files, self.name, site_languages)


def open_pack(path: Path) -> PackFiles:
    """The files of a pack's folder or zip. Raises TextFileUnreadable, PackZipRefused or PackChangedOnTheWay."""
    if path.is_file():
        data = read_bytes(path, path.name)
        if not is_zip(data):
            raise TextFileUnreadable(
                "This is not a pack.", "Give a pack's folder, or the zip of one.", SourceLocation(path.name)
            )
        return PackFiles(*pack_in_zip(data, path.name))
    folder = path.resolve()
    found = PackFiles(folder.name, files_in_folder(folder))
    if _ABOUT not in found.files:
        raise TextFileUnreadable(
            f"This folder is no pack: it has no {_ABOUT}.",
            "Give the folder of one pack, or the zip of one.",
            SourceLocation(folder.name),
        )
    return found
