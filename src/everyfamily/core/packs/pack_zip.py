"""A pack as one file that others can be sent: the same bytes each time, with its digest in it.

The digest shows that the file was damaged or changed on the way. It does not show who made it, because whoever changes
a pack can also write its new digest: two people compare it by another way, such as on the telephone.
"""

from __future__ import annotations

import re
import stat
import zipfile
from collections.abc import Mapping
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.zips import ZipLimits, ZipRefused, check_zip, read_entry, zipped
from everyfamily.core.packs.pack_files import digest_of_files, is_of_a_pack, own_files

DIGEST_FILE = "DIGEST"
"""Not of the pack itself: the name has no ending."""
_LIMITS = ZipLimits(total=20_000_000, entry=2_000_000, entries=400)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z][a-z0-9-]*")
_ASK = "Ask whoever sent it to make it again from the folder. Do not use what is in it."


class PackZipRefused(EveryfamilyError):
    """The zip is not a pack as this program writes one, or it is not safe to read."""

    code: ClassVar[str] = "EF181"


class PackChangedOnTheWay(EveryfamilyError):
    """What is in the zip is not what its own digest is of."""

    code: ClassVar[str] = "EF182"


def zip_of_pack(files: Mapping[str, bytes], name: str) -> bytes:
    """A pack's files as a zip with one folder, called `name`, and the digest beside them."""
    own = own_files(files)
    digest = f"{digest_of_files(own)}\n".encode()
    return zipped({f"{name}/{file}": data for file, data in {**own, DIGEST_FILE: digest}.items()})


def pack_in_zip(data: bytes, file: str) -> tuple[str, dict[str, bytes]]:
    """The name and the files of the pack in a zip; `file` is the zip's name in errors. Nothing is written to disk.

    Raises PackZipRefused for anything that is not one pack (paths that lead out, links, a bomb, a damaged file) and
    PackChangedOnTheWay.
    """
    place = SourceLocation(file)
    try:
        archive = check_zip(data, file, limits=_LIMITS)
        entries = {
            one.filename: one for one in archive.infolist() if not one.is_dir() and not _is_junk(one.filename)
        }
        if any(map(_is_link, entries.values())):
            raise PackZipRefused("There is a link in the zip.", _ASK, place)
        name = _one_folder(list(entries), place)
        inside = {
            path.removeprefix(f"{name}/"): read_entry(archive, path, _LIMITS.entry)
            for path in entries
            if is_of_a_pack(path.removeprefix(f"{name}/")) or path == f"{name}/{DIGEST_FILE}"
        }
    except ZipRefused as refused:
        raise PackZipRefused(refused.fact, _ASK, place) from refused
    said = inside.pop(DIGEST_FILE, b"").decode(errors="replace").strip()
    if not _DIGEST.fullmatch(said):
        raise PackZipRefused(
            "The zip has no digest, so nobody can tell whether it is as it was made.", _ASK, place
        )
    if digest_of_files(inside) != said:
        raise PackChangedOnTheWay("The pack in the zip is not the one that its digest is of.", _ASK, place)
    return name, inside


def _one_folder(paths: list[str], place: SourceLocation) -> str:
    """The folder that holds the pack, at the top of the zip."""
    folders = [path.partition("/")[0] for path in paths if path.endswith("/pack.toml") and path.count("/") == 1]
    if len(folders) != 1 or not _NAME.fullmatch(folders[0]):
        raise PackZipRefused("The zip is not one folder with a pack.toml in it.", _ASK, place)
    return folders[0]


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _is_junk(path: str) -> bool:
    """What systems put beside files: __MACOSX, .DS_Store."""
    return any(part.startswith((".", "__")) for part in path.split("/"))
