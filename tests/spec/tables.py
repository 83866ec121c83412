"""Read the tables of this folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def table(name: str) -> dict[str, Any]:
    """One table by its name, as TOML gives it."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
