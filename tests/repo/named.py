"""What code names, however it was imported: `datetime.datetime.now`, `os.environ`, `json.loads`."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Each import of a module, in functions too: what it is called here, and the whole name of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                # `import a.b` binds `a`, and still imports `a.b`.
                yield one.asname or one.name, one.name
        elif isinstance(node, ast.ImportFrom):
            for one in node.names:
                yield one.asname or one.name, f"{node.module}.{one.name}"


def named(tree: ast.Module) -> set[str]:
    """The whole name of everything that a module imports, and of everything that it reads of it."""
    whole = dict(imported(tree))
    found = set(whole.values())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := _dotted(node)) is not None:
            first, _, rest = name.partition(".")
            found.add(f"{whole.get(first, first)}.{rest}")
    return found


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := _dotted(node.value)) is not None:
        return f"{before}.{node.attr}"
    return None


def texts_of(tree: ast.Module) -> Iterator[str]:
    """Every string of a module, those inside f-strings too, but no docstring."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value
