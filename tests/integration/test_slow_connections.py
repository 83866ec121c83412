"""The real web server gives a request a time to be whole in, however slowly it drips."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from everyfamily.config.serving import SERVING, server_of

pytestmark = pytest.mark.slow

WHOLE = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body) + 2))])
    return [b"ok" + body]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A server that waits a second for a request, not twenty."""
    server = server_of(application, host="127.0.0.1", port=0, channel_timeout=1, cleanup_interval=1)
    thread = threading.Thread(target=lambda: _run(server), daemon=True)
    thread.start()
    yield int(server.effective_port)
    server.close()
    thread.join(2)


def _run(server: Any) -> None:
    with suppress(OSError):
        server.run()


def answered(one: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\r\n\r\nok"):
        more = one.recv(1000)
        assert more
        data += more
    return data


def lives(port: int, *drops: bytes, for_seconds: float = 6) -> bool:
    """Whether a connection that drips these, a piece each 0.2 s and the last for ever, is still open at the end."""
    ends = time.monotonic() + for_seconds
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.settimeout(0.2)
        at = 0
        while time.monotonic() < ends:
            try:
                one.sendall(drops[min(at, len(drops) - 1)])
                at += 1
                if one.recv(100) == b"":
                    return False
            except TimeoutError:
                continue
            except OSError:
                return False
    return True


DRIPS = {
    "in the headers": (b"GET / HTTP/1.1\r\nHost: x\r\n", b"X: y\r\n"),
    "in the body": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n", b"x"),
    "before the request": (b"\r\n",),
    "in chunks": (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}


def test_a_connection_that_drips_is_closed(port: int) -> None:
    with ThreadPoolExecutor(len(DRIPS)) as at_once:
        live = dict(zip(DRIPS, at_once.map(lambda drops: lives(port, *drops), DRIPS.values()), strict=True))
    assert live == dict.fromkeys(DRIPS, False)


@pytest.mark.nightly
def test_one_that_waits_after_an_answer_is_closed_and_a_busy_one_is_not(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as one:
        # Longer altogether than it waits for one request.
        for _ in range(5):
            one.sendall(WHOLE)
            assert answered(one).startswith(b"HTTP/1.1 200")
            time.sleep(0.5)
        one.settimeout(6)
        assert one.recv(10) == b""


def test_a_slow_request_that_is_whole_in_time_is_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as one:
        for part in (WHOLE[:5], WHOLE[5:20], WHOLE[20:]):
            one.sendall(part)
            time.sleep(0.2)
        assert answered(one).startswith(b"HTTP/1.1 200")


@pytest.mark.nightly
def test_many_that_drip_shut_nobody_out_for_longer_than_the_time(port: int) -> None:
    slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
    try:
        for one in slow:
            one.sendall(b"GET / HTTP/1.1\r\n")
        ends, closed = time.monotonic() + 8, 0
        while time.monotonic() < ends and closed < len(slow):
            for one in slow:
                with suppress(OSError):
                    one.sendall(b"X")
            time.sleep(0.5)
            closed = sum(is_closed(one) for one in slow)
        assert closed == len(slow)
    finally:
        for one in slow:
            one.close()


def is_closed(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        return one.recv(1) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def test_what_is_served_has_these_limits() -> None:
    assert SERVING["channel_timeout"] == 20
    assert SERVING["max_request_body_size"] == 100_000
