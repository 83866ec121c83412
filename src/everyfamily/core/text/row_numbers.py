"""Row numbers as they come back from an address or a form. Pure."""

from __future__ import annotations

_DIGITS = 15
"""More than a row here ever has, and few enough that the database can read whatever they are."""


def row_number(said: str, *, otherwise: int = 0) -> int:
    """The number that somebody's browser sent, or `otherwise` for anything that cannot be one. 0 is no row's."""
    is_one = said.isascii() and said.isdigit() and len(said) <= _DIGITS
    return int(said) if is_one else otherwise
