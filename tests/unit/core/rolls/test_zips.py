"""A zip file from outside is refused before it can hurt, in one sentence."""

from __future__ import annotations

import io
import resource
import struct
import time
import tracemalloc
import zipfile
import zlib
from random import Random

import pytest

from everyfamily.core.files.zips import ZipLimits, ZipRefused, check_zip, is_zip, read_entry
from tests.factories.each import each

GB = 1_000_000_000


def made(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, held in entries:
            archive.writestr(name, held)
    return out.getvalue()


def zeros(size: int) -> bytes:
    """`size` zeros deflated, without ever holding them: one packed piece again and again."""
    piece = 10_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(piece)) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed * (size // piece) + b"\x03\x00"


def hand_made(name: str, packed: bytes, *, says: int, crc: int = 0, flags: int = 0, method: int = 8) -> bytes:
    """A zip file of one entry whose table of contents says what we like."""
    wide = struct.pack("<HHQ", 1, 8, says) if says > 0xFFFFFFFF else b""
    size = min(says, 0xFFFFFFFF)
    encoded = name.encode()
    shared = struct.pack("<HHHHHIIIHH", 45, flags, method, 0, 0, crc, len(packed), size, len(encoded), len(wide))
    local = b"PK\x03\x04" + shared + encoded + wide
    listed = b"PK\x01\x02\x2d\x00" + shared + struct.pack("<HHHII", 0, 0, 0, 0, 0) + encoded + wide
    at = len(local) + len(packed)
    return local + packed + listed + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(listed), at, 0)


def test_a_harmless_zip_file_gives_its_entries_back() -> None:
    archive = check_zip(made(("users.csv", b"a,b\n"), ("folder/orgs.csv", b"")), "list.zip")
    assert read_entry(archive, "users.csv") == b"a,b\n"
    assert read_entry(archive, "folder/orgs.csv") == b""


def test_a_large_honest_entry_is_read_whole() -> None:
    held = Random(1).randbytes(2_000_000)
    assert read_entry(check_zip(made(("a.csv", held)), "list.zip"), "a.csv") == held


def test_five_gigabytes_in_five_megabytes_are_refused_at_once() -> None:
    data = hand_made("users.csv", zeros(5 * GB), says=5 * GB)
    assert 4_000_000 < len(data) < 6_000_000
    begun, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ZipRefused, match="more than 200 MB"):
        check_zip(data, "list.zip")
    assert time.process_time() - begun < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 20_000, "kilobytes"


def test_an_entry_that_lies_about_its_five_gigabytes_is_stopped_at_the_limit() -> None:
    archive = check_zip(hand_made("users.csv", zeros(5 * GB), says=4_990_000), "list.zip")
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(ZipRefused, match="unpacks to more than 5 MB"):
        read_entry(archive, "users.csv", 5_000_000)
    assert time.process_time() - begun < 3
    assert tracemalloc.get_traced_memory()[1] < 15_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("says", [5, 30])
def test_an_entry_of_another_length_than_listed_is_refused(says: int) -> None:
    held = b"exactly twenty bytes"
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(held) + packer.flush()
    # The library by itself would hand out the first five bytes if the check sum is theirs.
    crc = zlib.crc32(held)
    archive = check_zip(hand_made("a.csv", packed, says=says, crc=crc), "list.zip")
    with pytest.raises(ZipRefused, match="not as long"):
        read_entry(archive, "a.csv")


def test_a_wrong_check_sum_is_damage() -> None:
    archive = check_zip(hand_made("a.csv", b"abc", says=3, crc=7, method=0), "list.zip")
    with pytest.raises(ZipRefused, match="damaged"):
        read_entry(archive, "a.csv")


REFUSED = {
    "the whole too large": (made(("a", b"x" * 60), ("b", b"x" * 60)), "more than 100 bytes"),
    "one entry too large": (made(("a", b"x" * 81)), 'entry "a" unpacks to more than 80 bytes'),
    "packed too well": (made(("a", b"x" * 70)), "more than 5 times its size"),
    "too many entries": (made(*((f"{n}", b"") for n in range(11))), "more than 10 entries"),
    "a password": (hand_made("a", b"abc", says=3, flags=1), "protected by a password"),
    "a method without a bound": (made(("a", b"abc"), method=zipfile.ZIP_LZMA), "packed in a way"),
    "a path upwards": (made(("../a", b"")), "leads out"),
    "a path upwards in Windows' way": (made(("x\\..\\a", b"")), "leads out"),
    "an absolute path": (made(("/etc/a", b"")), "leads out"),
    "a drive": (made(("C:/a", b"")), "leads out"),
    "a name cut off by NUL": (hand_made("a\0b", b"abc", says=3, method=0), "leads out"),
    "one name twice": (made(("a.csv", b""), ("A.CSV", b"")), "twice"),
}


@each("data, said", REFUSED.values())
def test_what_could_hurt_is_refused_before_it_is_unpacked(data: bytes, said: str) -> None:
    small = ZipLimits(total=100, entry=80, entries=10, ratio=5, ratio_from=10)
    with pytest.raises(ZipRefused, match=said) as refused:
        check_zip(data, "list.zip", limits=small)
    assert refused.value.place is not None
    assert refused.value.place.file == "list.zip"


@pytest.mark.parametrize("cut", [3, 30, 60, 100])
def test_a_zip_file_cut_off_is_damage(cut: int) -> None:
    with pytest.raises(ZipRefused, match="damaged or cut off"):
        check_zip(made(("users.csv", b"a,b\n"))[:cut], "list.zip")


def test_an_entry_that_is_not_there_is_named() -> None:
    with pytest.raises(ZipRefused, match=r'no entry "users\.csv"'):
        read_entry(check_zip(made(("a", b"")), "list.zip"), "users.csv")


def test_a_zip_file_is_known_by_its_first_bytes() -> None:
    assert is_zip(made(("a", b"")))
    assert is_zip(made())
    assert not is_zip(b"SCHOOL_URN,PUPIL_ID")
