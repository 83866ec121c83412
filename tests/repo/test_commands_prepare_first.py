"""A command that imports what needs the tables before Django is set up fails in every process but a test's."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.factories.each import each

CLI = Path(__file__).parents[2] / "src/everyfamily/cli"
NEEDS_DJANGO = (
    "everyfamily.people",
    "everyfamily.mailings",
    "everyfamily.audit",
    "everyfamily.partnership",
    "everyfamily.letters.actions",
    "everyfamily.reports.queries",
    "everyfamily.staff",
)
WITHOUT_TABLES = {"everyfamily.people.keys.master_key_file"}
"""A key file is made before there is a database."""


def commands() -> Iterator[tuple[str, ast.FunctionDef]]:
    for file in sorted(CLI.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                ".command" in ast.unparse(d) for d in node.decorator_list
            ):
                yield f"{file.name}:{node.name}", node


def imports_too_early(function: ast.FunctionDef) -> list[str]:
    prepared = [
        node.lineno
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "prepare"
    ]
    first = min(prepared, default=10**9)
    return [
        str(node.module)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom)
        and str(node.module).startswith(NEEDS_DJANGO)
        and node.lineno < first
        and node.module not in WITHOUT_TABLES
    ]


@each("name, function", commands())
def test_a_command_prepares_before_it_imports_what_needs_the_tables(name: str, function: ast.FunctionDef) -> None:
    assert imports_too_early(function) == [], name


def test_an_import_before_prepare_is_found() -> None:
    early = "def command():\n    from everyfamily.people.queries import x\n    prepare()\n"
    found = ast.parse(early).body[0]
    assert isinstance(found, ast.FunctionDef)
    assert imports_too_early(found) == ["everyfamily.people.queries"]
