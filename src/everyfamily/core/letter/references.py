"""References that families can read out and type: "NM-2703-K7R4"."""

from __future__ import annotations

import secrets
from datetime import date

SIGNS = "ACDEFGHJKLMNPQRTUVWXY34679"
"""Characters of a drawn reference. None is mistaken for another when it is read out or typed."""


def drawn_reference(prefix: str, day: date) -> str:
    """A new reference for a letter of this day: the partnership's prefix, year and month, four drawn characters."""
    return f"{prefix}-{day:%y%m}-{''.join(secrets.choice(SIGNS) for _ in range(4))}"
