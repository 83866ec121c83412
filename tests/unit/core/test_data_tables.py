"""Tables that come with the product: what a row may hold, and where a wrong one is named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal

import pytest

from everyfamily.checks.letter.line_misuses import misuses
from everyfamily.checks.rules.harm.sign_by_appearance import _kinds as looks
from everyfamily.checks.rules.trust.retired_line import retired
from everyfamily.checks.run.codes import RULES
from everyfamily.checks.text.about_harm import _kinds as subject_kinds
from everyfamily.core.files.data_tables import TableNotGood, load_rows, load_table
from everyfamily.core.partnership.national_lines import registered_lines, services
from everyfamily.core.partnership.national_routes import national_routes
from everyfamily.core.rolls.layout.exports import exports
from everyfamily.core.schools.school_kinds import establishment_types
from tests.factories.each import each
from tests.repo.files import ROOT


class Weight(StrEnum):
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class Inner:
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    often: int = 1
    is_open: bool = False
    said: re.Pattern[str] | None = None
    words: frozenset[str] = frozenset()
    kinds: tuple[str, ...] = ()
    level: Literal["stop", "check"] = "stop"
    weight: Weight = Weight.HEAVY
    plain: Mapping[str, str] = field(default_factory=dict)
    inner: Inner = Inner()


def read(folder: Path, text: str) -> tuple[Row, ...]:
    inside = folder / str(len(list(folder.iterdir())))
    inside.mkdir()
    (inside / "words.toml").write_text(text, encoding="utf-8")
    return load_rows(Row, str(inside / "words.py"))


def test_a_row_has_the_types_of_its_fields(tmp_path: Path) -> None:
    [bare, full] = read(
        tmp_path,
        """
        [[row]]
        name = "one"
        [[row]]
        name = "two"
        often = 3
        is_open = true
        said = 'ring'
        words = ["a", "b"]
        kinds = ["c", "d"]
        level = "check"
        weight = "heavy"
        plain = {a = "b"}
        inner.before = "c"
        """,
    )
    assert bare == Row("one")
    assert full.said is not None and full.said.search("RING") is not None
    assert (full.often, full.is_open, full.words, full.kinds) == (3, True, {"a", "b"}, ("c", "d"))
    assert (full.level, full.weight, full.plain, full.inner) == ("check", Weight.HEAVY, {"a": "b"}, Inner("c"))


@each(
    "line, problem",
    [
        ("", "name is missing"),
        ("name = 5", "name: 5 is of another type"),
        ("name = 'a'\nnmae = 'b'", "nmae is not known"),
        ("name = 'a'\noften = '5'", "often: '5' is of another type"),
        ("name = 'a'\noften = true", "often: True is of another type"),
        ("name = 'a'\nis_open = 1", "is_open: 1 is of another type"),
        ("name = 'a'\nsaid = '('", "said: missing )"),
        ("name = 'a'\nwords = 'abc'", "words: 'abc' is of another type"),
        ("name = 'a'\nkinds = ['b', 5]", "kinds: 5 is of another type"),
        ("name = 'a'\nlevel = 'other'", "level: 'other' is of another type"),
        ("name = 'a'\nweight = 'light'", "weight: 'light' is not a valid Weight"),
        ("name = 'a'\nplain = {a = 1}", "plain: 1 is of another type"),
        ("name = 'a'\ninner.after = 'b'", "row 2, Inner: after is not known"),
    ],
)
def test_a_wrong_row_is_named_with_its_file_and_field(tmp_path: Path, line: str, problem: str) -> None:
    with pytest.raises(TableNotGood, match=r"words\.toml, row 2") as raised:
        read(tmp_path, f"[[row]]\nname = 'first'\n[[row]]\n{line}\n")
    assert problem in str(raised.value)


def test_a_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text("a = 1\n", encoding="utf-8")
    first = load_table(str(tmp_path / "words.py"))
    file.write_text("a = 2\n", encoding="utf-8")
    assert load_table(str(tmp_path / "words.py"), "") is first


def test_a_table_may_have_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("a = 1\n", encoding="utf-8")
    assert load_table(str(tmp_path / "words.py"), "other.toml") == {"a": 1}


def test_every_table_of_the_product_is_read_by_nothing_but_the_loader() -> None:
    readers = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "src/everyfamily").rglob("*.py")
        if re.search(r"^(?:import|from) tomllib", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert readers == ["src/everyfamily/core/files/data_tables.py", "src/everyfamily/core/files/toml_text.py"]


def test_every_list_of_rows_of_the_product_is_good() -> None:
    """The rules of the check are read when it is imported; its other lists and those of core only when needed."""
    lists = (
        misuses(),
        retired(),
        exports(),
        registered_lines(),
        services(),
        national_routes(),
        tuple(establishment_types()),
        subject_kinds(),
        looks(),
    )
    assert all(lists)
    assert len(RULES) > 150


@each("path", sorted((ROOT / "src/everyfamily").rglob("*.toml")))
def test_every_table_of_the_product_is_toml(path: Path) -> None:
    if not path.name.endswith(".template.toml"):
        assert tomllib.loads(path.read_text(encoding="utf-8"))
