"""The small changes that mutants.py makes: comparisons, and/or, not, whole numbers, what is returned, and SQL."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

_COMPARED = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
}
_OPERATOR = re.compile(rb"<=|>=|==|!=|<|>|is\s+not\b|is\b|not\s+in\b|in\b")
_SQL = re.compile(rb"\b(SELECT|UPDATE|INSERT INTO|DELETE FROM|WHERE|bool_or)\b")
_IN_SQL = (
    (re.compile(rb"(?<= )<>(?= )"), b"="),
    (re.compile(rb"(?<= )=(?= )"), b"<>"),
    (re.compile(rb"(?<= )AND(?= )"), b"OR"),
    (re.compile(rb"(?<= )OR(?= )"), b"AND"),
    (re.compile(rb"(?<= )IS NULL\b"), b"IS NOT NULL"),
    (re.compile(rb"(?<= )IS NOT NULL\b"), b"IS NULL"),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the bytes from `start` to `end` of a file become `new`."""

    path: Path
    start: int
    end: int
    old: str
    new: str
    lines: tuple[int, ...]
    """Of the statement that it is in, as far as the change."""
    is_in_function: bool

    def __str__(self) -> str:
        return f"{self.path.as_posix()}:{self.lines[-1]}: {self.old} -> {self.new}"

    def applied_to(self, source: bytes) -> bytes:
        """The file's bytes with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def mutants_of(path: Path, source: bytes) -> list[Mutant]:
    """Every mutant of a module, in its order."""
    found = {(one.start, one.end, one.new): one for one in _Finder(path, source).find()}
    return [found[key] for key in sorted(found)]


class _Finder:
    def __init__(self, path: Path, source: bytes) -> None:
        self._path = path
        self._source = source
        self._starts = [0]
        for line in source.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def find(self) -> Iterator[Mutant]:
        yield from self._walk(ast.parse(self._source), 1, in_function=False)

    def _walk(self, node: ast.AST, statement: int, *, in_function: bool) -> Iterator[Mutant]:
        for start, end, new in self._changes(node):
            line = self._source.count(b"\n", 0, start) + 1
            old = " ".join(self._source[start:end].decode().split())
            yield Mutant(self._path, start, end, old, new, tuple(range(statement, line + 1)), in_function)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            if not _is_passed_over(child):
                first = _first_line(child) if isinstance(child, ast.stmt) else statement
                yield from self._walk(child, first, in_function=inside)

    def _changes(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        match node:
            case ast.Compare(left=left, ops=[one], comparators=[right]):
                if at := _OPERATOR.search(self._source, self._end(left), self._start(right)):
                    yield at.start(), at.end(), _COMPARED[type(one)]
            case ast.BoolOp(op=op, values=[*values]):
                yield from self._in_words(isinstance(op, ast.And), values)
            case ast.UnaryOp(op=ast.Not()):
                yield self._start(node), self._start(node) + len("not"), ""
            case ast.Constant(value=int() as value) if not isinstance(value, bool):
                yield self._start(node), self._end(node), str(value + 1)
                yield self._start(node), self._end(node), f"({value - 1})"
            case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
                known = {"True": "False", "False": "True"}
                yield self._start(value), self._end(value), known.get(ast.unparse(value), "None")
            case ast.Constant(value=str()) | ast.JoinedStr():
                yield from self._in_sql(node)

    def _in_words(self, is_and: bool, values: list[ast.expr]) -> Iterator[tuple[int, int, str]]:
        word, other = (b"and", "or") if is_and else (b"or", "and")
        for left, right in pairwise(values):
            at = self._source.find(word, self._end(left), self._start(right))
            if at >= 0:
                yield at, at + len(word), other

    def _in_sql(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:
        start, end = self._start(node), self._end(node)
        if not _SQL.search(self._source, start, end):
            return
        for pattern, new in _IN_SQL:
            for at in pattern.finditer(self._source, start, end):
                line = self._source[self._source.rfind(b"\n", 0, at.start()) + 1 : at.start()]
                if b"--" not in line:
                    yield at.start(), at.end(), new.decode()

    def _start(self, node: ast.AST) -> int:
        return self._starts[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined, no-any-return]

    def _end(self, node: ast.AST) -> int:
        return self._starts[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined, no-any-return]


def _first_line(statement: ast.stmt) -> int:
    """Its decorators are above its own line."""
    return min([statement.lineno, *(one.lineno for one in getattr(statement, "decorator_list", ()))])


def _is_passed_over(node: ast.AST) -> bool:
    """Words about code, and what only a type checker reads."""
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False
