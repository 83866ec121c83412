"""What a web page crosses out: by elements, by their own style, or by the page's styles."""

from __future__ import annotations

import re
from collections.abc import Mapping

_CROSS_OUT = frozenset(("s", "strike", "del"))
_LINE = "line-through"
_SELECTED = re.compile(r"[.#]([\w-]+)")


class CrossedOut:
    """Knows which open elements cross out what is in them."""

    def __init__(self) -> None:
        self._open: list[tuple[str, int]] = []
        """Elements that cross out, each with how many elements of the same name are open in it."""
        self._names: set[str] = set()
        """Classes, ids and elements that the page's styles cross out."""

    def __len__(self) -> int:
        return len(self._open)

    def back_to(self, count: int) -> None:
        """Only the first elements, this many, are still open: a cell ends what was left open in it."""
        del self._open[count:]

    def is_by(self, tag: str, given: Mapping[str, str]) -> bool:
        """Whether an element crosses out what is in it."""
        if tag in _CROSS_OUT or _LINE in given.get("style", "").lower():
            return True
        if not self._names:
            return False
        return not self._names.isdisjoint((tag, given.get("id", ""), *given.get("class", "").split()))

    def start(self, tag: str, *, crosses_out: bool) -> None:
        """An element opens."""
        if self._open and self._open[-1][0] == tag:
            self._open[-1] = (tag, self._open[-1][1] + 1)
        elif crosses_out:
            self._open.append((tag, 1))

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._open and self._open[-1][0] == tag:
            name, count = self._open.pop()
            if count > 1:
                self._open.append((name, count - 1))

    def learn(self, css: str) -> None:
        """Read the page's styles."""
        for rule in css.split("}"):
            selectors, _, looks = rule.rpartition("{")
            if _LINE not in looks.lower():
                continue
            for selector in selectors.split(","):
                last = (selector.split() or [""])[-1]
                self._names.update(_SELECTED.findall(last) or ([last.lower()] if last.isalnum() else []))
