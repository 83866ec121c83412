"""A partnership's file, written by people, is read or refused with its line."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.partnership.partnership import load_partnership
from tests.factories.demonstration import PARTNERSHIP
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

SEEDS = corpus("partnership", PARTNERSHIP)
DRAWINGS = sorted(PARTNERSHIP.parent.glob("*.svg"))
WORDS = (
    *(
        b"[[routes]]",
        b"[[bodies]]",
        b"[[signatories]]",
        b"[[terms]]",
        b"[[promises]]",
        b"[replies]",
        b"name",
        b"id",
        b"=",
    ),
    *(
        b"2026-02-30",
        b"1979-05-27T07:32:00Z",
        b"inf",
        b"0x1F",
        b"'''",
        b'"""',
        b"a.b.c",
        b"[" * 3_000,
        b"{a=" * 2_000,
    ),
    *(
        b"9" * 5_000,
        b"true",
        b"council",
        b"police",
        b'"\\u0000"',
        b'"\\ud800"',
        b"logo",
        b"../../etc/passwd",
        b"checked_on",
    ),
)
SVG_WORDS = (
    b"<svg",
    b"<script>",
    b"href=",
    b"<image",
    b"<!ENTITY a 'b'>",
    b"<!DOCTYPE svg [",
    b"&a;",
    b"xmlns",
    b"<g>",
)
FILES = st.one_of(
    st.tuples(mutated(SEEDS, WORDS), st.none()),
    st.tuples(st.none(), mutated([path.read_bytes() for path in DRAWINGS], SVG_WORDS)),
)


def check(toml: bytes | None, drawing: bytes | None) -> None:
    with TemporaryDirectory() as named:
        folder = Path(named)
        for path in (PARTNERSHIP, *DRAWINGS):
            shutil.copy(path, folder)
        if toml is not None:
            (folder / PARTNERSHIP.name).write_bytes(toml)
        if drawing is not None:
            (folder / DRAWINGS[0].name).write_bytes(drawing)
        outcome(lambda: load_partnership(folder / PARTNERSHIP.name))


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data, None)


@given(FILES)
@SHORT
def test_a_damaged_partnership_is_read_or_refused(files: tuple[bytes | None, bytes | None]) -> None:
    check(*files)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_partnerships_are_read_or_refused(files: tuple[bytes | None, bytes | None]) -> None:
    check(*files)
