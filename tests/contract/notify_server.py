"""A stand-in for GOV.UK Notify's HTTP API, on this machine: in a test's own process, or in a separate one.

    python -m tests.contract.notify_server --port 0 --log FILE --faults silent=0.01,late=0.05 --fates delivered=0.9

prints one JSON line with its address, key and templates, writes a JSON line to FILE for each message that it accepted,
and serves until its input ends.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import socket
import sys
import threading
import time
import uuid
from dataclasses import fields
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

from tests.contract.notify_service import (
    EMAIL_TEMPLATE,
    KEY,
    SECRET,
    SERVICE,
    TEMPLATES,
    TEXT_TEMPLATE,
    Faults,
    Notification,
    Service,
    stamp,
)

ALLOWED = {
    "email": ({"email_address", "template_id"}, {"personalisation", "reference", "email_reply_to_id"}),
    "sms": ({"phone_number", "template_id"}, {"personalisation", "reference", "sms_sender_id"}),
    "letter": ({"reference", "content"}, {"postage"}),
}
"""Fields of each call: what must be there, what may."""
_LIMIT = 10_000_000


class Problem(Exception):
    """An answer that is not 2xx, in Notify's form."""

    def __init__(self, code: int, error: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.body = {"status_code": code, "errors": [{"error": error, "message": message}]}


class NotifyServer:
    """The stand-in in a thread of this process."""

    def __init__(self, service: Service | None = None, *, port: int = 0) -> None:
        self.service = service or Service()
        self.key = KEY
        handler = type("Bound", (_Handler,), {"service": self.service})
        self._http = _Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def settings(self) -> dict[str, str]:
        """What a NotifyAccount takes."""
        return {
            "key": self.key,
            "email_template": EMAIL_TEMPLATE,
            "text_template": TEXT_TEMPLATE,
            "base_url": self.url,
        }

    def start(self) -> NotifyServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, end every connection, and wait for the threads."""
        self._http.shutdown()
        self._http.end_connections()
        self._http.server_close()
        self._thread.join(5)
        self.service.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of the stand-in."""


class _Handler(BaseHTTPRequestHandler):
    service: Service
    protocol_version = "HTTP/1.1"
    # Headers and body go in two writes: without this each answer waits for the client's acknowledgement.
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _LIMIT))
        parts = urlsplit(self.path).path.strip("/").split("/")
        try:
            self._check_token()
            if parts[:2] != ["v2", "notifications"] or len(parts) != 3 or parts[2] not in ALLOWED:
                raise Problem(404, "NotFound", "Not found")
            self._take(parts[2], _read(body, parts[2]))
        except Problem as problem:
            self._answer(problem.code, problem.body)

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        try:
            self._check_token()
            if parts[:2] != ["v2", "notifications"] or len(parts) > 3:
                raise Problem(404, "NotFound", "Not found")
            if len(parts) == 3:
                self._answer(200, _serialised(self._by_id(parts[2])))
            else:
                self._list(parse_qs(url.query))
        except Problem as problem:
            self._answer(problem.code, problem.body)

    def _check_token(self) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer":
            raise Problem(401, "AuthError", "Unauthorized: authentication token must be provided")
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError as problem:
            raise Problem(403, "AuthError", "Invalid token: API key not found") from problem
        if claims.get("iss") != SERVICE:
            raise Problem(403, "AuthError", "Invalid token: service not found")
        if abs(time.time() - int(claims.get("iat", 0))) > 30:
            raise Problem(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")

    def _take(self, kind: str, said: dict[str, Any]) -> None:
        """Check, apply faults, accept, answer."""
        service, reference = self.service, str(said.get("reference") or "")
        service.calls[reference] += 1
        first = service.calls[reference] == 1
        if service.next_answers:
            self._scripted(service.next_answers.pop(0), kind, said)
            return
        if first and service.meets("rate_limited", reference):
            raise Problem(
                429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"
            )
        if service.daily_limit is not None and len(service.taken) >= service.daily_limit:
            message = f"Exceeded send limits ({kind}: {service.daily_limit}) for today"
            raise Problem(429, "TooManyRequestsError", message)
        if first and service.meets("failing", reference):
            raise Problem(500, "Exception", "Internal server error")
        one = _taken_in(service, kind, said)
        if first and service.meets("failing_after", reference):
            raise Problem(500, "Exception", "Internal server error")
        if first and service.meets("silent", reference):
            time.sleep(service.faults.hang)
        if first and (service.meets("silent", reference) or service.meets("dropped", reference)):
            self.close_connection = True
            return
        self._answer(201, _created(one))

    def _scripted(self, answer: tuple[int, object] | str, kind: str, said: dict[str, Any]) -> None:
        if isinstance(answer, tuple):
            self._answer(*answer)
            return
        if answer.startswith("take"):
            _taken_in(self.service, kind, said)
        if answer.endswith("silent"):
            time.sleep(self.service.faults.hang)
        self.close_connection = True

    def _by_id(self, name: str) -> Notification:
        found = [one for one in self.service.listed(None, [], None) if one.id == name]
        if not found:
            raise Problem(404, "NoResultFound", "No result found")
        return found[0]

    def _list(self, query: dict[str, list[str]]) -> None:
        if set(query) - {"reference", "status", "template_type", "older_than", "include_jobs"}:
            raise Problem(400, "ValidationError", "Additional properties are not allowed")
        reference, older_than = (query.get(name, [None])[0] for name in ("reference", "older_than"))
        page = self.service.listed(reference, query.get("template_type", []), older_than)
        if statuses := query.get("status"):
            page = [one for one in page if _serialised(one)["status"] in statuses]
        links = {"current": f"http://{self.headers['Host']}{self.path}"}
        if page:
            more = urlencode({**{k: v[0] for k, v in query.items()}, "older_than": page[-1].id})
            links["next"] = f"http://{self.headers['Host']}/v2/notifications?{more}"
        self._answer(200, {"notifications": [_serialised(one) for one in page], "links": links})

    def _answer(self, code: int, body: object) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _read(body: bytes, kind: str) -> dict[str, Any]:
    """The call, checked as Notify checks it."""
    try:
        said = json.loads(body)
    except ValueError as problem:
        raise Problem(400, "BadRequestError", "Invalid JSON supplied in POST data") from problem
    needed, more = ALLOWED[kind]
    for name in sorted(needed - set(said)):
        raise Problem(400, "ValidationError", f"{name} is a required property")
    if unknown := sorted(set(said) - needed - more):
        raise Problem(400, "ValidationError", f"Additional properties are not allowed ({unknown} was unexpected)")
    if kind == "letter":
        if said.get("postage", "second") not in ("first", "second", "economy"):
            raise Problem(400, "ValidationError", "postage invalid. It must be either first, second or economy.")
        return dict(said)
    if kind == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", said["email_address"]):
        raise Problem(400, "ValidationError", "email_address Not a valid email address")
    if kind == "sms" and not re.fullmatch(r"\+?[0-9]{10,15}", said["phone_number"]):
        raise Problem(400, "ValidationError", "phone_number Not enough digits")
    _check_template(said, kind)
    return dict(said)


def _check_template(said: dict[str, Any], kind: str) -> None:
    try:
        uuid.UUID(said["template_id"])
    except ValueError as problem:
        raise Problem(400, "ValidationError", "template_id is not a valid UUID") from problem
    found = TEMPLATES.get(said["template_id"])
    if found is None:
        raise Problem(400, "BadRequestError", "Template not found")
    if found[0] != kind:
        raise Problem(400, "BadRequestError", f"{found[0]} template is not suitable for {kind} notification")
    if missing := sorted(set(found[1]) - set(said.get("personalisation", {}))):
        raise Problem(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")


def _taken_in(service: Service, kind: str, said: dict[str, Any]) -> Notification:
    reference = said.get("reference")
    if kind != "letter":
        to = said["email_address" if kind == "email" else "phone_number"]
        return service.take(kind, reference, to, dict(said["personalisation"]))
    try:
        pdf = base64.b64decode(said["content"], validate=True)
    except binascii.Error as problem:
        message = "Cannot decode letter content (invalid base64 encoding)"
        raise Problem(400, "BadRequestError", message) from problem
    if not pdf.startswith(b"%PDF"):
        raise Problem(400, "BadRequestError", "Letter content is not a valid PDF")
    # The address is read from the page only later; a letter is known by its bytes here.
    name = hashlib.sha256(pdf).hexdigest()
    return service.take(kind, reference, name, {}, pdf=pdf, postage=said.get("postage", "second"))


def _created(one: Notification) -> dict[str, Any]:
    if one.kind == "letter":
        return {"id": one.id, "reference": one.reference, "postage": one.postage}
    return {
        "id": one.id,
        "reference": one.reference,
        "content": dict(one.fields),
        "uri": f"/v2/notifications/{one.id}",
        "template": {"id": EMAIL_TEMPLATE if one.kind == "email" else TEXT_TEMPLATE, "version": 1, "uri": ""},
    }


def _serialised(one: Notification) -> dict[str, Any]:
    return {
        "id": one.id,
        "reference": one.reference,
        "email_address": one.to if one.kind == "email" else None,
        "phone_number": one.to if one.kind == "sms" else None,
        "type": one.kind,
        "status": one.status,
        "body": one.fields.get("body", ""),
        "subject": one.fields.get("subject"),
        "created_at": stamp(one.created_at),
        "sent_at": stamp(one.created_at),
        "completed_at": stamp(one.completed_at),
        "postage": one.postage,
    }


def _shares(text: str) -> dict[str, float]:
    pairs = [part.partition("=") for part in text.split(",") if part]
    return {name: float(value) for name, _, value in pairs}


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.contract.notify_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--faults", default="", help=", ".join(one.name for one in fields(Faults)))
    parser.add_argument("--fates", default="", help="final statuses and their shares: delivered=0.9")
    parser.add_argument("--callback", default="", help="where receipts are sent")
    parser.add_argument("--returned", default="", help="where returned letters are told")
    parser.add_argument("--token", default="", help="what receipts come with")
    said = parser.parse_args(arguments)
    service = Service(
        seed=said.seed,
        faults=Faults(**_shares(said.faults)),
        fates=_shares(said.fates),
        callback=said.callback,
        returned=said.returned,
        token=said.token,
        log=said.log,
    )
    server = NotifyServer(service, port=said.port).start()
    print(json.dumps({"url": server.url, **server.settings}), flush=True)
    try:
        sys.stdin.read()
    finally:
        server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
