"""Filling and parsing hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import parse_toml
from everyfamily.core.packs.packs import parse_pack
from everyfamily.core.partnership.partnership_file import PartnershipFile
from everyfamily.core.text.placeholders import fill
from everyfamily.documents.compared.tagged_pdf import text_in_structure_order
from tests.factories.demonstration import pack_files

PIECES = st.lists(st.sampled_from(["((", "))", "(", ")", "a", "b", "??", " ", "yes", "x-y"]), max_size=14).map(
    "".join
)
NAMES = st.sampled_from(["a", "b", "yes", "x y", "a b"])
FILES = sorted(pack_files())


@given(PIECES, st.dictionaries(NAMES, st.one_of(PIECES, st.booleans())))
@settings(max_examples=400)
def test_filling_twice_changes_nothing(text: str, values: dict[str, str | bool]) -> None:
    try:
        once = fill(text, values)
        assert fill(once, values) == once
    except EveryfamilyError:
        pass


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=150, deadline=None)
@pytest.mark.slow
def test_a_mangled_pack_is_read_or_refused(name: str, data: st.DataObject) -> None:
    raw = pack_files()[name]
    at = data.draw(st.integers(0, len(raw)))
    length = data.draw(st.integers(0, 40))
    inserted = data.draw(
        st.one_of(st.binary(max_size=8), st.sampled_from([b"{", b"}", b"((", b"))", b"|", b"#", b"\n## "]))
    )
    try:
        parse_pack({**pack_files(), name: raw[:at] + inserted + raw[at + length :]}, "pack")
    except EveryfamilyError as error:
        assert error.place is not None
        assert error.fact.endswith(".")


@given(st.text(max_size=200))
@settings(max_examples=100)
def test_any_text_is_a_partnership_or_refused(text: str) -> None:
    try:
        parse_toml(PartnershipFile, text, "partnership.toml")
    except EveryfamilyError as error:
        assert error.place is not None


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=100).map(lambda raw: b"%PDF-1.7\n" + raw)))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_pdf_or_refused(raw: bytes) -> None:
    try:
        text_in_structure_order(raw)
    except EveryfamilyError as error:
        assert error.fix
