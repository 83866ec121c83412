"""An authenticator app, as far as tests need one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

_STEP = 30


def code_of(secret: str) -> str:
    """The code that the app shows now for a secret in base32 (RFC 6238). One that ends within two seconds is not typed:
    a person waits for the next, and a page would refuse it as often as the machine is slow."""
    if (left := _STEP - time.time() % _STEP) < 2:
        time.sleep(left)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // _STEP), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
