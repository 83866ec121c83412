"""A signatory's passkey without a browser: it makes real ES256, EdDSA and RS256 signatures, and wrong ones if asked."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from everyfamily.core.agreement.approvals import Approval, approval_bytes
from everyfamily.core.agreement.passkey_approvals import PasskeySignature, challenge_of
from everyfamily.core.keys.approval_keys import PASSKEY, ApprovalKey

SITE = "letters.eastmere.example"
PRESENT, VERIFIED, COPYABLE, COPIED, HAS_KEY, HAS_MORE = 0x01, 0x04, 0x08, 0x10, 0x40, 0x80


def b64(data: bytes) -> str:
    """Base64 as in our files."""
    return base64.b64encode(data).decode()


def new_private(algorithm: str = "ES256") -> Any:
    """A private key of a passkey: ES256, EdDSA or RS256 (which takes a while)."""
    if algorithm == "EdDSA":
        return ed25519.Ed25519PrivateKey.generate()
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True)
class Authenticator:
    """One passkey of a signatory. To make it behave wrongly, `replace` a field."""

    private: Any = field(default_factory=new_private)
    rp_id: str = SITE
    origin: str = f"https://{SITE}"
    flags: int = PRESENT | VERIFIED
    client: dict[str, Any] = field(default_factory=dict)
    """Fields of the client's data that differ; None leaves one out."""

    @property
    def key(self) -> ApprovalKey:
        """Its public half, as the partnership's file names it."""
        spki = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return ApprovalKey(PASSKEY, b64(spki), self.rp_id, "security key")

    def signed(self, message: bytes) -> PasskeySignature:
        """What a browser gives when this passkey signs `message`."""
        said = {"type": "webauthn.get", "challenge": challenge_of(message), "origin": self.origin}
        said = {
            name: one for name, one in (said | {"crossOrigin": False} | self.client).items() if one is not None
        }
        return self.signed_client_data(json.dumps(said, separators=(",", ":")).encode())

    def signed_client_data(self, client: bytes, more: bytes = b"") -> PasskeySignature:
        """The same with any client data, and with `more` at the end of what the device says."""
        device = hashlib.sha256(self.rp_id.encode()).digest() + bytes([self.flags]) + bytes(4) + more
        return PasskeySignature(
            b64(self._signature(device + hashlib.sha256(client).digest())), b64(device), b64(client)
        )

    def approves(self, *, reference: str, digest: str, signatory: str, now: datetime) -> Approval:
        """An approval by this passkey at `now` (aware)."""
        at = now.isoformat(timespec="seconds")
        said = self.signed(approval_bytes(reference, signatory, digest, at))
        return Approval(
            reference, signatory, digest, at, said.signature, PASSKEY, said.authenticator_data, said.client_data
        )

    def _signature(self, signed: bytes) -> bytes:
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(signed)
        if isinstance(self.private, rsa.RSAPrivateKey):
            return self.private.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        signature: bytes = self.private.sign(signed, ec.ECDSA(hashes.SHA256()))
        return signature


def that(passkey: Authenticator, **changes: Any) -> Authenticator:
    """The passkey with fields that differ."""
    return replace(passkey, **changes)
