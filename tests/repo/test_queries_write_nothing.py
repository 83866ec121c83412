"""A query reads. What writes or deletes rows is an action, with the one who acts and an event of the audit trail."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.factories.each import each
from tests.repo.files import ROOT
from tests.repo.named import texts_of

SRC = ROOT / "src/everyfamily"
ONLY_READS = "reports"
"""An app that is all queries."""
WRITES = {
    *("save", "delete", "create", "update", "get_or_create", "update_or_create", "bulk_create", "bulk_update"),
    *("asave", "adelete", "acreate", "aupdate", "abulk_create", "abulk_update", "_raw_delete"),
}
_SQL = re.compile(r"\A\s*(?:INSERT|UPDATE|DELETE|TRUNCATE)\b|(?i:\b(?:INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b)")


def is_query(path: Path) -> bool:
    """A module `queries.py`, or one in a folder of queries."""
    *rooms, _ = path.relative_to(SRC).parts
    return rooms[:1] == [ONLY_READS] or any(one.endswith("queries") for one in (*rooms, path.stem))


def writes_in(source: str) -> list[str]:
    """Calls of methods that write rows, and SQL that does."""
    tree = ast.parse(source)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    methods = [one.attr for one in calls if isinstance(one, ast.Attribute) and one.attr in WRITES]
    return methods + [found[0].strip() for text in texts_of(tree) if (found := _SQL.search(text))]


def test_no_query_writes() -> None:
    paths = [path for path in sorted(SRC.rglob("*.py")) if is_query(path)]
    assert len(paths) > 60
    found = {path.relative_to(SRC).as_posix(): writes_in(path.read_text("utf-8")) for path in paths}
    assert {name: writes for name, writes in found.items() if writes} == {}, "write in an action"


@each(
    "source, found",
    [
        ("Mailing.objects.filter(pk=1).delete()", ["delete"]),
        ("Mailing.objects.filter(pk=1).update(state='closed')", ["update"]),
        ("Mailing.objects.create(pk=1)", ["create"]),
        ("row.save(update_fields=['state'])", ["save"]),
        ("Mailing.objects.bulk_create([])\nMailing.objects.bulk_update([], [])", ["bulk_create", "bulk_update"]),
        ("SQL = '''\\nDELETE FROM mailings_mailing'''", ["DELETE"]),
        ("cursor.execute(f'update mailings_mailing SET state = {state}')", ["update mailings_mailing SET"]),
        ("SQL = 'WITH a AS (INSERT INTO b VALUES (1) RETURNING id) SELECT * FROM a'", ["INSERT INTO"]),
        ("Mailing.objects.filter(pk=1).select_for_update()", []),
        ('"""Update nothing."""', []),
        ("WORDS = 'Update the page.'", []),
    ],
)
def test_each_write_is_found(source: str, found: list[str]) -> None:
    assert writes_in(source) == found
