"""The partnership's routes, with which the check compares the numbers of a letter."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.core.partnership.routes import Route


def register() -> tuple[Route, ...] | None:
    """The routes, or None if there is no register: then the rules that need one are not run, and the page says so."""
    if settings.EVERYFAMILY_REGISTER is not None or not settings.EVERYFAMILY_PARTNERSHIP:
        return settings.EVERYFAMILY_REGISTER
    try:
        return load_partnership(Path(settings.EVERYFAMILY_PARTNERSHIP)).routes
    except EveryfamilyError:
        # A letter can be checked while somebody mends the partnership's file.
        return None
