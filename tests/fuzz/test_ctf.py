"""A damaged Common Transfer File is read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given

from everyfamily.core.rolls.ctf import read_ctf
from everyfamily.core.rolls.ctf_pupils import COLUMNS
from everyfamily.core.rolls.sheet import Sheet
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome
from tests.repo.files import ROOT

SEEDS = corpus("ctf", *sorted((ROOT / "tests/data/ctf").iterdir()))
WORDS = (
    *(
        b"CTfile",
        b"Header",
        b"Pupil",
        b"Contacts",
        b"Contact",
        b"Address",
        b"AddressAsPupil",
        b"Phone",
        b"UPN",
        b"URN",
    ),
    *(
        b"<Pupil>",
        b"</Pupil>",
        b"<Contact>",
        b"</Contact>",
        b"UTF-8",
        b"utf-7",
        b"ISO-8859-1",
        b"true",
        b"M",
        b"999001",
    ),
    *(b"</CTfile>", b"<UPN/>", b'encoding="cp037"', b' x="' + b"y" * 3_000 + b'"', b'xmlns="urn:x"'),
)
FILES = mutated(SEEDS, WORDS)


def check(data: bytes) -> None:
    found = outcome(lambda: read_ctf(data, file="roll.xml", urn=999001))
    if isinstance(found, Sheet):
        assert found.columns == set(COLUMNS)
        assert all(set(line.cells) == set(COLUMNS) and line.row > 0 for line in found.lines)


@pytest.mark.parametrize("data", SEEDS)
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@given(FILES)
@SHORT
def test_a_damaged_file_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_files_are_read_or_refused(data: bytes) -> None:
    check(data)
