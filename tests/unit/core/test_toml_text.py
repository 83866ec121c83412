"""TOML of somebody else's, read without filling the memory."""

from __future__ import annotations

import tomllib

import pytest

from everyfamily.core.files.toml_text import KeyTooDeep, load_toml


def test_what_is_toml_is_read() -> None:
    assert load_toml('a.b = 1\n[c]\nd = "e.f.g"') == {"a": {"b": 1}, "c": {"d": "e.f.g"}}


@pytest.mark.parametrize("before", ["", "a = 1\n", 'a = """\nmany\nlines\n"""\n'])
@pytest.mark.parametrize(
    "deep", [".".join("k" * 40) + " = 1", f"[{'.'.join('k' * 40)}]", " . ".join("'k'" for _ in range(40)) + "=1"]
)
def test_a_key_of_many_parts_is_refused_before_it_is_read(before: str, deep: str) -> None:
    with pytest.raises(KeyTooDeep) as caught:
        load_toml(before + deep)
    assert caught.value.line == before.count("\n") + 1


def test_what_is_no_toml_is_refused_as_the_reader_does() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        load_toml("a = ")
