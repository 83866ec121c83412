"""An `__init__.py` imports nothing: whoever imports a module gets that module, and nothing beside it."""

from __future__ import annotations

import ast

from tests.repo.files import ROOT
from tests.repo.named import imported

SRC = ROOT / "src"
MAY_IMPORT: dict[str, str] = {}
"""An `__init__.py` in `src` that has to import -> why. Nobody has had to."""


def names_in(source: str) -> set[str]:
    return {name for _, name in imported(ast.parse(source))} - {"__future__.annotations"}


def test_an_init_imports_nothing() -> None:
    inits = {path.relative_to(SRC).as_posix(): path for path in SRC.rglob("__init__.py")}
    assert len(inits) > 100
    found = {name: names for name, path in inits.items() if (names := names_in(path.read_text("utf-8")))}
    assert found.keys() == MAY_IMPORT.keys(), found


def test_an_import_would_be_found() -> None:
    assert names_in("from everyfamily.people.edges import rolls") == {"everyfamily.people.edges.rolls"}
    assert names_in('"""Words."""\n\ndef f():\n    import json') == {"json"}
    assert names_in('"""Words."""\nfrom __future__ import annotations') == set()
