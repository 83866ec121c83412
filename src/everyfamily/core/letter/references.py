"""References that families can read out and type: "NM-2703-K7R4"."""

from __future__ import annotations

import secrets
from datetime import date

from everyfamily.core.letter.compose import ReferenceNotUsable
from everyfamily.core.partnership.partnership import Partnership

SIGNS = "ACDEFGHJKLMNPQRTUVWXY34679"
"""Characters of a drawn reference. None is mistaken for another when it is read out or typed."""


def reference_for(partnership: Partnership, asked: str | None, day: date) -> str:
    """The reference that was asked for, or a new one for a letter of this day: the partnership's prefix, year and
    month, and four drawn characters. Raises ReferenceNotUsable."""
    prefix = partnership.reference_prefix
    if asked is None and prefix is None:
        raise ReferenceNotUsable(
            "The letter has no reference, and the settings have no reference_prefix to draw one with.",
            "Give one such as ES-2703-K7R4, or write reference_prefix into the settings.",
        )
    if asked is None:
        return f"{prefix}-{day:%y%m}-{''.join(secrets.choice(SIGNS) for _ in range(4))}"
    if prefix is not None and not asked.startswith(f"{prefix}-"):
        raise ReferenceNotUsable(
            f"The reference does not begin with {prefix}-, as the settings say it does.",
            f"Give one such as {prefix}-{day:%y%m}-K7R4, or none, and one is drawn.",
        )
    return asked
