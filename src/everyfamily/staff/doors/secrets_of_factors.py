"""The key for sign-in, and the secrets of second factors, which are encrypted with AES-GCM under it."""

from __future__ import annotations

import base64
import binascii
import os
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.secret_key import sign_in_key_in
from everyfamily.core.keys.vault import derived_key

_NONCE = 12
_KEY = 32


class SignInKeyMissing(EveryfamilyError):
    """There is no key for sign-in, or the file does not hold one."""

    code = "EF277"


class SecretNotOpened(EveryfamilyError):
    """A secret that was encrypted under a key that is not here, or for another account or kind of factor."""

    code = "EF278"


def sealed(text: str, account: int = 0, kind: str = "") -> str:
    """The secret as it is kept for this account and kind of factor, or for no row yet: base64 of nonce and ciphertext.

    Raises SignInKeyMissing.
    """
    nonce = os.urandom(_NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), _about(account, kind))).decode()


def opened(kept: str, account: int = 0, kind: str = "", *, by_newest: bool = False) -> str:
    """The secret again, also one of an earlier key, unless it is to be opened `by_newest`. Raises SignInKeyMissing and
    SecretNotOpened."""
    ciphers = [_cipher(), *([] if by_newest else map(AESGCM, settings.EVERYFAMILY_EARLIER_SIGN_IN_KEYS))]
    with suppress(binascii.Error, ValueError):
        data = base64.b64decode(kept, validate=True)
        for cipher in ciphers:
            with suppress(InvalidTag):
                return cipher.decrypt(data[:_NONCE], data[_NONCE:], _about(account, kind)).decode()
    raise SecretNotOpened(
        "A second factor was encrypted under another key, or for another account.",
        "Restore the key for sign-in, or ask an administrator to let the person in again.",
    )


def require_sign_in_key() -> None:
    """Raise SignInKeyMissing unless there is a key."""
    _cipher()


def key_for(purpose: bytes) -> bytes:
    """Another key, made of the key for sign-in for one purpose. Raises SignInKeyMissing."""
    return _derived(settings.EVERYFAMILY_SIGN_IN_KEY_FILE, purpose)


def make_key(file: Path) -> None:
    """Write a new key where there is none, readable only by its owner. Raises FileExistsError and OSError."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(base64.b64encode(os.urandom(_KEY)).decode() + "\n")


def _about(account: int, kind: str) -> bytes:
    """What a ciphertext is bound to."""
    return f"everyfamily second factor 2|{kind}|{account}".encode()


def _cipher() -> AESGCM:
    return AESGCM(_key(settings.EVERYFAMILY_SIGN_IN_KEY_FILE))


@cache
def _derived(file: str, purpose: bytes) -> bytes:
    return derived_key(_key(file), purpose)


@cache
def _key(file: str) -> bytes:
    try:
        return sign_in_key_in(Path(file).read_text(encoding="ascii") if file else "")
    except (OSError, ValueError):
        raise SignInKeyMissing(
            "There is no key for sign-in.",
            "Set EVERYFAMILY_SIGN_IN_KEY_FILE to a file for it. The first administrator's command makes the key.",
        ) from None
