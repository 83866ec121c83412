"""A stand-in of a provider of email (Postmark's interface, as its documentation has it), told how to answer."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "a token of a test"


@dataclass
class Provider:
    """Answers by the part of the address before the @: a status and a body; otherwise it accepts the message.

    `hang` is how long it is silent about those addresses after it took them in.
    """

    answers: dict[str, tuple[int, dict[str, Any] | str]] = field(default_factory=dict)
    hang: dict[str, float] = field(default_factory=dict)
    taken: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def start(self) -> Provider:
        provider = self

        class Talk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                provider.connections += 1
                super().setup()

            def log_message(self, *_: Any) -> None:
                return

            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.headers["X-Postmark-Server-Token"] != TOKEN:
                    self._answer(401, {"ErrorCode": 10, "Message": "No such token"})
                    return
                name = said["To"].partition("@")[0]
                if name in provider.answers:
                    self._answer(*provider.answers[name])
                    return
                provider.taken.append(said)
                time.sleep(provider.hang.get(name, 0))
                self._answer(200, {"To": said["To"], "ErrorCode": 0, "Message": "OK", "MessageID": "m-1"})

            def _answer(self, status: int, body: dict[str, Any] | str) -> None:
                data = (body if isinstance(body, str) else json.dumps(body)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                try:
                    self.wfile.write(data)
                except OSError:
                    return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def settings_of(provider: Provider, **more: Any) -> dict[str, Any]:
    """anymail's settings for it."""
    return {
        "POSTMARK_SERVER_TOKEN": TOKEN,
        "POSTMARK_API_URL": f"http://127.0.0.1:{provider.port}/",
        "REQUESTS_TIMEOUT": 5,
        **more,
    }
