"""No spelling of a closing word gets through, and ordinary cells do not close."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.words.closing_words import (
    CELL_ENDS,
    closes,
    closing_words,
    may_close,
    those_that_may_close,
)

pytestmark = pytest.mark.slow

WORDS = closing_words()
NEVER = [word for word in WORDS["never"] if word != "not"]
PHRASES = st.one_of(
    st.sampled_from(WORDS["anywhere"]),
    st.builds("{} {}".format, st.sampled_from(NEVER), st.sampled_from(WORDS["act"])),
    st.builds("{} {} {}".format, st.sampled_from(NEVER), st.sampled_from(WORDS["between"]), st.just("contact")),
    st.builds("{} {}".format, st.just("not"), st.sampled_from(WORDS["act_after_not"])),
    st.builds("{} {}".format, st.sampled_from(WORDS["ask"]), st.sampled_from(WORDS["of_whom"])),
    st.sampled_from(["not to be contacted", "do not contact", "no contact", "court order", "must not collect"]),
)
SEPARATORS = st.sampled_from([" ", "  ", "-", "_", ".", "", "\u00a0", " - ", "/", "\u200b", "\n", "\u2013", ", "])
CASES = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])
ACCENTS = st.sampled_from(["", "", "\u0301", "\u0308", "\u0327"])
FULL_WIDTH = str.maketrans(
    {chr(code): chr(code + 0xFEE0) for code in range(ord("A"), ord("z") + 1) if chr(code).isalpha()}
)
BEFORE = st.sampled_from(["", "Dad: ", "07700 900123 ", "(", "*** ", "Works nights. ", "NB! "])
AFTER = st.sampled_from(["", "!", ")", " ***", " - ask Mrs Marsh", ". Works nights", " 12/03/2026"])


@st.composite
def spellings(draw: st.DrawFn) -> str:
    """A phrase as somebody may have typed it."""
    separator = draw(SEPARATORS)
    words = draw(PHRASES).replace("'", draw(st.sampled_from(["'", "\u2019", ""]))).split()
    apart = draw(st.booleans()) and separator not in ("", "\u200b")
    text = separator.join(separator.join(word) if apart else word for word in words)
    text = draw(CASES)(text)
    accent = draw(ACCENTS)
    text = "".join(letter + accent if letter in "aeocAEOC" else letter for letter in text)
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    return draw(BEFORE) + text + draw(AFTER)


@given(spellings())
@settings(max_examples=600)
def test_no_spelling_gets_through(text: str) -> None:
    assert may_close(text)
    assert closes(text)


@given(
    spellings(),
    st.sampled_from(["Contact Notes", "Contact Mobile", "Contact Primary Email", "Zeta", "Contact Surname"]),
)
@settings(max_examples=60)
def test_no_spelling_leaves_an_adult_open(text: str, heading: str) -> None:
    names = [
        "UPN",
        "Contact Priority",
        "Contact Surname",
        "Court Order",
        "Contact Mobile",
        "Contact Primary Email",
    ]
    cells = {"UPN": "X900000004001", "Contact Priority": "1", "Contact Surname": "Ferris", "Court Order": "F"}
    names += [name for name in ("Contact Notes", "Zeta") if name not in names]
    quoted = ['"{}"'.format((cells | {heading: text}).get(name, "")) for name in names]
    roll = read_roll("\n".join([",".join(names), ",".join(quoted), ""]).encode(), file="roll.csv", urn=900001)
    assert all(row.restriction != "none" for row in roll.rows if row.adult_name)


@given(st.text(max_size=40))
@settings(max_examples=500)
def test_the_quick_look_never_says_no_where_the_words_close(text: str) -> None:
    assert may_close(text) or not closes(text)


@given(
    st.sets(st.one_of(st.text(max_size=20), spellings(), st.sampled_from(["con", f"do{CELL_ENDS}not", "tact"])))
)
@settings(max_examples=200)
def test_many_texts_at_once_are_told_apart_like_each_by_itself(texts: set[str]) -> None:
    assert those_that_may_close(texts) == {text for text in texts if may_close(text)}


FORENAMES = [
    "Ana",
    "Bruno",
    "Otto",
    "Noor",
    "Scott",
    "Norah",
    "Sian",
    "Courtney",
    "Se\u00e1n",
    "Restie",
    "Harriet",
]
SURNAMES = [
    "Knott",
    "Court",
    "Harcourt",
    "Order",
    "Banner",
    "Barr",
    "Head",
    "Page",
    "O'Hara-N\u00fa\u00f1ez",
    "Contact",
    "Hunter",
]
STREETS = [
    "Lantern Row",
    "Court Road",
    "Nottingham Way",
    "Border Street",
    "Access Road",
    "Bailey Close",
    "Orderly Lane",
]
NOTES = [
    *("works nights", "emergency contact", "first contact", "preferred contact: email", "contact by text"),
    *("no email", "no contact number", "no court order", "call after 3pm", "do not ring before 9", "ask for Mum"),
    *(
        "can collect",
        "lives with child",
        "step-dad",
        "access ramp needed",
        "N/A",
        "none",
        "see office",
        "ordered lunch",
    ),
]


@given(
    st.sampled_from(FORENAMES),
    st.sampled_from(SURNAMES),
    st.integers(1, 200),
    st.sampled_from(STREETS),
    st.sampled_from(NOTES),
)
@settings(max_examples=600)
def test_ordinary_cells_do_not_close(forename: str, surname: str, number: int, street: str, note: str) -> None:
    cells = [
        f"{forename} {surname}",
        f"{surname}, {forename}",
        f"{number} {street}, Eastmere, EM4 7QX",
        f"{forename}.{surname}@example.com".lower(),
        f"07700 900{number + 100}",
        f"07700 900{number + 100} ({forename})",
        f"{note}. {forename}",
        note,
    ]
    assert [cell for cell in cells if closes(cell)] == []
