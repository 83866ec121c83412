"""Damaged files for the readers of outside files: a whole one, cut, doubled, overwritten, renamed, packed again.

The contract of every reader: it returns, or refuses with a sentence (an EveryfamilyError), within seconds and without
using up the memory. A crash found here becomes a file in corpus/<target>/, so that it stays found.
"""

from __future__ import annotations

import io
import resource
import signal
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from everyfamily.core.errors import EveryfamilyError

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 5.0
KILOBYTES = 400_000
SHORT = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
LONG = settings(SHORT, max_examples=3_000, derandomize=False)
TOKENS = (
    *(
        b"",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\r",
        b"\n",
        b"\r\n",
        b'"',
        b"'",
        b",",
        b";",
        b"\t",
        b"=",
    ),
    *(
        b"<",
        b">",
        b"</",
        b"&",
        b"&#0;",
        b"<![CDATA[",
        b"<!--",
        b"<?xml",
        b"<!DOCTYPE x [",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
    ),
    *(
        b"-1",
        b"0",
        b"9" * 30,
        b"1e999",
        b"NaN",
        b"true",
        b"null",
        b"../",
        b"/etc/passwd",
        b"%n%s",
        b"=cmd|' /C calc'!A0",
    ),
    *("\u202e\ufeff\u0000".encode(), "é".encode("cp1252"), "🙂".encode(), b"A" * 5_000),
)


class TooSlow(Exception):
    """A reader had not ended in time; no reader raises it."""


def corpus(target: str, *more: Path) -> list[bytes]:
    """What the corpus holds for a target, and further samples."""
    held = [path.read_bytes() for path in (*sorted((CORPUS / target).iterdir()), *more)]
    assert held
    return held


def mutated(seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """A seed after one to four changes, or any bytes. `tokens` are words of the format."""
    return st.one_of(_changed(seeds, (*TOKENS, *tokens)), st.binary(max_size=300))


def mutated_zip(seeds: Sequence[bytes], tokens: Sequence[bytes] = ()) -> st.SearchStrategy[bytes]:
    """A zip file of which an entry was changed, dropped, doubled or renamed, or the packed bytes themselves."""
    return st.one_of(_repacked(seeds, (*TOKENS, *tokens)), _repacked(seeds, (*TOKENS, *tokens)), mutated(seeds))


def outcome[T](
    read: Callable[[], T], *, refusals: tuple[type[Exception], ...] = (EveryfamilyError,)
) -> T | Exception:
    """What a reader gives, or its refusal; fails on every other exception, on a hang and on a flood of memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with _in_time(), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found: T | Exception = read()
        except refusals as problem:
            assert str(problem).strip(), "a refusal says something"
            found = problem
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < KILOBYTES, "a flood of memory"
    return found


@contextmanager
def _in_time() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"no end within {SECONDS:g} s")

    known = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, known)


@st.composite
def _changed(draw: st.DrawFn, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    data = draw(st.sampled_from(seeds))
    for change in draw(st.lists(st.sampled_from(_CHANGES), min_size=1, max_size=4)):
        data = change(draw, data, tokens)[:2_000_000]
    return data


def _place(draw: st.DrawFn, data: bytes) -> int:
    return draw(st.integers(0, len(data)))


def _cut(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    at = _place(draw, data)
    return data[:at] + data[at + draw(st.integers(1, 60)) :]


def _end(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    return data[: _place(draw, data)]


def _write(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    at = _place(draw, data)
    piece = draw(st.binary(min_size=1, max_size=8))
    return data[:at] + piece + data[at + len(piece) :]


def _insert(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    at = _place(draw, data)
    return data[:at] + draw(st.sampled_from(tokens)) * draw(st.sampled_from((1, 1, 1, 2, 300))) + data[at:]


def _double(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    at = _place(draw, data)
    piece = data[at : at + draw(st.integers(1, 400))]
    return data[:at] + piece * draw(st.sampled_from((2, 2, 3, 200))) + data[at + len(piece) :]


def _word(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    """One word of the format for another, wherever it occurs."""
    there = [token for token in tokens if token and token in data]
    if not there:
        return data
    return data.replace(
        draw(st.sampled_from(there)), draw(st.sampled_from(tokens)), draw(st.sampled_from((1, -1)))
    )


def _line(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    """One line moved, dropped or doubled."""
    lines = data.split(b"\n")
    line = lines.pop(draw(st.integers(0, len(lines) - 1)))
    for _ in range(draw(st.integers(0, 2))):
        lines.insert(draw(st.integers(0, len(lines))), line)
    return b"\n".join(lines)


def _encode(draw: st.DrawFn, data: bytes, tokens: Sequence[bytes]) -> bytes:
    encoding = draw(st.sampled_from(("utf-16", "utf-16-le", "cp1252", "utf-8-sig", "utf-32", "latin-1")))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


_CHANGES = (_cut, _end, _write, _insert, _insert, _double, _word, _word, _line, _encode)


@st.composite
def _repacked(draw: st.DrawFn, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(seeds)))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(entries)))
    held = entries[name]
    what = draw(st.sampled_from(("change", "change", "change", "drop", "rename", "swap", "lie")))
    if what == "change":
        entries[name] = draw(_changed([held], tokens))
    elif what == "drop":
        del entries[name]
    elif what == "rename":
        entries[draw(st.sampled_from(("../a", "/a", "a/b/c", "x" * 300, name.upper(), f"deep/{name}")))] = (
            entries.pop(name)
        )
    elif what == "swap":
        other = draw(st.sampled_from(sorted(entries)))
        entries[name], entries[other] = entries[other], entries[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data in entries.items():
            archive.writestr(entry, data)
    return _lying(draw, out.getvalue()) if what == "lie" else out.getvalue()


def _lying(draw: st.DrawFn, data: bytes) -> bytes:
    """One field of the zip file's table of contents says something else."""
    at = data.find(b"PK\x01\x02")
    field = draw(
        st.sampled_from((8, 10, 16, 20, 24, 28, 30, 42))
    )  # flags, method, check sum, sizes, lengths, place
    value = draw(st.sampled_from((0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)))
    return data[: at + field] + struct.pack("<I", value) + data[at + field + 4 :]
