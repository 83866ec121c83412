"""Who follows whom, according to the links in the national list."""

from __future__ import annotations

from collections import defaultdict

from everyfamily.core.schools.gias import NationalList


class Links:
    """Who follows whom."""

    def __init__(self, national: NationalList) -> None:
        self.after: dict[int, set[int]] = defaultdict(set)
        self.before: dict[int, set[int]] = defaultdict(set)
        self._several: set[tuple[int, int]] = set()
        self.until = {link.old: link.on for link in national.links or ()}
        for link in national.links or ():
            self.after[link.old].add(link.new)
            self.before[link.new].add(link.old)
            if link.several:
                self._several.add((link.old, link.new))

    def only(self, old: int) -> int | None:
        """The one establishment that follows `old` and no other. None for a merger or a split."""
        if len(self.after[old]) != 1:
            return None
        (new,) = self.after[old]
        if self.before[new] != {old} or (old, new) in self._several:
            return None
        return new
