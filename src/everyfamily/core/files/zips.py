"""Zip files from outside (OneRoster, workbooks, the national list's results), checked before anything is unpacked, and
our own.

The table of contents is believed only if it condemns the file. What an entry really holds is counted while it is
unpacked. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from everyfamily.core.errors import EveryfamilyError, SourceLocation

_MB = 1_000_000
_ENTRY_SIGNATURE = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The library unpacks other methods without a limit, and no format of ours uses them."""
_ENCRYPTED = 0x1 | 0x40
"""Either of the two flags of an entry that has a password."""
_PIECE = 1 << 16
_LONGEST_NAME = 40
_DAY_ZERO = (1980, 1, 1, 0, 0, 0)


class ZipRefused(EveryfamilyError):
    """The zip file is damaged, or unpacking it would not be safe."""

    code = "EF205"


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What a zip file may hold. Sizes are in bytes, unpacked."""

    total: int = 200 * _MB
    entry: int = 100 * _MB
    entries: int = 1_000
    ratio: int = 200
    """Unpacked size divided by packed size for an entry. Deflate cannot exceed 1,032."""
    ratio_from: int = _MB
    """Below this size a ratio says nothing, because a short sheet of blank cells packs well too."""


LIMITS = ZipLimits()


def is_zip(data: bytes) -> bool:
    """Whether the bytes begin as a zip file does, including an empty one."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def check_zip(data: bytes, file: str, *, limits: ZipLimits = LIMITS) -> zipfile.ZipFile:
    """Open a zip file in memory after checking that its table of contents is harmless. `file` is its name in errors.

    Read its entries with `read_entry`, not with the library's own `read`. Raises ZipRefused.
    """
    # Each entry takes a kilobyte once the library has read it, so count first.
    if data.count(_ENTRY_SIGNATURE) > limits.entries:
        raise _refused(file, f"The zip file has more than {limits.entries:,} entries.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, OverflowError) as problem:
        raise _damaged(file) from problem
    archive.filename = file
    if fault := next(_faults(archive.infolist(), limits), None):
        archive.close()
        raise _refused(file, fault)
    return archive


def read_entry(archive: zipfile.ZipFile, name: str, limit: int = LIMITS.entry) -> bytes:
    """Unpack one entry, at most `limit` bytes, whatever the zip file says about its size.

    Raises ZipRefused if it is larger, missing, damaged, or not as long as the table of contents says.
    """
    file = archive.filename or "zip file"
    try:
        listed = archive.getinfo(name)
        # The library silently stops at the listed size. This copy lets it reach the real end, or the limit.
        unbelieved = copy.copy(listed)
        unbelieved.file_size = limit + 2  # one more than is read, because at the end it compares check sums
        with archive.open(unbelieved) as entry:
            held = _read_at_most(entry, limit + 1)
    except KeyError as problem:
        raise ZipRefused(
            f"The zip file has no entry {_short(name)}.",
            "Export it again from the records system.",
            SourceLocation(file),
        ) from problem
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, RuntimeError) as problem:
        raise _damaged(file) from problem
    if len(held) > limit:
        raise _refused(file, f"The entry {_short(name)} unpacks to more than {_in_mb(limit)}.")
    if len(held) != listed.file_size:
        raise _refused(file, f"The entry {_short(name)} is not as long as the zip file says.")
    return held


def entry_in_pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Unpack one entry of an archive from `check_zip`, piece by piece, as far as the table of contents says.

    Raises ZipRefused if it is damaged.
    """
    try:
        with archive.open(name) as entry:
            while piece := entry.read(_PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as problem:
        raise _damaged(archive.filename or "zip file") from problem


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files, name -> bytes, as a zip: stored, sorted, without a date, so that the same files give the same bytes
    anywhere."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            part = zipfile.ZipInfo(name, _DAY_ZERO)
            part.create_system, part.external_attr = 3, 0o644 << 16
            archive.writestr(part, files[name])
    return stored.getvalue()


def _read_at_most(entry: IO[bytes], limit: int) -> bytes:
    held = bytearray()
    while len(held) < limit and (piece := entry.read(min(_PIECE, limit - len(held)))):
        held += piece
    return bytes(held)


def _faults(entries: list[zipfile.ZipInfo], limits: ZipLimits) -> Iterator[str]:
    if sum(entry.file_size for entry in entries) > limits.total:
        yield f"The zip file unpacks to more than {_in_mb(limits.total)}."
    seen: set[str] = set()
    for entry in entries:
        if fault := next(_faults_of(entry, limits), None):
            yield fault
        name = entry.filename.casefold()
        if name in seen:
            yield f"The zip file has the entry {_short(entry.filename)} twice."
        seen.add(name)


def _faults_of(entry: zipfile.ZipInfo, limits: ZipLimits) -> Iterator[str]:
    name = _short(entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        yield "The zip file is protected by a password."
    if entry.compress_type not in _METHODS:
        yield f"The entry {name} is packed in a way that is not read here."
    if entry.file_size > limits.entry:
        yield f"The entry {name} unpacks to more than {_in_mb(limits.entry)}."
    if entry.file_size > max(limits.ratio_from, limits.ratio * entry.compress_size):
        yield f"The entry {name} unpacks to more than {limits.ratio} times its size."
    if _leads_out(entry.orig_filename):
        yield f"The entry {name} has a path that leads out of the zip file."


def _leads_out(name: str) -> bool:
    parts = re.split(r"[\\/]", name)
    return ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name


def _short(name: str) -> str:
    return f'"{"".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME]}"'


def _in_mb(size: int) -> str:
    return f"{size // _MB:,} MB" if size >= _MB else f"{size:,} bytes"


def _refused(file: str, fault: str) -> ZipRefused:
    return ZipRefused(
        fault, "Export it again from the records system and send the file as it came.", SourceLocation(file)
    )


def _damaged(file: str) -> ZipRefused:
    return ZipRefused(
        "The zip file is damaged or cut off.",
        "Export it again from the records system, and wait until the download has ended.",
        SourceLocation(file),
    )
