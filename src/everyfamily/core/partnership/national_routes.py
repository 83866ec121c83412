"""Routes whose numbers are no area's own: a new partnership's file begins with them (national_routes.toml)."""

from __future__ import annotations

from importlib.resources import files

from everyfamily.core.files.toml_files import StrictModel, parse_toml
from everyfamily.core.partnership.new_area import NationalRoute

_FILE = "national_routes.toml"


class _Row(StrictModel):
    id: str
    need: str
    label: str
    hours: str
    number: str | None = None
    url: str | None = None
    form: str | None = None


class _Routes(StrictModel):
    routes: tuple[_Row, ...]


def national_routes() -> list[NationalRoute]:
    """In the order in which a letter prints them."""
    text = files("everyfamily.core.partnership").joinpath(_FILE).read_text(encoding="utf-8")
    model, _ = parse_toml(_Routes, text, _FILE)
    return [NationalRoute(**row.model_dump()) for row in model.routes]
