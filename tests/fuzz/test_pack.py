"""A content pack, written by people, is read or refused with file and line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.packs.packs import parse_pack
from tests.factories.demonstration import pack_files
from tests.fuzz.mutate import CORPUS, LONG, SHORT, mutated, outcome

PACK = pack_files()
SEEDS = {path.name: path.read_bytes() for path in sorted((CORPUS / "pack").iterdir())}
WORDS = {
    ".toml": (
        b"[sources.x]",
        b"languages",
        b'"en"',
        b'"xx"',
        b"gaps",
        b"[routes]",
        b"[" * 3_000,
        b"{a=" * 2_000,
        b"'''",
    ),
    ".md": (
        b"# ",
        b"## ",
        b"- ",
        b" | ",
        b"{#now}",
        b"{promise=x source=S1}",
        b"((",
        b"))",
        b"((gap))",
        b"{",
        b"}",
        b"\n\n",
    ),
    ".txt": (b"Subject:", b"Preheader:", b"Two fragments:", b"One fragment:", b"((route emergency))", b":"),
}
FILES = st.one_of(
    [
        st.tuples(st.just(name), mutated([data], WORDS[name[name.rindex(".") :]]))
        for name, data in sorted(PACK.items())
        if name.endswith(tuple(WORDS))
    ]
)


def check(name: str, data: bytes) -> None:
    outcome(lambda: parse_pack({**PACK, name: data}, "pack"))


@pytest.mark.parametrize("name", SEEDS)
def test_each_file_of_the_corpus_is_read_or_refused(name: str) -> None:
    check(name.partition("-")[2], SEEDS[name])


@given(FILES)
@SHORT
@pytest.mark.slow
def test_a_damaged_pack_is_read_or_refused(file: tuple[str, bytes]) -> None:
    check(*file)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_packs_are_read_or_refused(file: tuple[str, bytes]) -> None:
    check(*file)
