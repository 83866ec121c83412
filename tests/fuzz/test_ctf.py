"""A damaged Common Transfer File is read or refused."""

from __future__ import annotations

import copy
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.rolls.formats.ctf import read_ctf
from everyfamily.core.rolls.formats.ctf_pupils import COLUMNS
from everyfamily.core.rolls.model.sheet import Sheet
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
TREE = (ROOT / "tests/data/ctf/3414999_CTF_341LLLL_001.xml").read_text(encoding="utf-8")
NAMES = (
    "Pupil",
    "Contact",
    "Address",
    "AddressAsPupil",
    "Phones",
    "Phone",
    "UPN",
    "Header",
    "CTfile",
    "URN",
    "Email",
)
TEXTS = st.sampled_from(
    ("", " ", "true", "M", "0", "-1", "٣", "999001", "LLLL", "\u202e", "x" * 11_000, "a\nb", "&<>")
)


@st.composite
def rearranged(draw: st.DrawFn) -> bytes:
    """A CTF that is still XML: elements dropped, doubled, renamed, moved into others, filled with something else."""
    root = ElementTree.fromstring(TREE)
    for _ in range(draw(st.integers(1, 6))):
        elements = list(root.iter())
        element = elements[draw(st.integers(0, len(elements) - 1))]
        what = draw(st.sampled_from(("drop", "double", "many", "rename", "move", "fill", "fill")))
        if what == "rename":
            element.tag = draw(st.sampled_from(NAMES))
        elif what == "fill" or not len(element):
            element.text = draw(TEXTS)
        elif what == "drop":
            element.remove(element[0])
        elif what == "move":
            element.append(copy.deepcopy(elements[draw(st.integers(1, len(elements) - 1))]))
        else:
            element.extend([copy.deepcopy(element[0]) for _ in range(30 if what == "many" else 1)])
        if len(list(root.iter())) > 5_000:
            break
    return ElementTree.tostring(
        root, encoding=draw(st.sampled_from(("utf-8", "utf-16", "iso-8859-1", "us-ascii")))
    )


FILES = st.one_of(rearranged(), rearranged(), mutated(SEEDS, WORDS))


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
