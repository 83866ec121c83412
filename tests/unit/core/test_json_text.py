"""A JSON text of somebody else's has one meaning, or it is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.files.json_text import KeyStandsTwice, read_json

SRC = Path(__file__).parents[3] / "src"
OUR_OWN = {
    # The reader itself.
    "everyfamily/core/files/json_text.py",
    # What this program wrote for itself, where nobody else writes: passwords, files kept for a restart, rows of the
    # database, and the answer of its own child process.
    "everyfamily_postgres/roles.py",
    "everyfamily_postgres/throwaway.py",
    "everyfamily/mailings/installation/sent_marker.py",
    "everyfamily_demo/recording.py",
    "everyfamily_demo/sign_ins.py",
    "everyfamily/channels/kept_files.py",
    "everyfamily/mailings/queries/returns.py",
    "everyfamily/people/actions/keeping/exports.py",
    "everyfamily/accounts/actions/tries.py",
    "everyfamily/documents/guarded_reading.py",
    "everyfamily/documents/document_wire.py",
    # A record that was made a moment ago, in the shape that its table gives back.
    "everyfamily/letters/actions/freezing.py",
}


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a": 1, "a": 2}',
        '[{"b": {"a": 1, "\\u0061": 2}}]',
        '{"record": {"letter": {"to": "x", "to": "y"}}}',
    ],
)
def test_a_key_that_stands_twice_is_refused_at_any_depth(text: str) -> None:
    with pytest.raises(KeyStandsTwice):
        read_json(text)
    with pytest.raises(KeyStandsTwice):
        read_json(text.encode())


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', "[-Infinity]", "", "{", "{'a': 1}"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(json_values)
def test_every_other_text_is_read_as_it_was_meant(value: object) -> None:
    assert read_json(json.dumps(value)) == value


def test_no_module_reads_anothers_json_in_another_way() -> None:
    found = {
        str(file.relative_to(SRC))
        for file in SRC.rglob("*.py")
        if re.search(r"\bjson\.loads?\(|JSONDecoder", file.read_text(encoding="utf-8"))
    }
    assert found == OUR_OWN
