"""Who acts is a value, not a text: an action cannot take a name that nobody knows the kind of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.repo.files import ROOT

APPS = ("audit", "letters", "mailings", "people")


def signatures() -> Iterator[tuple[str, ast.arg]]:
    for app in APPS:
        for file in sorted((ROOT / "src" / "everyfamily" / app).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.FunctionDef):
                    for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                        yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name}", arg


@pytest.fixture(scope="module")
def actors() -> list[tuple[str, str]]:
    return [
        (where, ast.unparse(arg.annotation)) for where, arg in signatures() if arg.arg == "by" and arg.annotation
    ]


def test_who_acts_is_an_actor(actors: list[tuple[str, str]]) -> None:
    assert [where for where, kind in actors if kind != "Actor"] == []


def test_the_test_sees_the_actions(actors: list[tuple[str, str]]) -> None:
    assert len(actors) > 80
