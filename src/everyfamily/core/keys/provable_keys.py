"""Whether a key can prove anything, and whether a passkey signed something.

Apart from approval_keys.py, because `cryptography` takes long to load, and most who know of keys never need it.
"""

from __future__ import annotations

import base64
import re

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from everyfamily.core.keys.approval_keys import LONGEST_KEY, ApprovalKey
from everyfamily.core.keys.signing import decoded, is_public_key

_RSA_BITS = range(2048, 4097)
_SITE = re.compile(r"localhost|([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def fault_of(key: ApprovalKey) -> str | None:
    """Why no signature could be proven with the key, in words that follow "it", or None."""
    if not key.is_passkey:
        good = is_public_key(key.public_key)
        return None if good else "is not a public key that a signature could be proven with"
    if len(key.rp_id) > 253 or not _SITE.fullmatch(key.rp_id):
        return "does not name the site of the passkey, such as letters.example.org"
    return None if _passkey_half(key.public_key) is not None else "is not the public half of a passkey"


def passkey_signed(public_key: str, signature: bytes, message: bytes) -> bool:
    """Whether the passkey with this public half made `signature` over `message`."""
    key = _passkey_half(public_key)
    try:
        match key:
            case Ed25519PublicKey():
                key.verify(signature, message)
            case EllipticCurvePublicKey():
                key.verify(signature, message, ECDSA(hashes.SHA256()))
            case RSAPublicKey():
                key.verify(signature, message, PKCS1v15(), hashes.SHA256())
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def _passkey_half(text: str) -> Ed25519PublicKey | EllipticCurvePublicKey | RSAPublicKey | None:
    """The key in base64 of its SubjectPublicKeyInfo, if both are in their one canonical form and it proves anything."""
    if len(text) > LONGEST_KEY:
        return None
    try:
        der = decoded(text)
        key = serialization.load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return None
    match key:
        case Ed25519PublicKey():
            good = is_public_key(base64.b64encode(key.public_bytes_raw()).decode())
        case EllipticCurvePublicKey():
            good = isinstance(key.curve, SECP256R1)
        case RSAPublicKey():
            good = key.key_size in _RSA_BITS and key.public_numbers().e == 65537
        case _:
            return None
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    if not good or key.public_bytes(serialization.Encoding.DER, spki) != der:
        return None
    return key
