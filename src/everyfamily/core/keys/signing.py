"""Ed25519 keys: made, kept under a passphrase, and used to sign and to check."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from everyfamily.core.errors import EveryfamilyError

_PRIME = 2**255 - 19
_SMALL = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER = frozenset({0, 1, _PRIME - 1, _SMALL, _PRIME - _SMALL})
"""The y of the eight points of small order. Under them, one signature matches any message. Each has two signs of x,
except 1 and -1."""

_FIRST_LINE = b"everyfamily signing key 1 scrypt "


class KeyNotReadable(EveryfamilyError):
    """A private key file is not one of ours, or the passphrase does not belong to it."""

    code = "EF310"


class PassphraseEmpty(EveryfamilyError):
    """A private key is never written without a passphrase."""

    code = "EF313"


@dataclass(frozen=True)
class SigningKey:
    """A private Ed25519 key in memory."""

    _private: Ed25519PrivateKey

    @classmethod
    def new(cls) -> SigningKey:
        """Make a key from the system's random numbers."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_pem(cls, pem: bytes, passphrase: bytes) -> SigningKey:
        """Open a key that `to_pem` wrote. Raises KeyNotReadable."""
        try:
            salt, _, block = pem.partition(b"\n")
            private = serialization.load_pem_private_key(block, _stretched(passphrase, _salt_of(salt)))
        except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
            raise KeyNotReadable(
                "The key file could not be opened with this passphrase.",
                "Check that it is your own key file and type its passphrase again.",
            ) from problem
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyNotReadable(
                "The key file does not have an Ed25519 key in it.", "Use a key file that was made here."
            )
        return cls(private)

    def to_pem(self, passphrase: bytes) -> bytes:
        """Write the key as PKCS #8, encrypted under the stretched passphrase. Raises PassphraseEmpty.

        The first line names the salt. PKCS #8 by itself would stretch with 2,048 rounds, and somebody who steals the
        file can break a short passphrase in an afternoon.
        """
        if not passphrase:
            raise PassphraseEmpty("The passphrase is empty.", "Choose one of several words that only you know.")
        salt = os.urandom(16)
        block = self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(_stretched(passphrase, salt)),
        )
        return _FIRST_LINE + base64.b64encode(salt) + b"\n" + block

    @property
    def public_key(self) -> str:
        """Base64 of the raw public key, as in the partnership's file."""
        raw = self._private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, message: bytes) -> str:
        """Base64 of the signature over `message`."""
        return base64.b64encode(self._private.sign(message)).decode()


def _salt_of(line: bytes) -> bytes:
    if not line.startswith(_FIRST_LINE):
        raise ValueError("not a key file of ours")
    return base64.b64decode(line.removeprefix(_FIRST_LINE), validate=True)


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    """scrypt with 64 MiB, which takes about a fifth of a second (RFC 7914; n = 2^16)."""
    return base64.b64encode(Scrypt(salt, length=32, n=2**16, r=8, p=1).derive(passphrase))


def signature_is_good(public_key: str, signature: str, message: bytes) -> bool:
    """Whether `signature` over `message` was made with the private half of `public_key` (both base64)."""
    if not is_public_key(public_key):
        return False
    try:
        key = Ed25519PublicKey.from_public_bytes(decoded(public_key))
        key.verify(decoded(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether this is base64, in canonical form, of a key whose signatures prove something.

    Two things are refused: the eight points of small order, under which somebody without a key can make a signature
    that matches any message; and non-canonical encodings of a point (RFC 8032, 5.1.3).
    """
    try:
        raw = decoded(text)
    except ValueError:
        return False
    y = int.from_bytes(raw, "little") & (1 << 255) - 1  # the topmost bit is the sign of x
    return len(raw) == _RAW_BYTES and y < _PRIME and y not in _SMALL_ORDER


_RAW_BYTES = 32


def decoded(text: str) -> bytes:
    """Bytes of base64 in its one canonical form. Raises ValueError for any other, such as a spare bit set."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not the canonical spelling")
    return data
