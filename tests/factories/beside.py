"""A waitress server that runs beside a test, in a thread of its own."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any


@contextmanager
def run_beside(server: Any) -> Iterator[str]:
    """Serve until the block ends, and give the address.

    The server's own thread closes its sockets. `server.close()` here would close them while that thread waits for them,
    which on a busy machine ends it with EBADF.
    """
    from waitress import wasyncore

    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        _tell(server.trigger, lambda: wasyncore.close_all(server._map))
        thread.join(10)
        server.task_dispatcher.shutdown()
        assert not thread.is_alive(), "the server goes on"


def _tell(trigger: Any, what: Callable[[], None]) -> None:
    """Have the server's thread do it. If the thread is awake, because an answer goes out, it may do it at once and
    close the pipe that would wake it, so this writes to a copy of the pipe's end."""
    wake = os.dup(trigger.trigger)
    try:
        with trigger.lock:
            trigger.thunks.append(what)
        with suppress(BrokenPipeError):
            os.write(wake, b"x")
    finally:
        os.close(wake)
