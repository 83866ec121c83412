"""A section that is edited as one text: nothing moves that nobody touched."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from everyfamily.core.errors import SourceLocation
from everyfamily.core.letter.passage_differences import passage_differences
from everyfamily.core.letter.section_words import blocks_of, is_own, section_text, section_words
from everyfamily.core.text.passages import Passage

PLACE = SourceLocation("letter.en.md")
WORDS = st.lists(
    st.sampled_from(["call", "us", "now", "a", "child", "is", "safe", "((school))", "-"]), min_size=1, max_size=8
)
LINES = WORDS.map(" ".join).filter(lambda line: not line.startswith("-"))


@st.composite
def sections(draw: st.DrawFn) -> list[Passage]:
    """A list and then paragraphs, some of them the partnership's own."""
    kinds = ["item"] * draw(st.integers(0, 4)) + ["paragraph"] * draw(st.integers(1, 5))
    lines = draw(st.lists(LINES, min_size=len(kinds), max_size=len(kinds), unique=True))
    own = draw(st.lists(st.booleans(), min_size=len(kinds), max_size=len(kinds)))
    made, number = [], 0
    for kind, line, mine in zip(kinds, lines, own, strict=True):
        number += not (mine and number)
        name = f"now/{number}+{len(made)}" if mine and number and made else f"now/{number}"
        aside = "growing up" if kind == "item" else None
        made.append(Passage(name, kind, line, PLACE, aside))  # type: ignore[arg-type]
    return made


@given(sections())
@settings(max_examples=60)
def test_a_text_that_nobody_changed_changes_nothing(passages: list[Passage]) -> None:
    edited = section_words(section_text(passages), passages, "now")
    assert not edited.gone
    assert not edited.changed_from(passages)
    assert [one.like for one in edited.added] == [one.id for one in passages if is_own(one.id)]


@given(sections(), LINES, st.data())
@settings(max_examples=120)
def test_what_changes_in_one_passage_never_moves_another(
    passages: list[Passage], line: str, data: st.DataObject
) -> None:
    assume(line not in {one.text for one in passages})
    at = data.draw(st.integers(0, len(passages) - 1))
    changed = [*passages]
    changed[at] = Passage(passages[at].id, passages[at].kind, line, PLACE, passages[at].aside)
    edited = section_words(section_text(changed), passages, "now")
    assert not edited.gone
    moved = edited.changed_from(passages)
    assert set(moved) <= {passages[at].id}
    assert is_own(passages[at].id) or moved


@given(sections(), LINES, st.data())
@settings(max_examples=60)
def test_a_new_paragraph_is_an_addition_and_changes_nothing_else(
    passages: list[Passage], line: str, data: st.DataObject
) -> None:
    assume(line not in {one.text for one in passages})
    at = data.draw(st.integers(0, len(passages)))
    with_new = [*passages[:at], Passage("x", "paragraph", line, PLACE), *passages[at:]]
    edited = section_words(section_text(with_new), passages, "now")
    assert not edited.gone
    assert not edited.changed_from(passages)
    assert [one.block.words for one in edited.added if one.like is None] == [line]


@given(st.text(max_size=300), sections())
@settings(max_examples=60)
def test_any_text_can_be_read(text: str, passages: list[Passage]) -> None:
    edited = section_words(text, passages, "now")
    assert len(edited.blocks) + len(edited.added) == len(blocks_of(text))


@given(st.dictionaries(st.sampled_from("abcdef"), LINES), st.dictionaries(st.sampled_from("abcdef"), LINES))
@settings(max_examples=60)
def test_a_difference_has_all_of_both_versions(before: dict[str, str], after: dict[str, str]) -> None:
    found = passage_differences(before, after)
    was = {one.id: " ".join(text for kind, text in one.runs if kind != "new") for one in found}
    now = {one.id: " ".join(text for kind, text in one.runs if kind != "gone") for one in found}
    assert {name: words for name, words in was.items() if words} == before
    assert {name: words for name, words in now.items() if words} == after
    assert [one.id for one in found if one.kind != "gone"] == list(after)
