"""Encryption of one school's personal values, and the keyed hashes that find them again.

Each school has one key in two parts, wrapped together by a master key that is kept outside the database and its folder
(master_keys.py). One part encrypts values and can be rotated. The other hashes them and stays, because what was purged
cannot be hashed again. Values are AES-256-GCM with table, school and row as associated data, so a ciphertext that is
moved to another row, table or school does not open. Every ciphertext begins with a key version. Measured before we
began: 0.8 s per million 75-byte values, 1.5 s per million keyed hashes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from everyfamily.core.errors import EveryfamilyError

KEY_BYTES = 32
_NONCE_BYTES = 12
SHORT_HASH = 16
"""Bytes of a keyed hash in a column that holds several, one after another."""


class ValueDoesNotOpen(EveryfamilyError):
    """A ciphertext was made under another key or for another place, or was changed."""

    code = "EF401"


class MasterKeyNotGood(EveryfamilyError):
    """The master key is not 32 bytes."""

    code = "EF402"


def each_short_hash(kept: bytes) -> Iterator[bytes]:
    """The single hashes that `Vault.short_hashes` joined."""
    return (kept[start : start + SHORT_HASH] for start in range(0, len(kept), SHORT_HASH))


class KeyBundleNotGood(EveryfamilyError):
    """What was decrypted as a school's keys is something else."""

    code = "EF423"


def new_key() -> bytes:
    """32 random bytes from the system."""
    return os.urandom(KEY_BYTES)


def _place(table: str, school_id: int, row_id: int) -> bytes:
    return f"{table}|{school_id}|{row_id}".encode()


def _seal_value(cipher: AESGCM, version: int, value: bytes, place: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return bytes([version]) + nonce + cipher.encrypt(nonce, value, place)


def _open_value(cipher: AESGCM, version: int, blob: bytes, place: bytes) -> bytes:
    if not blob or blob[0] != version:
        raise ValueDoesNotOpen(
            "A stored value was made under another key version.", "Run the key rotation again."
        )
    try:
        return cipher.decrypt(blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :], place)
    except (InvalidTag, ValueError) as problem:  # ValueError: cut off inside its nonce
        raise ValueDoesNotOpen(
            f"A stored value at {place.decode()} does not open with its key.",
            "Check that the master key is the one this database was filled with.",
        ) from problem


@dataclass(frozen=True, slots=True, repr=False)
class SchoolKeys:
    """A school's two keys, stored as one wrapped bundle, with the values' key before the index key."""

    values: bytes
    index: bytes

    @classmethod
    def new(cls) -> SchoolKeys:
        """Two new keys."""
        return cls(new_key(), new_key())

    @classmethod
    def from_bundle(cls, bundle: bytes) -> SchoolKeys:
        """Read an unwrapped bundle. A single key, as schools had at first, is both. Raises KeyBundleNotGood."""
        if len(bundle) not in (KEY_BYTES, 2 * KEY_BYTES):
            raise KeyBundleNotGood(
                f"A school's stored keys have {len(bundle)} bytes, and need {KEY_BYTES} or {2 * KEY_BYTES}.",
                "Put its row back from a backup, or destroy and renew the key (docs/howto/keep-the-keys.md).",
            )
        return cls(bundle[:KEY_BYTES], bundle[KEY_BYTES:] or bundle)

    def rotated(self) -> SchoolKeys:
        """A new key for values, with the same index key."""
        return SchoolKeys(new_key(), self.index)

    @property
    def bundle(self) -> bytes:
        """What is wrapped and stored."""
        return self.values + self.index


