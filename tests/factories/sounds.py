"""Sound files for tests."""

from __future__ import annotations

_FRAME = b"\xff\xf3\x14\xc0" + bytes(20)
"""24 ms of nothing: MPEG 2 layer III, 8 kbit/s, 24 kHz, one channel."""


def silence(seconds: float) -> bytes:
    """An MP3 of this length in which nobody speaks."""
    return _FRAME * round(seconds / 0.024)
