"""Routes whose numbers are no area's own: a new partnership's file begins with them (national_routes.toml)."""

from __future__ import annotations

from everyfamily.core.files.data_tables import load_rows
from everyfamily.core.partnership.new_area import NationalRoute


def national_routes() -> list[NationalRoute]:
    """In the order in which a letter prints them."""
    return list(load_rows(NationalRoute, __file__, table="routes"))
