"""What tools/size.py counts as code, and which classes it knows."""

from __future__ import annotations

from pathlib import Path

from tools.size import module_of, room_of, rooms_of, size_of, table

SOURCE = '''"""A module.

Two lines of it.
"""

from dataclasses import dataclass  # why
from typing import (
    NamedTuple,
)

# A comment.
ROWS = f"""SELECT a FROM b WHERE {1}

AND c"""


@dataclass(frozen=True)
class Row:
    """A row."""

    name: str
    """As it is printed."""


class Line(NamedTuple):
    number: int


class Refused(LookupError): ...


class RefusedHere(Refused): ...
'''


def test_a_code_line_is_neither_blank_nor_a_comment_nor_a_docstring() -> None:
    module = module_of("everyfamily/core/x.py", SOURCE)
    assert (module.code, module.imports, module.sql) == (15, 4, 3)


def test_a_model_and_an_error_are_known_by_names_in_other_modules_too() -> None:
    own = module_of("everyfamily/core/files/strict.py", "class Strict(pydantic.BaseModel): ...\n")
    below = "class Table(strict.Strict): ...\nclass Lost(x.RefusedHere): ...\nclass Plain: ...\n"
    rooms = rooms_of([module_of("everyfamily/core/x.py", SOURCE), own, module_of("everyfamily/cli/y.py", below)])
    assert [(name, room.files, room.value_classes, room.error_classes) for name, room in rooms.items()] == [
        ("core", 2, 3, 2),
        ("cli", 1, 1, 1),
    ]
    assert (rooms["core"].largest, rooms["core"].largest_code) == ("everyfamily/core/x.py", 15)


def test_a_room_is_a_folder_of_the_product_or_a_package_beside_it() -> None:
    paths = ["everyfamily/core/files/a.py", "everyfamily/__init__.py", "everyfamily_demo/data/b.py"]
    assert list(map(room_of, paths)) == ["core", "everyfamily", "everyfamily_demo"]


def test_a_checkout_is_counted_with_its_tests_and_templates(tmp_path: Path) -> None:
    pages = tmp_path / "src" / "everyfamily" / "staff" / "templates"
    for folder in (pages, tmp_path / "tests"):
        folder.mkdir(parents=True)
    (pages / "page.html").write_text("<p>\n" + "x" * 201 + "\n")
    (pages.parent / "views.py").write_text(SOURCE)
    (tmp_path / "tests" / "test_x.py").write_text("assert True\n")
    size = size_of(tmp_path)
    assert (size["code"], size["tests"]) == (15, 1)
    assert size["texts"]["templates"] == {"files": 1, "lines": 2, "bytes": 206, "wide_lines": 1}
    assert "staff" in table(size)
