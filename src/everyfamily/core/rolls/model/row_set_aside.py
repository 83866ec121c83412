"""The signal that a row is not imported, and why."""

from __future__ import annotations


class RowSetAside(Exception):
    """A signal between the readers of one row: it is not imported. `child_stands`: its child is."""

    def __init__(self, code: str, message: str, *, child_stands: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.child_stands = child_stands
