"""The master keys that are in use at once: the newest wraps, and each opens what it wrapped.

A key file has one key on each line, `VERSION BASE64`. A line with only a key is version 1. There is more than one while
a rotation is in progress, and if a rotation stops half-way, everything is still readable.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.keys.vault import KEY_BYTES, MasterKey, new_key

HIGHEST_VERSION = 255
"""A version is the first byte of what it wrapped."""


class MasterKeyNotReadable(EveryfamilyError):
    """A line of the key file is not a version and a key."""

    code = "EF410"


class MasterKeyVersionMissing(EveryfamilyError):
    """A key was wrapped by a version of the master key that is not here."""

    code = "EF408"


class MasterKeyVersionInUse(EveryfamilyError):
    """The newest version of the master key cannot be forgotten."""

    code = "EF409"


@dataclass(frozen=True, slots=True, repr=False)
class MasterKeys:
    """One or more master keys, oldest first. Use it like one key: it wraps with the newest."""

    keys: tuple[MasterKey, ...]

    @property
    def version(self) -> int:
        """The newest version."""
        return self.keys[-1].version

    @property
    def versions(self) -> tuple[int, ...]:
        """Every version, oldest first."""
        return tuple(key.version for key in self.keys)

    def wrap(self, school_id: int, key: bytes) -> bytes:
        """Encrypt a school's key with the newest master key."""
        return self.keys[-1].wrap(school_id, key)

    def unwrap(self, school_id: int, wrapped: bytes) -> bytes:
        """Open what any of the master keys wrapped. Raises MasterKeyVersionMissing or ValueDoesNotOpen."""
        return self._that_wrapped(wrapped).unwrap(school_id, wrapped)

    def wrap_for_mailing(self, mailing_id: int, key: bytes) -> bytes:
        """Encrypt the key of a mailing's ledger with the newest master key."""
        return self.keys[-1].wrap_for_mailing(mailing_id, key)

    def unwrap_for_mailing(self, mailing_id: int, wrapped: bytes) -> bytes:
        """Open what any of the master keys wrapped for this mailing. Raises what `unwrap` raises."""
        return self._that_wrapped(wrapped).unwrap_for_mailing(mailing_id, wrapped)

    def _that_wrapped(self, wrapped: bytes) -> MasterKey:
        version = version_of(wrapped)
        for key in self.keys:
            if key.version == version:
                return key
        raise MasterKeyVersionMissing(
            f"A key was wrapped by version {version} of the master key, but only these are here: "
            f"{', '.join(map(str, self.versions))}.",
            "Use the key file that also has this version.",
        )

    def with_next(self) -> MasterKeys:
        """The same with a new key as the next version. Raises MasterKeyNotReadable if there is no next version."""
        if self.version >= HIGHEST_VERSION:
            raise MasterKeyNotReadable(
                f"Version {HIGHEST_VERSION} is the last that a master key can have.",
                "Begin a new key file, and let the schools upload again.",
            )
        return MasterKeys((*self.keys, MasterKey(new_key(), self.version + 1)))

    def without(self, version: int) -> MasterKeys:
        """The same without one version. Raises MasterKeyVersionMissing, or for the newest, MasterKeyVersionInUse."""
        if version not in self.versions:
            raise MasterKeyVersionMissing(
                f"There is no version {version} of the master key here.",
                "See which versions the file has.",
            )
        if version == self.version:
            raise MasterKeyVersionInUse(
                f"Version {version} is the newest master key, and wraps every new key.",
                "Add its successor first.",
            )
        return MasterKeys(tuple(key for key in self.keys if key.version != version))

    def text(self) -> str:
        """The lines of the key file. They hold the keys, so they must not be logged."""
        return "".join(f"{key.version} {base64.b64encode(key.key).decode()}\n" for key in self.keys)


def version_of(wrapped: bytes) -> int:
    """Which version of the master key wrapped this, or 0 if it is empty."""
    return wrapped[0] if wrapped else 0


def first_master_key() -> MasterKeys:
    """A new master key, version 1."""
    return MasterKeys((MasterKey(new_key()),))


def read_master_keys(text: str, *, source: str) -> MasterKeys:
    """Read a key file or the environment's value. `source` names it in errors, which never quote it.

    Raises MasterKeyNotReadable with the line, or MasterKeyNotGood if a key has another length.
    """
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    found: dict[int, MasterKey] = {}
    for number, words in lines:
        place = SourceLocation(source, number)
        version = _version(words, place)
        if version in found:
            raise MasterKeyNotReadable(
                f"Version {version} of the master key is there twice.",
                "Keep the line that was there first.",
                place,
            )
        found[version] = MasterKey(_key(words[-1], place), version)
    if not found:
        raise MasterKeyNotReadable(
            "There is no key in it.", "Make a new master key file.", SourceLocation(source)
        )
    return MasterKeys(tuple(found[version] for version in sorted(found)))


def _version(words: list[str], place: SourceLocation) -> int:
    if len(words) == 1:
        return 1
    if (
        len(words) == 2
        and words[0].isascii()
        and words[0].isdigit()
        and len(words[0]) <= 3
        and 1 <= int(words[0]) <= HIGHEST_VERSION
    ):
        return int(words[0])
    raise MasterKeyNotReadable(
        f"This line is not a version (1 to {HIGHEST_VERSION}) and a key.",
        "Use the key file exactly as it was made.",
        place,
    )


def _key(word: str, place: SourceLocation) -> bytes:
    try:
        return base64.b64decode(word, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise MasterKeyNotReadable(
            f"The master key is not base64 of {KEY_BYTES} bytes.", "Use the key exactly as it was made.", place
        ) from problem
