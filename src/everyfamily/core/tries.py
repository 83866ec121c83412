"""How often something was tried recently, for each key. The time is passed in, and memory is limited."""

from __future__ import annotations

import threading


class Tries:
    """Counts tries in spans of `seconds`. More than `most` in one span is too many.

    At most `keep` keys are remembered. The oldest are forgotten first, which lets somebody start again and shuts nobody
    out. Safe to use from several threads. Times are seconds of any single clock that does not go back.
    """

    def __init__(self, most: int, *, seconds: float, keep: int = 10_000) -> None:
        self.most = most
        self.seconds = seconds
        self._keep = keep
        self._counted: dict[str, tuple[float, int]] = {}
        self._one_at_a_time = threading.Lock()

    def count(self, key: str, now: float) -> int:
        """Count one more. Returns how many there are in this span."""
        with self._one_at_a_time:
            began, count = self._of(key, now)
            self._counted.pop(key, None)
            while len(self._counted) >= self._keep:
                del self._counted[next(iter(self._counted))]
            self._counted[key] = (began, count + 1)
            return count + 1

    def are_too_many(self, key: str, now: float) -> bool:
        """Whether one more would be too many. Counts nothing."""
        with self._one_at_a_time:
            return self._of(key, now)[1] >= self.most

    def forget(self) -> None:
        """Start again for everybody."""
        with self._one_at_a_time:
            self._counted.clear()

    def _of(self, key: str, now: float) -> tuple[float, int]:
        began, count = self._counted.get(key, (now, 0))
        return (began, count) if now < began + self.seconds else (now, 0)
