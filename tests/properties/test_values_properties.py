"""Words in cells never free anybody whom the file does not free, and never give one person's phone to another."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.rolls.values.restriction import Restrictions
from everyfamily.core.rolls.values.several_values import numbers_in, own_words
from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.closing_words import closing_words
from tests.properties.test_any_layout_properties import CLOSING

WORDS = closing_words()
RELATED = ("Mum", "Father", "step dad", "Nan", "Foster carer", "Special Guardian")
STRANGE = ("Karl", "file", "beware", "until", "hearing", "Zeta", "hmm", "secretly", "instead", "unless")
BESIDE = st.sampled_from([" ({})", " - {}", ", {}", " / {}", " {}", ": {}"])
ANSWERS = st.one_of(
    st.sampled_from(["No", "none", "Nope", "n", "Yes", "not sure", "please ring me first", "n/a", "nothing"]),
    st.sampled_from([*CLOSING, *WORDS["anywhere"], *STRANGE]),
    st.text("no yesthankdrcu'-,.", max_size=12),
)
_SAYS_NO = re.compile(
    r"\W*(?:no|n|nope|none|nil|nothing|not restricted|unrestricted|f|false|0)\b.*", re.DOTALL | re.IGNORECASE
)


def of_orders(text: str) -> str:
    return Restrictions(frozenset({"COURT_ORDER"}), lambda *_: None).of({"COURT_ORDER": text.strip()})[0]


@given(st.lists(ANSWERS, min_size=1, max_size=3), st.sampled_from([" ", " - ", ", ", ". ", " ("]))
@settings(max_examples=400, deadline=None)
def test_only_a_plain_no_says_that_there_is_no_order(parts: list[str], between: str) -> None:
    text = between.join(parts)
    if of_orders(text) == "none":
        assert _SAYS_NO.fullmatch(text)
        assert not set(parts) & {*CLOSING, *STRANGE, "Yes"}


@given(st.sampled_from(RELATED), BESIDE, st.sampled_from(STRANGE))
@settings(max_examples=100, deadline=None)
def test_a_word_beside_a_relationship_that_is_not_known_is_told(related: str, beside: str, strange: str) -> None:
    text = related + beside.format(strange)
    said = words.relationship_in(text, ())
    assert said is None or not said.understood
    assert words.relationships()[text] is None


@given(st.sampled_from(RELATED), BESIDE, st.sampled_from(WORDS["anywhere"]))
@settings(max_examples=200, deadline=None)
def test_words_that_close_are_never_understood_as_part_of_a_relationship(
    related: str, beside: str, closing: str
) -> None:
    assert words.relationships()[related + beside.format(closing)] is None


@given(
    BESIDE,
    st.sampled_from(["Karl", "Dad", "dad's", "Nan", "his", "Mr Venn", "Stepdad", "old", "not Ruth"]),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_a_number_that_is_called_anothers_is_never_used(beside: str, whose: str, before: bool) -> None:
    text = f"{whose} 07700 900123" if before else "07700 900123" + beside.format(whose)
    assert numbers_in(text, own_words("Mrs Ruth Sample", "mother")).values == []


@given(st.text("yesnojit (-)&wthmumdad", max_size=24))
@settings(max_examples=300, deadline=None)
def test_a_yes_needs_a_yes(text: str) -> None:
    if words.yes_no_unknown()[text] == "yes":
        assert re.match(r"\W*(?:y|yes|yeah|yep|t|true|1)\b", text.casefold())
