"""A server beside a test ends without an error, also while a browser keeps its connection open."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from waitress.server import create_server

from tests.factories.beside import run_beside


def _application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def test_no_socket_is_closed_while_the_server_waits_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: failed.append(args.exc_value))
    for _ in range(20):
        with run_beside(create_server(_application, host="127.0.0.1", port=0)) as base:
            browsers = [http.client.HTTPConnection(base.removeprefix("http://"), timeout=10) for _ in range(4)]
            for browser in browsers:
                browser.request("GET", "/")
                assert browser.getresponse().read() == b"ok"
        for browser in browsers:
            browser.close()
    assert failed == []


class _Awake(list[Any]):
    """What a trigger is to do, done as soon as it is told."""

    def append(self, what: Any) -> None:
        what()


def test_a_server_that_is_awake_may_close_before_it_is_woken() -> None:
    """Its thread did what it was told, and the pipe was gone when somebody came to write to it."""
    server = create_server(_application, host="127.0.0.1", port=0)
    server.trigger.thunks = _Awake()
    with run_beside(server):
        pass
