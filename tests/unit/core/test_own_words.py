"""A sealed letter's own words come back as changes to the pack, with their gaps open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.gap_values import values_of
from everyfamily.core.letter.letters import Letter
from everyfamily.core.letter.own_words import own_words_of, with_gaps
from everyfamily.core.packs.drafting import drafted_pack, stale_in
from everyfamily.core.packs.overrides import parse_overrides
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.packs.packs import Pack
from tests.factories.demonstration import DATED, REFERENCE, demo_partnership
from tests.factories.english_pack import english_pack

OWN = """pack = "child-sexual-exploitation"
version = "1.2.0"

[[changes]]
passage = "changes/2"
was = "misses lessons or whole days | worry or caring at home"
words = "misses lessons, clubs or whole days | worry or caring at home"
why = "Clubs see it first here."

[[additions]]
after = "changes/2"
was = "misses lessons or whole days | worry or caring at home"
words = "is not where they said. Call ((route local)), and say ((reference)) | a new friend"
why = "We have such a line."
"""


def made(pack: Pack, reference: str = REFERENCE, dated: date = DATED) -> Letter:
    """A letter of the demonstration."""
    return compose(pack, demo_partnership(), term="spring-2027", dated=dated, reference=reference)


def sealed() -> Letter:
    """A letter with words of its own."""
    return made(with_overrides(english_pack(), *parse_overrides(OWN, "own.toml")))


def test_own_words_of_a_letter_make_the_next_one_and_keep_nothing_of_the_last() -> None:
    own = own_words_of(sealed(), english_pack(), "As before.")
    assert own.lost == ()
    assert {one.passage: one.kind for one in own.rows} == {"changes/2": "change", "changes/2+1": "addition"}
    after = made(drafted_pack(english_pack(), own.rows), "ES-2703-QQQQ", date(2027, 3, 3))
    words = {one.id: one.words for one in after.english.passages()}
    assert words["changes/2"].startswith("misses lessons, clubs or whole days")
    assert "0151 496 0120, and say ES-2703-QQQQ" in words["changes/2+1"]
    assert own_words_of(made(english_pack()), english_pack(), "As before.").rows == ()


def test_words_of_a_copy_of_the_pack_are_own_words_and_those_of_an_older_pack_wait_for_a_look() -> None:
    copied = replace(sealed(), overridden=None)
    assert [one.passage for one in own_words_of(copied, english_pack(), "As before.").rows] == ["changes/2"]
    older = replace(sealed(), pack_version="1.1.0")
    rows = own_words_of(older, english_pack(), "As before.").rows
    assert [one.passage for one in rows] == ["changes/2", "changes/2+1"]
    assert len(stale_in(english_pack(), {one.key: one for one in rows})) == 2


def test_own_words_that_have_no_place_in_the_pack_are_counted_and_left_out() -> None:
    letter = made(english_pack())
    text = letter.english
    moved = replace(letter, texts={"en": replace(text, title=replace(text.title, id="gone/1"))})
    own = own_words_of(moved, english_pack(), "As before.")
    assert (own.rows, own.lost) == ((), (("en", "gone/1"),))


def test_a_gap_is_opened_only_if_the_same_words_come_of_it() -> None:
    values = values_of(made(english_pack()))
    partners = values["partners"]
    assert with_gaps(f"{partners} write.", "((partners)) write.", values) == "((partners)) write."
    assert with_gaps(f"{partners} write.", "", values) == f"{partners} write."
    assert with_gaps("Call 0151 496 0120.", "", values) == "Call ((route local))."
    # Of a longer number, and of what a line is called, nothing is opened.
    for words in ("Call 01632 960 101.", "1,101 children", "Ask the police desk, or police officers."):
        assert with_gaps(words, "", values | {"route police name": "police"}) == words
    assert with_gaps("Or call 101.", "", values) == "Or call ((route police))."
