"""What one message costs the partnership, as its own contracts say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """[prices] in the partnership's file, in pounds for one message. None if nobody has said."""

    email: Decimal | None = None
    text: Decimal | None = None
    """One text message with all its parts."""
    post: Decimal | None = None
    """One letter, printed and posted."""
    paper: Decimal | None = None
    """One copy that a school prints and a child takes home."""
