"""A school's mapping of headings, written by a person as JSON, is read or refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.rolls.layout.mapping import ColumnMapping
from tests.fuzz.mutate import LONG, SHORT, corpus, outcome

SEEDS = [json.loads(data) for data in corpus("mapping")]
WORDS = st.sampled_from(["UPN", "PUPIL_ID", "ADULT_NAME", "SCHOOL_URN", "-", "", "x" * 9_000, "\ud800", "\n"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS)
ENTRIES = st.one_of(
    st.tuples(WORDS, st.integers(-1, 3), WORDS).map(list),
    st.lists(SCALARS, max_size=4),
    st.dictionaries(WORDS, SCALARS, max_size=3),
    SCALARS,
)
MAPPINGS = st.one_of(st.lists(ENTRIES, max_size=5), ENTRIES, st.just([["UPN", 1, "PUPIL_ID"]] * 2_000))


def check(value: object) -> None:
    found = outcome(lambda: ColumnMapping.from_json(value))
    if isinstance(found, ColumnMapping):
        assert ColumnMapping.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("value", SEEDS)
def test_each_file_of_the_corpus_is_read_or_refused(value: object) -> None:
    check(value)


@given(MAPPINGS)
@SHORT
def test_any_json_is_a_mapping_or_refused(value: object) -> None:
    check(value)


@pytest.mark.nightly
@given(MAPPINGS)
@LONG
def test_thousands_of_mappings_are_read_or_refused(value: object) -> None:
    check(value)
