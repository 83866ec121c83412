"""How large the product is, room by room, always counted the same way.

    .venv/bin/python tools/size.py
    .venv/bin/python tools/size.py --json --root ../another-checkout

A code line is neither blank nor a comment nor a docstring. A string under a field is code, and so is an empty line in a
string. Migrations are counted. A value class is a dataclass, a named tuple or a model of pydantic. An error class is
below `Exception`. To know what is below what, the classes of all modules are compared by name.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PRODUCT = "everyfamily"
WIDE = 200
_QUIET = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_ERRORS = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)
}
_VALUES = {"NamedTuple", "BaseModel"}
_SQL = re.compile(
    r"\s*(SELECT|WITH|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|GRANT|REVOKE)\b.*\s", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Klass:
    """A class of a module: the last name of each base, and whether it is a dataclass."""

    name: str
    bases: frozenset[str]
    is_dataclass: bool


@dataclass(frozen=True, slots=True)
class Module:
    """What is counted of one module. Lines of SQL are code lines too, and imports as well."""

    path: str
    code: int
    imports: int
    sql: int
    classes: tuple[Klass, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """The sum of a room's modules."""

    files: int
    code: int
    imports: int
    value_classes: int
    error_classes: int
    largest: str
    largest_code: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Files that are not Python."""

    files: int
    lines: int
    bytes: int
    wide_lines: int


def module_of(path: str, source: str) -> Module:
    """Count one module."""
    tree = ast.parse(source)
    code = _lines_with_code(source) - _lines_of_docstrings(tree)
    imports = {
        line for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for line in _lines(node)
    }
    sql = {line for node in ast.walk(tree) if _SQL.match(_beginning(node)) for line in _lines(node)}
    classes = tuple(_klass(node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    return Module(path, len(code), len(code & imports), len(code & sql), classes)


def _lines_with_code(source: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {line for one in tokens if one.type not in _QUIET for line in range(one.start[0], one.end[0] + 1)}


def _lines_of_docstrings(tree: ast.Module) -> set[int]:
    homes = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, homes) and ast.get_docstring(node, clean=False) is not None
        for line in _lines(node.body[0])
    }


def _beginning(node: ast.AST) -> str:
    """The text of a string, or of an f-string as far as its first value. Empty if it is neither."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) and node.values else node
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _lines(node: ast.AST) -> range:
    return range(node.lineno, node.end_lineno + 1)  # type: ignore[attr-defined]


def _klass(node: ast.ClassDef) -> Klass:
    marks = {_last_name(mark.func if isinstance(mark, ast.Call) else mark) for mark in node.decorator_list}
    return Klass(node.name, frozenset(map(_last_name, node.bases)), "dataclass" in marks)


def _last_name(node: ast.expr) -> str:
    """`a.b.C[D]` -> `C`."""
    return ast.unparse(node).split("[")[0].rsplit(".", 1)[-1]


def below(classes: Iterable[Klass], roots: set[str]) -> set[str]:
    """The names of the roots and of all classes below them."""
    classes, found = list(classes), set(roots)
    while more := {one.name for one in classes if one.bases & found} - found:
        found |= more
    return found


def modules_in(folder: Path) -> list[Module]:
    """Every module below a folder, in order."""
    paths = sorted(folder.rglob("*.py"))
    return [module_of(path.relative_to(folder).as_posix(), path.read_text("utf-8")) for path in paths]


def room_of(path: str) -> str:
    """The room of a module in `src`: the folder in the product, or the package beside it."""
    package, *rest = path.split("/")
    return rest[0] if package == PRODUCT and len(rest) > 1 else package


