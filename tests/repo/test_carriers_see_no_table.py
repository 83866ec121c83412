"""Carriers' adapters never touch a database. import-linter takes all of Django for one; this does not."""

from __future__ import annotations

import ast

from tests.repo.files import ROOT
from tests.repo.named import imported

CHANNELS = ROOT / "src/everyfamily/channels"
KEPT_FROM_CARRIERS = ("django.apps", "django.contrib", "django.db", "procrastinate", "psycopg")


def tables_in(source: str) -> set[str]:
    """What a module imports of what is kept from carriers, in functions too."""
    return {name for _, name in imported(ast.parse(source)) if name.startswith(KEPT_FROM_CARRIERS)}


def test_no_carrier_imports_a_database() -> None:
    found = {str(path): tables_in(path.read_text(encoding="utf-8")) for path in CHANNELS.rglob("*.py")}
    assert len(found) > 30
    assert {path: names for path, names in found.items() if names} == {}


def test_an_import_of_a_table_would_be_found() -> None:
    assert tables_in("def send():\n    from django.db import connection") == {"django.db.connection"}
    assert tables_in("from django import db") == {"django.db"}
    assert tables_in("from django.core import mail") == set()
