"""A content pack, written by people, is read or refused with file and line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.files.text_files import decode
from everyfamily.core.packs.overrides import begun_overrides, parse_overrides
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.packs.pack_zip import pack_in_zip, zip_of_pack
from everyfamily.core.packs.packs import parse_pack
from tests.factories.demonstration import demo_pack, pack_files
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


ZIP = zip_of_pack(PACK, "pack")
OWN = begun_overrides(demo_pack(), ["now/1", "subject", "site/now"]).encode()


def check_zip(data: bytes) -> None:
    outcome(lambda: pack_in_zip(data, "pack.zip"))


def check_overrides(data: bytes) -> None:
    outcome(lambda: with_overrides(demo_pack(), *parse_overrides(decode(data, "own.toml"), "own.toml")))


@pytest.mark.nightly
@given(mutated([ZIP], (b"PK\x01\x02", b"../", b"pack/pack.toml", b"\x00" * 30)))
@LONG
def test_thousands_of_damaged_zips_are_read_or_refused(data: bytes) -> None:
    check_zip(data)


@pytest.mark.nightly
@given(mutated([OWN], (b"[[additions]]", b"after", b"was", b"((", b"|", b"[sources.x]", b'language = "pl"')))
@LONG
def test_thousands_of_damaged_overrides_are_read_or_refused(data: bytes) -> None:
    check_overrides(data)
