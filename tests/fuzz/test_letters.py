"""A letter's folder and its seal come from another body: whatever is in them is read or refused."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.files.zips import zipped
from everyfamily.letters.files.folder import read_approvals, read_artefacts, read_record
from everyfamily.letters.files.letter_zip import LetterFiles, letter_in_zip, zip_of
from everyfamily.letters.files.verification import verify_file, verify_seal
from tests.factories.records import sealed, small_record
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

SEAL: dict[str, Any] = json.loads(sealed().to_json())
REFERENCE = str(SEAL["record"]["reference"])
SEEDS = [json.dumps(SEAL).encode(), *corpus("letters")]
WORDS = (
    b'"record"',
    b'"digest"',
    b'"approvals"',
    b'"letter"',
    b'"artefacts"',
    b'"format"',
    b'"texts"',
    b"[" * 5_000,
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 10**400, 1.5, "", "x", "../..", "en", "2027-13-45", "\ud800", "a" * 9_000)),
    st.sampled_from(([], {}, [None], {"": None}, [[]], {"a": {}})).map(copy.deepcopy),
)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Each container of a JSON value with each of its keys."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


@st.composite
def rearranged(draw: st.DrawFn) -> bytes:
    """A seal that is still JSON: values of another kind, dropped, or moved."""
    seal = copy.deepcopy(SEAL)
    for _ in range(draw(st.integers(1, 4))):
        there = list(places(seal))
        if not there:
            break
        held, key = there[draw(st.integers(0, len(there) - 1))]
        if draw(st.booleans()):
            held[key] = draw(VALUES)
        elif isinstance(held, dict):
            held[draw(st.sampled_from(("x", "record", "letter", "id")))] = held.pop(key)
    return json.dumps(seal).encode()


FILES = st.one_of(rearranged(), rearranged(), mutated(SEEDS, WORDS))


def check(data: bytes) -> None:
    with TemporaryDirectory() as named:
        folder = Path(named)
        (folder / f"{REFERENCE}.json").write_bytes(data)
        (folder / "letter.txt").write_text("A letter.", encoding="utf-8")
        outcome(lambda: verify_seal(REFERENCE, folder, sealing_key=None, signatories={"council": ()}))
        outcome(lambda: verify_file(folder / "letter.txt", folder, sealing_key=None))
        (folder / f"{REFERENCE}.json").unlink()
        (folder / "approvals").mkdir()
        (folder / "files").mkdir()
        (folder / "record.json").write_bytes(_part(data, "record"))
        (folder / "approvals" / "council.json").write_bytes(_part(data, "approvals"))
        outcome(lambda: taken(folder))
        files = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*.json")}
        outcome(lambda: letter_in_zip(zipped(files | {"seal.json": data}), "letter.zip"))


def taken(folder: Path) -> None:
    """What a signatory's program reads of a letter's folder."""
    read_approvals(folder)
    read_artefacts(folder, read_record(folder))


def _part(data: bytes, name: str) -> bytes:
    try:
        part = json.loads(data)[name]
        return json.dumps(part[0] if name == "approvals" else part).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return data


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@given(FILES)
@SHORT
def test_a_damaged_seal_or_record_is_read_or_refused(data: bytes) -> None:
    check(data)


ZIP = zip_of(LetterFiles(small_record(), {"en/letter.pdf": b"%PDF-1.7", "en/email.txt": b"x"}, (), sealed()))


@given(mutated([ZIP], (b"record.json", b"files/", b"../", b"PK\x01\x02")))
@SHORT
def test_a_damaged_zip_of_a_letter_is_read_or_refused(data: bytes) -> None:
    outcome(lambda: letter_in_zip(data, "letter.zip"))


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_seals_and_records_are_read_or_refused(data: bytes) -> None:
    check(data)
