"""The installation's secret key, which signs links, and its key for sign-in: which text may be one."""

from __future__ import annotations

import base64

SHORTEST = 32
"""Characters."""
_SIGN_IN = 32
NO_KEY = "not secret: links cannot be made"
"""What Django has while no key is set. Everybody can read it here, so nothing is signed with it."""


def may_sign(key: str) -> bool:
    """Whether links that are signed with this key cannot be forged by guessing it."""
    return len(key) >= SHORTEST and not key.startswith("not secret")


def sign_in_key_in(text: str) -> bytes:
    """The key for sign-in that is written as 32 bytes in base64. Raises ValueError."""
    key = base64.b64decode(text.strip(), validate=True)
    if len(key) != _SIGN_IN:
        raise ValueError
    return key
