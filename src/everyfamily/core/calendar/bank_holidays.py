"""The bank holidays of England."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache


@cache
def bank_holidays() -> Container[date]:
    """Of England, known offline."""
    import holidays  # here, because it takes half a second

    return holidays.country_holidays("GB", subdiv="ENG")
