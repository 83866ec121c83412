"""Stand-in tenants of OpenID Connect: one small HTTP server, two organisations, each with a key made at run time.

Each sends whoever comes straight back, as `person`, with the claims and faults that a test sets.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from everyfamily.core.own_sign_in import OwnSignIn

CLIENT = "everyfamily-of-a-test"
SECRET = "a secret of a test"


@dataclass
class Tenant:
    """One organisation. `claims` are added to each token, and None takes a claim out."""

    name: str
    issuer: str = ""
    person: str = "subject-1"
    claims: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    algorithm: str = "ES256"
    signed_by: Callable[[dict[str, Any]], str] | None = None
    """Makes the token instead of the tenant's own key."""
    fault: str = ""
    """A path, and what is wrong with its answer: "keys large", "token slow", "authorize denied"."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self, **more: Any) -> OwnSignIn:
        """As the settings would have it."""
        facts = {"id": self.name, "name": f"{self.name.title()} Council", "issuer": self.issuer}
        return OwnSignIn(**{**facts, "client_id": CLIENT, "secret": SECRET, **more})

    def written(self, folder: Path) -> Path:
        """The file that sets it, for a process of its own, with the secret next to it."""
        secret = folder / "eastmere.secret"
        secret.touch(0o600)
        secret.write_text(SECRET, encoding="utf-8")
        facts = {"id": self.name, "name": "Eastmere Council", "issuer": self.issuer, "client_id": CLIENT}
        rows = [f'{key} = "{value}"' for key, value in (facts | {"secret_file": secret.name}).items()]
        file = folder / "own-sign-in.toml"
        file.write_text("\n".join(["[[sign_in]]", *rows, ""]), encoding="utf-8")
        return file

    def keys(self) -> dict[str, Any]:
        """The public keys, as they are published."""
        algorithm = jwt.get_algorithm_by_name(self.algorithm)
        public = json.loads(algorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": "key-1", "use": "sig", "alg": self.algorithm}]}

    def id_token(self, nonce: str) -> str:
        """A token about `person`, good for five minutes."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.person,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "auth_time": now,
            "email": "somebody@example.org",
            "name": "Some Body",
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        if self.signed_by is not None:
            return self.signed_by(claims)
        return jwt.encode(claims, self.key, self.algorithm, headers={"kid": "key-1"})

    def discovery(self) -> dict[str, Any]:
        """What it says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where somebody who comes with these parameters is sent."""
        back = {"state": asked["state"], "iss": self.issuer}
        if self.fault == "authorize denied":
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': 'login_required'})}"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def token(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """What a code is worth: once, with the verifier of its challenge, for the address that it was made for."""
        begun = self.codes.pop(asked.get("code", ""), None)
        verifier = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        good = (
            begun is not None
            and begun["code_challenge_method"] == "S256"
            and base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() == begun["code_challenge"]
            and asked["redirect_uri"] == begun["redirect_uri"]
            and (asked["client_id"], asked["client_secret"]) == (CLIENT, SECRET)
        )
        if not good or begun is None:
            return 400, {"error": "invalid_grant"}
        token = self.id_token(begun.get("nonce", ""))
        return 200, {"access_token": "of no use", "token_type": "Bearer", "id_token": token}


@dataclass
class Tenants:
    """The server with two tenants, `eastmere` and `northmere`."""

    eastmere: Tenant = field(default_factory=lambda: Tenant("eastmere"))
    northmere: Tenant = field(default_factory=lambda: Tenant("northmere"))

    def start(self) -> Tenants:
        named = {"eastmere": self.eastmere, "northmere": self.northmere}

        class Talk(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: Any) -> None:
                return

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                self._about(parts.path, {key: value[0] for key, value in parse_qs(parts.query).items()})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                self._about(self.path, {key: value[0] for key, value in parse_qs(body).items()})

            def _about(self, path: str, asked: dict[str, str]) -> None:
                _, name, what = path.split("/", 2)
                tenant = named[name]
                tenant.asked.append((what, asked))
                if tenant.fault.startswith(what.rpartition("/")[2] + " ") and what != "authorize":
                    good = tenant.keys() if what == "keys" else tenant.discovery()
                    self._faulty(tenant.fault.rpartition(" ")[2], good)
                elif what == "authorize":
                    self._answer(302, {}, {"Location": tenant.authorize(asked)})
                elif what == "token":
                    self._answer(*tenant.token(asked))
                else:
                    self._answer(200, tenant.keys() if what == "keys" else tenant.discovery())

            def _faulty(self, how: str, good: dict[str, Any]) -> None:
                """An answer that would be a good one, were it not for this."""
                if how == "large":
                    self._answer(200, good | {"padding": "x" * 10_000_000})
                elif how == "trickling":
                    for letter in "HTTP/1.1 200 OK\r\nX-Long: " + "x" * 1000:
                        self.wfile.write(letter.encode())
                        time.sleep(0.02)
                elif how == "slow":
                    self.send_response(200)
                    self.send_header("Content-Length", "1000")
                    self.end_headers()
                    for _ in range(1000):
                        self.wfile.write(b" ")
                        time.sleep(0.02)
                elif how == "elsewhere":
                    self._answer(302, {}, {"Location": "/northmere/.well-known/openid-configuration"})
                elif how == "nonsense":
                    self._answer(200, ["no object"])
                else:
                    self._answer(500, good)

            def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                for key, value in (headers or {}).items():
                    self.send_header(key, value)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # it was hung up on, as a test of limits wants
                    self.close_connection = True

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        for name, tenant in named.items():
            tenant.issuer = f"http://127.0.0.1:{self._server.server_address[1]}/{name}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def rsa_key() -> rsa.RSAPrivateKey:
    """A key for the tests that need this kind."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
