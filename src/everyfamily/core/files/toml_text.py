"""Any TOML that somebody else wrote, read without filling the memory."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_PART = r"""(?:(?<![\w-])[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_DEEP = re.compile(rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{20,}}")
"""A key of more parts than any file has. Python's reader keeps every beginning of a key: for one of 90,000 parts, which
takes 180 kB, that is 32 GB. It never goes back, so it is quick in any text."""


class KeyTooDeep(ValueError):
    """A key of so many parts that nobody meant it. `line` is where it is, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"a key has too many parts (at line {line})")
        self.line = line


def load_toml(text: str) -> dict[str, Any]:
    """The tables in `text`. Raises KeyTooDeep, and RecursionError or ValueError as the reader does."""
    if deep := _DEEP.search(text):
        raise KeyTooDeep(text.count("\n", 0, deep.start()) + 1)
    return tomllib.loads(text)