def rooms_of(modules: Iterable[Module]) -> dict[str, Room]:
    """Each room's sum, the largest first."""
    modules = list(modules)
    classes = [klass for module in modules for klass in module.classes]
    errors, values = below(classes, _ERRORS), below(classes, _VALUES)

    def summed(part: list[Module]) -> Room:
        largest = max(part, key=lambda module: module.code)
        own = [klass for module in part for klass in module.classes]
        is_error = [bool(klass.bases & errors) for klass in own]
        return Room(
            files=len(part),
            code=sum(module.code for module in part),
            imports=sum(module.imports for module in part),
            value_classes=sum(
                not error and (klass.is_dataclass or bool(klass.bases & values))
                for klass, error in zip(own, is_error, strict=True)
            ),
            error_classes=sum(is_error),
            largest=largest.path,
            largest_code=largest.code,
        )

    parts: dict[str, list[Module]] = {}
    for module in modules:
        parts.setdefault(room_of(module.path), []).append(module)
    return dict(sorted(((name, summed(part)) for name, part in parts.items()), key=lambda one: -one[1].code))


def texts_in(paths: Iterable[Path]) -> Texts:
    """The sum of files that are not Python."""
    whole = [path.read_bytes() for path in paths]
    lines = [line for text in whole for line in text.decode("utf-8").splitlines()]
    return Texts(len(whole), len(lines), sum(map(len, whole)), sum(len(line) > WIDE for line in lines))


def size_of(root: Path) -> dict[str, Any]:
    """All figures of a checkout, as `--json` prints them."""
    src, product = root / "src", modules_in(root / "src")
    rooms = rooms_of(product)
    return {
        "code": sum(room.code for room in rooms.values()),
        "files": len(product),
        "imports": sum(room.imports for room in rooms.values()),
        "migrations": sum(module.code for module in product if "/migrations/" in module.path),
        "sql_in_code": sum(module.sql for module in product),
        "tests": sum(module.code for module in modules_in(root / "tests")),
        "rooms": {name: asdict(room) for name, room in rooms.items()},
        "texts": {
            "templates": asdict(texts_in(path for path in src.rglob("*.html") if "templates" in path.parts)),
            "TOML in src": asdict(texts_in(src.rglob("*.toml"))),
            "TOML in packs": asdict(texts_in((root / "packs").rglob("*.toml"))),
            "Markdown in packs": asdict(texts_in((root / "packs").rglob("*.md"))),
            "Markdown elsewhere": asdict(texts_in([*root.glob("*.md"), *(root / "docs").rglob("*.md")])),
            "SQL in src": asdict(texts_in(src.rglob("*.sql"))),
        },
    }


def table(size: dict[str, Any]) -> str:
    """The figures for a person."""
    lines = [f"{'room':22}{'files':>6}{'code':>8}{'imports':>8}{'values':>7}{'errors':>7}  largest file"]
    for name, room in size["rooms"].items():
        figures = f"{room['files']:6}{room['code']:8,}{room['imports']:8,}"
        figures += f"{room['value_classes']:7}{room['error_classes']:7}"
        lines.append(f"{name:22}{figures}  {room['largest_code']} {room['largest']}")
    kinds = [sum(room[kind] for room in size["rooms"].values()) for kind in ("value_classes", "error_classes")]
    lines.append(f"{'src':22}{size['files']:6}{size['code']:8,}{size['imports']:8,}{kinds[0]:7}{kinds[1]:7}")
    lines.append(
        f"  of them migrations {size['migrations']:,}, and lines of SQL in strings {size['sql_in_code']:,}"
    )
    lines.append(f"{'tests':22}{'':6}{size['tests']:8,}")
    lines.append(f"\n{'not Python':22}{'files':>6}{'lines':>8}{'bytes':>12}{f'over {WIDE}':>10}")
    for name, text in size["texts"].items():
        lines.append(f"{name:22}{text['files']:6}{text['lines']:8,}{text['bytes']:12,}{text['wide_lines']:10,}")
    return "\n".join(lines)


def main() -> None:
    """Print the figures of this checkout, or of another."""
    parser = argparse.ArgumentParser(description="Count the product's code, room by room.")
    parser.add_argument("--json", action="store_true", help="the same figures as JSON")
    parser.add_argument("--root", type=Path, default=ROOT, help="another checkout to count")
    asked = parser.parse_args()
    size = size_of(asked.root)
    sys.stdout.write((json.dumps(size, indent=2) if asked.json else table(size)) + "\n")


if __name__ == "__main__":
    main()
