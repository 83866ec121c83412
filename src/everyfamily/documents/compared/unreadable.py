"""What is said of a file that cannot be read as a letter."""

from __future__ import annotations

from everyfamily.core.errors import EveryfamilyError


class UnreadableLetterFile(EveryfamilyError):
    """The file is none of the kinds a letter comes in, or is damaged."""

    code = "EF801"
