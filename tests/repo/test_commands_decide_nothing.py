"""The command line asks actions and queries: it imports no table and holds no SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.repo.files import ROOT

CLI = ROOT / "src" / "everyfamily" / "cli"
_SQL = re.compile(r"^\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|ALTER|CREATE)\s", re.MULTILINE)


def breaks(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module and "models" in node.module.split("."):
            yield f"line {node.lineno} imports {node.module}"
        if isinstance(node, ast.ImportFrom) and node.module == "django.db":
            names = {alias.name for alias in node.names} - {"transaction"}
            yield from (f"line {node.lineno} imports {name} of django.db" for name in sorted(names))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.search(node.value):
            yield f"line {node.lineno} has SQL"


def test_no_command_imports_a_table_or_holds_sql() -> None:
    files = sorted(CLI.rglob("*.py"))
    found = {file.relative_to(CLI).as_posix(): list(breaks(file.read_text("utf-8"))) for file in files}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    ["from everyfamily.people.models import School", "from django.db import connection", 'X = "SELECT 1"'],
)
def test_the_test_sees_it(source: str) -> None:
    assert list(breaks(source))
