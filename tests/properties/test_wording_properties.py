"""Filling gaps changes no sealed word, and no other change stays unfound."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from everyfamily.core.letter.compare_words import GAP_LIMITS, difference

WORDS = ["a", "b", "Ring", "999", "child’s", "–", "you."]
VALUES = ["X", "Y1", "(Z)", "Q."]
"""Words of gaps: none of them is a sealed word, so that a change can always be told from a value."""
GAPS = list(GAP_LIMITS)
PIECES = st.lists(st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=14)
LETTERS = PIECES.filter(lambda pieces: any(piece not in GAPS for piece in pieces))
"""A letter says something outside its gaps."""


def fill(data: st.DataObject, pieces: list[str]) -> list[str]:
    found: list[str] = []
    for piece in pieces:
        if piece in GAPS:
            most = GAP_LIMITS[piece]
            found += data.draw(st.lists(st.sampled_from(VALUES), max_size=min(most, 6)))
        else:
            found.append(piece)
    return found


@given(LETTERS, st.integers(1, 3), st.data())
@settings(max_examples=40)
def test_a_copy_with_filled_gaps_passes(pieces: list[str], copies: int, data: st.DataObject) -> None:
    found = [word for _ in range(copies) for word in fill(data, pieces)]
    assert difference(" ".join(pieces), found, copies=copies) is None


@given(PIECES, st.sampled_from([*WORDS, "else", "998"]), st.data())
@settings(max_examples=40)
def test_any_word_changed_added_or_left_out_is_found(pieces: list[str], other: str, data: st.DataObject) -> None:
    kept = [at for at, piece in enumerate(pieces) if piece not in GAPS]
    assume(kept)
    at = data.draw(st.sampled_from(kept))
    how = data.draw(st.sampled_from(["changed", "left out", "added"]))
    if how == "changed":
        changed = [*pieces[:at], other, *pieces[at + 1 :]]
    elif how == "left out":
        changed = pieces[:at] + pieces[at + 1 :]
    else:
        # Before a word that touches no gap: next to a gap, one more word is the gap's.
        assume(at > 0 and pieces[at - 1] not in GAPS)
        changed = [*pieces[:at], other, *pieces[at:]]
    sealed_words = [piece for piece in pieces if piece not in GAPS]
    assume([piece for piece in changed if piece not in GAPS] != sealed_words)
    found = fill(data, changed)
    # A gap may swallow sealed words as well as values, so only a copy that could not be one is a forgery.
    assume(not could_be_a_copy(pieces, found))
    first = difference(" ".join(pieces), found)
    assert first is not None
    assert 1 <= first.word <= len(sealed_words) + 1


def could_be_a_copy(pieces: list[str], found: list[str]) -> bool:
    """The rule itself, by trying every way to share the words among the gaps."""
    here = {0}
    for piece in pieces:
        if piece in GAPS:
            here = {at + more for at in here for more in range(GAP_LIMITS[piece] + 1) if at + more <= len(found)}
        else:
            here = {at + 1 for at in here if at < len(found) and found[at] == piece}
    return len(found) in here


@given(PIECES, st.lists(st.sampled_from([*WORDS, *VALUES]), max_size=30))
@settings(max_examples=120)
def test_what_passes_could_be_a_copy(pieces: list[str], found: list[str]) -> None:
    if difference(" ".join(pieces), found) is None:
        assert could_be_a_copy(pieces, found)


@given(st.sampled_from(GAPS), st.integers(0, 60), st.booleans())
@settings(max_examples=60)
def test_a_gap_holds_up_to_its_limit(gap: str, words: int, last: bool) -> None:
    sealed = f"a b {gap}" if last else f"a {gap} b"
    found = ["a", "b", *["X"] * words] if last else ["a", *["X"] * words, "b"]
    assert (difference(sealed, found) is None) == (words <= GAP_LIMITS[gap])
