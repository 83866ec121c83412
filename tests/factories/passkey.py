"""A passkey, as far as tests without a browser need one: it makes and signs what a browser would send."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from fido2 import cbor
from fido2.cose import ES256, RS256

_PRESENT, _VERIFIED, _MAY_BE_COPIED, _IS_COPIED, _WITH_KEY = 1, 4, 8, 16, 64


def text_of(data: bytes) -> str:
    """Base64 for addresses, without its padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Passkey:
    """One passkey of one person. `synced`: a service may copy it. `verifies`: it asks for a finger, a face or a PIN."""

    synced: bool = False
    verifies: bool = True
    host: str = "letters.eastmere.example"
    origin: str = "https://letters.eastmere.example"
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    """ES256 as most devices have it, or an RSA key for RS256, as some computers with Windows do."""
    count: int = 0
    """How often it says that it was used. Many say 0 each time."""
    client: Mapping[str, Any] = field(default_factory=dict)
    """What its browser says beside the usual."""
    user: str = ""
    """The account's handle, as it came when the passkey was made."""

    @property
    def public_key(self) -> str:
        """Base64 of its SubjectPublicKeyInfo."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return base64.b64encode(self.key.public_key().public_bytes(serialization.Encoding.DER, form)).decode()

    def made(self, options: Mapping[str, Any]) -> str:
        """What a browser sends of a new passkey."""
        asked = options["publicKey"]
        self.user = asked["user"]["id"]
        data = self._data(_WITH_KEY) + bytes(16) + struct.pack(">H", len(self.id)) + self.id
        kind = RS256 if isinstance(self.key, rsa.RSAPrivateKey) else ES256
        data += cbor.encode(dict(kind.from_cryptography_key(self.key.public_key())))
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._sent(
            clientDataJSON=self._client("webauthn.create", asked["challenge"]), attestationObject=attestation
        )

    def signed(self, options: Mapping[str, Any], **other: Any) -> str:
        """What a browser sends of a passkey that was used. `other` takes the place of a part, for what is wrong."""
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data()
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        parts = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        handle = {"userHandle": self.user} if self.user else {}
        return self._sent(**(parts | handle | other))

    def _data(self, more: int = 0) -> bytes:
        flags = _PRESENT | more | (_VERIFIED if self.verifies else 0)
        flags |= (_MAY_BE_COPIED | _IS_COPIED) if self.synced else 0
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, **self.client}).encode()

    def _sent(self, **parts: bytes | str) -> str:
        response = {name: one if isinstance(one, str) else text_of(one) for name, one in parts.items()}
        sent = {"id": text_of(self.id), "rawId": text_of(self.id), "type": "public-key", "response": response}
        return json.dumps(sent | {"clientExtensionResults": {}})
