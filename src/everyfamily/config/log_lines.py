"""Log lines without anybody's data: what happened, where, and the class of the error, never its words.

The words of an exception quote what could not be written or read: a name, an address, a row. So do messages that other
libraries build themselves. EVERYFAMILY_DEBUG=1 shows everything, for a machine with invented data.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from everyfamily.core.errors import EveryfamilyError

_OURS = "everyfamily"
_FRAMES = 6
"""How many places of a traceback are shown, the innermost last."""


class LogLines(logging.Formatter):
    """One line for each record, and one for what was raised."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; see the module."""
        if shows_everything():
            return super().format(record)
        head = f"{self.formatTime(record)} {record.levelname} {record.name}: {message_of(record)}"
        if record.exc_info and record.exc_info[1] is not None:
            head = f"{head}\n  {fault_of(record.exc_info[1])}"
        return head


def shows_everything() -> bool:
    """Whether somebody asked to see every word."""
    return os.environ.get("EVERYFAMILY_DEBUG") == "1"


def message_of(record: logging.LogRecord) -> str:
    """Our own messages in full. For others: the work engine's job, the template without its values, or the place."""
    if record.name.split(".")[0] == _OURS:
        return record.getMessage()
    if (action := getattr(record, "action", None)) is not None:
        return f"{action}{_job(getattr(record, 'job', None))}"
    if record.args and isinstance(record.msg, str):
        return record.msg
    return f"at {record.filename}:{record.lineno}"


def _job(job: object) -> str:
    if not isinstance(job, dict):
        return ""
    numbers = {key: value for key, value in (job.get("task_kwargs") or {}).items() if isinstance(value, int)}
    return f", job {job.get('id')} {job.get('task_name')} {numbers}"


def fault_of(problem: BaseException) -> str:
    """The classes of an exception and its causes, and where it was raised. Our own errors hold no values, so their code
    and sentence are given."""
    said: list[str] = []
    seen: BaseException | None = problem
    while seen is not None and len(said) < _FRAMES:
        said.append(_class_of(seen))
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return f"{' from '.join(said)}; {_places(problem.__traceback__)}"


def _class_of(problem: BaseException) -> str:
    if isinstance(problem, EveryfamilyError):
        return f"{problem.code} {problem.fact}"
    return type(problem).__qualname__


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return (
        " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames) or "no place"
    )


def keep_words_out_of_crashes() -> None:
    """For a process that keeps running: log uncaught errors, in a thread or anywhere, in the same way."""

    def crashed(kind: type[BaseException], problem: BaseException | None, *_: Any) -> None:
        if problem is None or issubclass(kind, KeyboardInterrupt):
            return
        sys.stderr.write(f"A part of the program stopped: {fault_of(problem)}\n")

    if shows_everything():
        return
    sys.excepthook = crashed
    threading.excepthook = lambda args: crashed(args.exc_type, args.exc_value)
    sys.unraisablehook = lambda args: crashed(args.exc_type, args.exc_value)
