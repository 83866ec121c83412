"""SQL of an app names its own tables and the views that others publish, and nothing else of theirs.

import-linter keeps `models` private; a table's name in a text gets past it. Each app that publishes views lists them in
`PUBLISHED`. If you need a column that no view has, publish it there, with a migration that makes the views again.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps

from tests.repo.files import ROOT, repository_files
from tests.repo.named import texts_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everyfamily.config.settings")
django.setup()

SRC = ROOT / "src"
PUBLISHED_IN = (
    "everyfamily.people.sql.eligibility_sql",
    "everyfamily.people.sql.published_sql",
    "everyfamily.people.sql.words_sql",
    "everyfamily.letters.sql.published_sql",
    "everyfamily.mailings.sql.published_sql",
)
KEYS_OF_TABLES = "security_sql.py"
"""Foreign keys point at tables: a view can have none."""
_CREATED = re.compile(r"\bCREATE (?:VIEW|TABLE) (\w+)")
APPS = {config.label: config for config in apps.get_app_configs() if config.name == f"everyfamily.{config.label}"}
"""Our own apps, as they are installed: a new one is looked for from its first day."""
_NAME = re.compile(rf"\b(?:{'|'.join(APPS)})_[a-z]+(?:_[a-z]+)*\b")


def published() -> set[str]:
    return {name for module in PUBLISHED_IN for name in importlib.import_module(module).PUBLISHED}


def own_names() -> dict[str, str]:
    """Name of each table and view -> the app it belongs to."""
    owners = {
        model._meta.db_table: label
        for label, config in APPS.items()
        for model in config.get_models(include_auto_created=True)
    }
    for path in repository_files():
        if path.suffix == ".py" and path.is_relative_to(SRC):
            owners |= dict.fromkeys(_CREATED.findall(path.read_text(encoding="utf-8")), app_of(path))
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
    texts = texts_of(ast.parse(source))
    return [name for text in texts for name in _NAME.findall(text) if is_foreign(name)]


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
    known = {name: owners[name] for name in ("people_parent", "accounts_tries", "partnership_version")}
    assert known == {
        "people_parent": "people",
        "accounts_tries": "accounts",
        "partnership_version": "partnership",
    }
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


def test_a_table_of_every_app_that_has_one_is_found_in_the_sql_of_another() -> None:
    owners = own_names()
    assert set(owners.values()) == {"accounts", "audit", "letters", "mailings", "partnership", "people", "work"}
    for name, app in owners.items():
        other = "people" if app != "people" else "mailings"
        assert foreign_names(f'SQL = "DELETE FROM {name}"', other, owners, set()) == [name]
