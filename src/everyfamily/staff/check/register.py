"""The partnership's routes, with which the check inside the product compares the numbers of a letter."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route
from everyfamily.letters.queries import routes_now
from everyfamily.partnership.queries import in_force


def register_in_force(now: datetime) -> tuple[Route, ...] | None:
    """The routes of the settings in force, each with its newest check.

    None if there are no settings. Then the rules that need a register are not run, and the page says so.
    """
    # A letter can be checked while somebody mends the settings.
    with suppress(EveryfamilyError):
        found = in_force()
        return None if found is None else routes_now(found.partnership.routes, now)
    return None
