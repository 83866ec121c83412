"""The demo's only source of chance. Its seed includes a place, so any part can be made by itself and always comes out
the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random


def chance(seed: int, *place: str | int) -> Random:
    """Return a generator that depends only on the seed and the place (such as "family", 12)."""
    key = "\x1f".join(map(str, (seed, *place))).encode()
    return Random(int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()))  # noqa: S311 not for secrets


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Split a total into whole numbers in the ratio of the weights, so that they add up exactly (largest remainder)."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
