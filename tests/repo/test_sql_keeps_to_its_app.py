"""SQL of an app names its own tables and the views that others publish, and nothing else of theirs.

import-linter keeps `models` private; a table's name in a text gets past it. Each app that publishes views lists them in
`PUBLISHED`. If you need a column that no view has, publish it there, with a migration that makes the views again.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from tests.repo.files import ROOT, repository_files

SRC = ROOT / "src"
PUBLISHED_IN = (
    "everyfamily.people.sql.eligibility_sql",
    "everyfamily.people.sql.published_sql",
    "everyfamily.letters.sql.published_sql",
    "everyfamily.mailings.sql.published_sql",
)
KEYS_OF_TABLES = "security_sql.py"
"""Foreign keys point at tables: a view can have none."""
_MADE = re.compile(r"migrations\.CreateModel\(\s*name=['\"](\w+)['\"]")
_CREATED = re.compile(r"\bCREATE VIEW (\w+)")
_NAME = re.compile(r"\b(?:people|letters|mailings|audit)_[a-z]+(?:_[a-z]+)*\b")


def published() -> set[str]:
    return {name for module in PUBLISHED_IN for name in importlib.import_module(module).PUBLISHED}


def own_names() -> dict[str, str]:
    """Name of each table and view -> the app it belongs to."""
    owners = {}
    for path in repository_files():
        if path.suffix == ".py" and path.is_relative_to(SRC):
            app, source = app_of(path), path.read_text(encoding="utf-8")
            owners |= {f"{app}_{model.lower()}": app for model in _MADE.findall(source)}
            owners |= dict.fromkeys(_CREATED.findall(source), app)
    return owners


def sources() -> Iterator[Path]:
    """Modules of the product. What a migration once ran is history."""
    modules = (path for path in repository_files() if path.suffix == ".py" and path.is_relative_to(SRC))
    return (path for path in modules if "migrations" not in path.parts and path.name != KEYS_OF_TABLES)


def app_of(path: Path) -> str:
    """The room of the product that a module is in; a package beside the product is one of its own."""
    package, room, *_ = path.relative_to(SRC).parts
    return room if package == "everyfamily" else package


def foreign_names(source: str, app: str, owners: dict[str, str], allowed: set[str]) -> list[str]:
    """Names in the strings of a module, those inside f-strings too, that `app` may not use; docstrings may."""

    def is_foreign(name: str) -> bool:
        return owners.get(name, app) != app and name not in allowed

    # To parse every module takes a second.
    if not any(map(is_foreign, _NAME.findall(source))):
        return []
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        for name in _NAME.findall(node.value)
        if is_foreign(name)
    ]


def test_sql_names_its_own_tables_and_published_views() -> None:
    owners, allowed = own_names(), published()
    found = {
        path.relative_to(SRC).as_posix(): names
        for path in sources()
        if (names := foreign_names(path.read_text(encoding="utf-8"), app_of(path), owners, allowed))
    }
    assert found == {}, "read a view that the other app publishes"


def test_what_is_published_is_a_view_of_the_app_that_publishes_it() -> None:
    owners = own_names()
    assert {"people_parent", "letters_letter", "mailings_attempt", "audit_auditevent"} <= owners.keys()
    assert {owners[name] for name in published()} == {name.split(".")[1] for name in PUBLISHED_IN}


def test_a_foreign_table_is_found_in_plain_and_formatted_sql_and_not_in_a_docstring() -> None:
    owners = {"people_parent": "people", "people_link": "people", "mailings_attempt": "mailings"}
    source = '''
"""Reads people_parent."""
PLAIN = "SELECT 1 FROM people_parent JOIN mailings_attempt USING (id)"
FORMATTED = f"SELECT 1 FROM people_parent p JOIN people_link l WHERE {PLAIN}"
'''
    assert foreign_names(source, "mailings", owners, {"people_link"}) == ["people_parent"] * 2
    assert foreign_names(source, "people", owners, set()) == ["mailings_attempt"]
