"""A damaged list of schools of the partnership's own is read or refused, and what it changes can be stored."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from everyfamily.core.schools.school_file import SchoolSheet
from everyfamily.core.schools.school_list import SchoolList, is_own_list, own_difference, read_school_list
from everyfamily.core.schools.school_record import SchoolRecord, after
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

SEEDS = corpus("school_list")
TODAY = date(2027, 3, 2)
KNOWN = [SchoolRecord(900_001, "Quayfield", "state primary", "Primary", type_code=1, phone="0151 496 0100")]
WORDS = (
    *(b"URN", b"NAME", b"KIND", b"PHASE", b"ROLL", b"SENDS", b"LEAD_ROLE", b"MAILBOX", b"PHONE", b"KEEP_DAYS"),
    *(
        b"PHONE_CHECKED_ON",
        b"PHONE_CHECKED_BY",
        b"CHANNELS",
        b"900001",
        b"home educated",
        b"paper",
        b"us",
        b"school",
    ),
    *(
        b"2027-02-30",
        b"0000-01-01",
        b"9999-12-31",
        b"1,233",
        b"1e9",
        "²".encode(),
        "٣".encode(),
        b"a@example.org",
    ),
)
FILES = mutated(SEEDS, WORDS)


def check(data: bytes) -> None:
    outcome(lambda: is_own_list(SchoolSheet(data, "own.csv").header))
    found = outcome(lambda: read_school_list(data, file="own.csv", today=TODAY))
    if isinstance(found, SchoolList):
        changes = outcome(lambda: own_difference(KNOWN, found))
        assert not isinstance(changes, Exception)
        for school in after(KNOWN, changes):
            fits_its_columns(school)


def fits_its_columns(school: SchoolRecord) -> None:
    """What PostgreSQL would refuse: too long, too large, a NUL."""
    words = {"name": 200, "kind": 40, "phase": 40, "lead_role": 120, "mailbox": 200, "phone": 20}
    for column, longest in words.items():
        assert len(getattr(school, column)) <= longest
        assert "\x00" not in getattr(school, column)
    assert 0 < school.urn < 2**31
    assert school.roll_expected is None or 0 <= school.roll_expected < 2**31
    assert 0 <= school.keep_days < 2**15
    assert (school.phone_checked_at is None) == (school.phone_checked_by is None)
    assert len(school.phone_checked_by or "") <= 80


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.slow
@given(FILES)
@SHORT
def test_a_damaged_list_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_lists_are_read_or_refused(data: bytes) -> None:
    check(data)
