"""The check by itself has no tables, and Django loads every library of filters for its first page."""

from __future__ import annotations

import ast
from pathlib import Path

import everyfamily.staff.templatetags as libraries

WITHOUT_TABLES = (
    *("everyfamily.core.", "everyfamily.checks."),
    *("everyfamily.staff.check.", "everyfamily.staff.doors.ends"),
)


def _loaded_with(file: Path) -> list[str]:
    """Which of our modules a module imports at once, and not in a function or only for types."""
    return [
        one.module
        for one in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(one, ast.ImportFrom) and one.module is not None and one.module.startswith("everyfamily.")
    ]


def test_no_library_of_filters_needs_a_table_to_be_loaded() -> None:
    [folder] = libraries.__path__
    found = {file.name: _loaded_with(file) for file in Path(folder).glob("*.py")}
    assert any(found.values())
    needing = {
        name: [module for module in modules if not module.startswith(WITHOUT_TABLES)]
        for name, modules in found.items()
    }
    assert {name: modules for name, modules in needing.items() if modules} == {}
