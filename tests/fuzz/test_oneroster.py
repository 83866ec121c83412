"""A damaged OneRoster package is read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given

from everyfamily.core.rolls.formats.oneroster import COLUMNS, read_oneroster
from everyfamily.core.rolls.model.sheet import Sheet
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated_zip, outcome
from tests.repo.files import ROOT

SEEDS = corpus("oneroster", ROOT / "tests/data/oneroster/oneroster_v1p1.zip")
WORDS = (
    *(b"student", b"parent", b"guardian", b"teacher", b"tobedeleted", b"bulk", b"delta", b"absent", b"school"),
    *(
        b"sourcedId",
        b"agentSourcedIds",
        b"orgSourcedIds",
        b"identifier",
        b"role",
        b"par-1,par-2",
        b"stu-1",
        b"par-1",
    ),
    *(b"999001", b"900002", b"c1", b"a1", b"1.1", b"1.2"),
)
FILES = mutated_zip(SEEDS, WORDS)


def check(data: bytes) -> None:
    found = outcome(lambda: read_oneroster(data, file="list.zip", urn=999001))
    if isinstance(found, Sheet):
        assert all(set(line.cells) == set(COLUMNS) and line.row > 1 for line in found.lines)
        assert [line.row for line in found.lines] == sorted(line.row for line in found.lines)


@pytest.mark.parametrize("data", SEEDS)
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@given(FILES)
@SHORT
def test_a_damaged_package_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_packages_are_read_or_refused(data: bytes) -> None:
    check(data)
