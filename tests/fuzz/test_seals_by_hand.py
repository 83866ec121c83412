"""Seals and records with good signatures over anything: compared, or refused, by everybody who takes them in.

If somebody else's seal is changed, its signature shows it (test_letters.py); here the person who changed it has signed
it again. Seeds are changes to the demo's record: a list of places and the values there.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.letters.files.proof import check_record, prove_record
from everyfamily.letters.files.verification import Verdict, verify_file, verify_seal
from tests.factories.city import REFERENCE
from tests.factories.seals_by_hand import demo_record, seal_by_hand
from tests.fuzz.mutate import LONG, SECONDS, SHORT, corpus, outcome

Change = tuple[list[Any], Any]

SEEDS: list[list[Change]] = [json.loads(data) for data in corpus("seals_by_hand")]
TODAY = date(2027, 3, 3)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 10**400, 1.5, "", "x", "en", "und", "{school}", "((", "2027-13-45", "a" * 9_000)),
    st.sampled_from(("\x00", "\x1b[2J", "\u202e", "<svg", "<svg/>", "=cmd", "#panic()", "https://", "0" * 40)),
    st.sampled_from(([], {}, [None], {"": None}, [[]], {"a": {}})).map(copy.deepcopy),
)


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[list[Any]]:
    """Where every value of a JSON value is."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield [*path, key]
            yield from places(value[key], (*path, key))


def changes_of_the_record() -> st.SearchStrategy[list[Change]]:
    """One to three, most of them in the letter."""
    every = sorted(places(demo_record()), key=str)
    in_the_letter = [path for path in every if path[0] == "letter"]
    place = st.sampled_from(in_the_letter) | st.sampled_from(every)
    return st.lists(st.tuples(place, VALUES), min_size=1, max_size=3)


# Deferred: the letter is rendered for it, and that need not be while tests are collected.
CHANGES = st.deferred(changes_of_the_record)


def changed(changes: list[Change]) -> dict[str, Any]:
    record = demo_record()
    for path, value in changes:
        held: Any = record
        for key in path[:-1]:
            held = held[key] if _has(held, key) else None
        if _has(held, path[-1]) or isinstance(held, dict):
            held[path[-1]] = copy.deepcopy(value)
    return record


def _has(held: object, key: object) -> bool:
    if isinstance(held, list):
        return isinstance(key, int) and key < len(held)
    return isinstance(held, dict) and key in held


def check(changes: list[Change]) -> None:
    # What is raised within the renderers becomes a refusal or a verdict, the alarm too: the time is looked at.
    began = time.process_time()
    take_in(changed(changes))
    assert time.process_time() - began < SECONDS


def take_in(record: dict[str, Any]) -> None:
    outcome(lambda: prove_record(record, {}, today=TODAY))
    outcome(lambda: check_record(record, today=TODAY))
    try:
        published = seal_by_hand(record).to_json()
    except (ValueError, TypeError, KeyError, AttributeError):
        return  # nobody can sign that
    with TemporaryDirectory() as named:
        seals = Path(named)
        (seals / f"{REFERENCE}.json").write_text(published, encoding="utf-8", errors="surrogatepass")
        (seals / "letter.txt").write_text(f"A letter, our reference {REFERENCE}.", encoding="utf-8")
        outcome(lambda: verify_seal(REFERENCE, seals, sealing_key=None, signatories={"police": ()}))
        found = outcome(lambda: verify_file(seals / "letter.txt", seals, sealing_key=None))
    if isinstance(found, Verdict):
        json.dumps(found.as_row())


@pytest.mark.slow
@pytest.mark.parametrize("changes", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_is_compared_or_refused(changes: list[Change]) -> None:
    check(changes)


@pytest.mark.slow
@given(CHANGES)
@settings(SHORT, max_examples=75)
def test_a_record_of_another_hand_is_compared_or_refused(changes: list[Change]) -> None:
    check(changes)


@pytest.mark.nightly
@given(CHANGES)
@LONG
def test_thousands_of_records_of_another_hand_are_compared_or_refused(changes: list[Change]) -> None:
    check(changes)
