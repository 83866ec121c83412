"""The installation's secret key, which signs links: which text may be one."""

from __future__ import annotations

SHORTEST = 32
"""Characters."""
NO_KEY = "not secret: links cannot be made"
"""What Django has while no key is set. Everybody can read it here, so nothing is signed with it."""


def may_sign(key: str) -> bool:
    """Whether links that are signed with this key cannot be forged by guessing it."""
    return len(key) >= SHORTEST and not key.startswith("not secret")