@dataclass(frozen=True, repr=False)
class MasterKey:
    """Wraps and unwraps the schools' data keys."""

    key: bytes
    version: int = 1

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise MasterKeyNotGood(
                f"The master key has {len(self.key)} bytes and needs {KEY_BYTES}.",
                "Make a new one and keep it outside the data folder.",
            )

    def wrap(self, school_id: int, key: bytes) -> bytes:
        """Encrypt a school's key for storage. The result begins with this master key's version."""
        return _seal_value(AESGCM(self.key), self.version, key, _place("school_key", school_id, school_id))

    def unwrap(self, school_id: int, wrapped: bytes) -> bytes:
        """Open a stored key; raises ValueDoesNotOpen."""
        return _open_value(AESGCM(self.key), self.version, wrapped, _place("school_key", school_id, school_id))

    def wrap_for_mailing(self, mailing_id: int, key: bytes) -> bytes:
        """Encrypt the key of a mailing's ledger for that mailing's row."""
        return _seal_value(AESGCM(self.key), self.version, key, self._place_of_mailing(mailing_id))

    def unwrap_for_mailing(self, mailing_id: int, wrapped: bytes) -> bytes:
        """Open what `wrap_for_mailing` made for the same mailing. Raises ValueDoesNotOpen."""
        return _open_value(AESGCM(self.key), self.version, wrapped, self._place_of_mailing(mailing_id))

    def _place_of_mailing(self, mailing_id: int) -> bytes:
        return _place("ledger_key", self.version, mailing_id)


class Vault:
    """One school's open keys: encrypts its values and makes its keyed hashes.

    Do not hold it longer than a transaction takes, because a rotation waits for it. `version` (1 to 255) is that of the
    values' key. Keys are derived by purpose, so an index never helps to open a value.
    """

    def __init__(
        self, school_id: int, data_key: bytes, version: int = 1, *, index_key: bytes | None = None
    ) -> None:
        self.school_id = school_id
        self._version = version
        self._cipher = AESGCM(derived_key(data_key, b"values"))
        self._index = HMAC(derived_key(index_key or data_key, b"index"), SHA256())

    @classmethod
    def of(cls, school_id: int, keys: SchoolKeys, version: int) -> Vault:
        """The vault of a school under its two keys."""
        return cls(school_id, keys.values, version, index_key=keys.index)

    def encrypt(self, table: str, row_id: int, value: str) -> bytes:
        """Encrypt `value` for one row of one table of this school."""
        return self.encrypt_bytes(table, row_id, value.encode())

    def decrypt(self, table: str, row_id: int, blob: bytes) -> str:
        """Open what `encrypt` made for the same place. Raises ValueDoesNotOpen."""
        return self.decrypt_bytes(table, row_id, blob).decode()

    def encrypt_bytes(self, table: str, row_id: int, value: bytes) -> bytes:
        """The same of bytes, such as a piece of a file."""
        return _seal_value(self._cipher, self._version, value, _place(table, self.school_id, row_id))

    def decrypt_bytes(self, table: str, row_id: int, blob: bytes) -> bytes:
        """Open what `encrypt_bytes` made for the same place. Raises ValueDoesNotOpen."""
        return _open_value(self._cipher, self._version, blob, _place(table, self.school_id, row_id))

    def blind_index(self, kind: str, value: str) -> bytes:
        """Keyed hash of a normalised value. Equal values of one school and kind have equal hashes."""
        mac = self._index.copy()
        mac.update(f"{kind}|{value}".encode())
        return mac.finalize()

    def short_hashes(self, kind: str, values: Iterable[str]) -> bytes:
        """Keyed hashes of several values, `SHORT_HASH` bytes each, one after another."""
        return b"".join(self.blind_index(kind, value)[:SHORT_HASH] for value in values)


class MailingHash:
    """Keyed hash of a contact value within one mailing. The key is destroyed when the mailing closes."""

    def __init__(self, key: bytes) -> None:
        self._mac = HMAC(derived_key(key, b"ledger"), SHA256())

    def of(self, channel: str, value: str) -> bytes:
        """The same value has the same hash at every school in this mailing, and in no other mailing."""
        mac = self._mac.copy()
        mac.update(f"{channel}|{value}".encode())
        return mac.finalize()


def derived_key(key: bytes, purpose: bytes) -> bytes:
    """Another key, made of this one for one purpose."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"everyfamily " + purpose).derive(key)
