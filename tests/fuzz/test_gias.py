"""A damaged national list of schools, CSV or zip, with its links or without, is read or refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.schools.gias import is_national_list, read_gias
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, mutated_zip, outcome
from tests.repo.files import ROOT

SAMPLES = ROOT / "tests/data/gias"
LISTS = corpus("gias", *sorted(SAMPLES.glob("edubaseall*.csv")))
LINKS = [path.read_bytes() for path in sorted(SAMPLES.glob("links_*.csv"))]
WORDS = (
    *(b"URN", b"LA (code)", b"EstablishmentName", b"EstablishmentStatus (code)", b"TypeOfEstablishment (code)"),
    *(b"OpenDate", b"CloseDate", b"NumberOfPupils", b"LinkURN", b"LinkType", b"Successor", b"Predecessor"),
    *(
        b"31-02-2026",
        b"00-00-0000",
        b"01/09/2026",
        b"1,233",
        b"341",
        b"999999",
        b"02",
        "²".encode(),
        "٣".encode(),
    ),
)


def zipped(data: bytes, links: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("edubasealldata20260901.csv", data)
        archive.writestr("links_edubasealldata20260901.csv", links)
    return out.getvalue()


FILES = st.one_of(
    st.tuples(mutated(LISTS, WORDS), st.none()),
    st.tuples(st.sampled_from(LISTS), mutated(LINKS, WORDS)),
    st.tuples(mutated_zip([zipped(LISTS[-1], LINKS[0])], WORDS), st.none()),
)


def check(data: bytes, links: bytes | None) -> None:
    beside = None if links is None else (links, "links.csv")
    outcome(lambda: read_gias(data, file="list.csv", areas=[341], links=beside))
    outcome(lambda: is_national_list(data, "list.csv"))


@pytest.mark.parametrize("data", LISTS, ids=range(len(LISTS)))
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data, LINKS[0])


@given(FILES)
@SHORT
def test_a_damaged_list_is_read_or_refused(files: tuple[bytes, bytes | None]) -> None:
    check(*files)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_lists_are_read_or_refused(files: tuple[bytes, bytes | None]) -> None:
    check(*files)
