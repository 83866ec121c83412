"""What tools/mutants.py breaks: each change is one, in its place, and leaves a module that Python can read."""

from __future__ import annotations

from pathlib import Path

from tests.factories.each import each
from tools.mutations import mutants_of

HERE = Path("src/everyfamily/core/x.py")


def changed(source: str) -> set[str]:
    return {one.applied_to(source.encode()).decode() for one in mutants_of(HERE, source.encode())}


@each(
    "source, new",
    [
        ("a = b < c", {"a = b <= c"}),
        ("a = b is not c", {"a = b is c"}),
        ("a = b not in c", {"a = b in c"}),
        ("a = b and c or d", {"a = b or c or d", "a = b and c and d"}),
        ("a = not (b)", {"a =  (b)"}),
        ("a = 1", {"a = 2", "a = (0)"}),
        ("def f():\n    return True", {"def f():\n    return False"}),
        ("def f():\n    return g()", {"def f():\n    return None"}),
        ("def f():\n    return None", set()),
        ("a = True", set()),
        ('"""A docstring: SELECT a WHERE b = c"""', set()),
        (
            'é = f"""SELECT a -- not b = c\nWHERE b = {c} AND d IS NULL"""',
            {
                'é = f"""SELECT a -- not b = c\nWHERE b <> {c} AND d IS NULL"""',
                'é = f"""SELECT a -- not b = c\nWHERE b = {c} OR d IS NULL"""',
                'é = f"""SELECT a -- not b = c\nWHERE b = {c} AND d IS NOT NULL"""',
            },
        ),
    ],
)
def test_each_change_is_made_by_itself(source: str, new: set[str]) -> None:
    assert changed(source) == new


def test_a_change_names_the_lines_of_its_statement() -> None:
    source = b"def f(\n    a,\n):\n    g(\n        1,\n    )\n"
    assert {(one.lines, one.is_in_function) for one in mutants_of(HERE, source)} == {((4, 5), True)}
