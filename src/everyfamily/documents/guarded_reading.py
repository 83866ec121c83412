"""Runs a reader in its own process, with a limit on time and memory, so that no file can harm the caller.

If the system has no fork (Windows), the reader runs in this process, with only the limits on sizes.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import selectors
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from everyfamily.core.text.outside_document import Document
from everyfamily.documents.document_wire import packed, unpacked
from everyfamily.documents.shared import not_readable
from everyfamily.documents.shared.not_readable import (
    DocumentDamaged,
    DocumentNotReadable,
    ReaderCrashed,
    ReadingTookTooLong,
)

Reader = Callable[[bytes, str], Document]

PROCESSOR_SECONDS = 20
"""A real PDF of 1,000 pages takes half of it, and everything else takes far less."""
WALL_SECONDS = 60.0
MEMORY_BYTES = 600_000_000
_MAX_ANSWER = 200_000_000
_READ, _REFUSED = b"d", b"e"
_TAKE_ANOTHER = "Check that this is the letter. Save it again in its own program, or as PDF."


def read_guarded(
    read: Reader,
    data: bytes,
    name: str,
    *,
    processor_seconds: int = PROCESSOR_SECONDS,
    wall_seconds: float = WALL_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Document:
    """What `read` gives for the file. Raises DocumentNotReadable for anything that goes wrong."""
    if not hasattr(os, "fork"):
        return _read_here(read, data, name)
    answers, told = os.pipe()
    with warnings.catch_warnings():
        # Python warns about forking next to threads, because the child may wait for a lock that nobody releases. This
        # child takes no lock of ours, and if it waits, the time limit ends it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(answers)
        _answer(read, data, name, told, processor_seconds, memory_bytes)
    os.close(told)
    try:
        answer = _heard(answers, time.monotonic() + wall_seconds)
    finally:
        os.close(answers)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return _understood(answer, status, name)


def _read_here(read: Reader, data: bytes, name: str) -> Document:
    try:
        return read(data, name)
    except (DocumentNotReadable, MemoryError):
        raise
    except Exception as problem:
        raise _damaged() from problem


def _damaged() -> DocumentDamaged:
    return DocumentDamaged("The file is damaged, or not of the format that its name says.", _TAKE_ANOTHER)


def _answer(read: Reader, data: bytes, name: str, told: int, seconds: int, memory: int) -> None:
    """In the child: read, answer, and end without running anything that the parent had planned for its own end."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        faulthandler.disable()  # the parent reports a crash, in a sentence
        _limit(seconds, memory)
        answer = _tried(read, data, name)
        with open(told, "wb", closefd=True) as out:
            out.write(answer)
    finally:
        os._exit(0)


def _tried(read: Reader, data: bytes, name: str) -> bytes:
    try:
        return _READ + packed(_read_here(read, data, name))
    except DocumentNotReadable as problem:
        said = {"class": type(problem).__name__, "fact": problem.fact, "fix": problem.fix}
    except MemoryError:
        said = {
            "class": "ReadingTookTooLong",
            "fact": "Reading the file takes too much memory.",
            "fix": _TAKE_ANOTHER,
        }
    return _REFUSED + json.dumps(said).encode()


def _limit(seconds: int, memory: int) -> None:
    import resource  # not on Windows

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(ValueError, OSError):  # macOS does not enforce a limit on address space
        resource.setrlimit(resource.RLIMIT_AS, (_address_space() + memory,) * 2)


def _address_space() -> int:
    """Bytes of address space that the process already has, including everything from the parent."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _heard(answers: int, deadline: float) -> bytes | None:
    """Everything that the child says, or None if it talks past its time limit or without end."""
    heard: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as selector:
        selector.register(answers, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                return None
            chunk = os.read(answers, 1_000_000)
            if not chunk:
                return b"".join(heard)
            heard.append(chunk)
            length += len(chunk)
            if length > _MAX_ANSWER:
                return None


def _understood(answer: bytes | None, status: int, name: str) -> Document:
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if answer is None or (not answer and ended_by in (signal.SIGXCPU, signal.SIGKILL)):
        raise ReadingTookTooLong("Reading the file took too long and was stopped.", _TAKE_ANOTHER)
    try:
        if answer[:1] == _READ:
            return unpacked(answer[1:], name)
        said = json.loads(answer[1:])
        refused = getattr(not_readable, str(said["class"]))
        raised = refused(str(said["fact"]), str(said["fix"]))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as problem:
        raise ReaderCrashed("The program that reads such files stopped at this one.", _TAKE_ANOTHER) from problem
    if not isinstance(raised, DocumentNotReadable):
        raise ReaderCrashed("The program that reads such files stopped at this one.", _TAKE_ANOTHER)
    raise raised
