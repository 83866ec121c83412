"""The message about a file that cannot be read as a letter."""

from __future__ import annotations

from everyfamily.core.errors import EveryfamilyError


class UnreadableLetterFile(EveryfamilyError):
    """The file is not of a kind that letters come in, or it is damaged."""

    code = "EF801"
