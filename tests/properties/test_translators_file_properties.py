"""A translator's file and a pack's text lose nothing: what goes out comes back, in any script."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.packs.pack_text import parse_body
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.taken_in import take_in
from everyfamily.core.packs.to_translate import EnglishPart, Known, Unit, has_words, parts_of, units_of
from everyfamily.core.packs.translators_file import read, written
from everyfamily.core.packs.written_texts import text_of
from tests.factories.demonstration import demo_pack

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
LETTERS = st.sampled_from("aąêșїжЄبپےەڵঅকষ্ਜੰਵ’“”\"\\'.,!?;:%&/؟،۔।\u00a0\u200c")
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)
KEYS = st.integers(1, 99).map(lambda number: f"letter/now/{number}")
PARTS = parts_of(demo_pack())


@given(st.dictionaries(KEYS, st.tuples(WORDS, st.one_of(st.just(""), WORDS), st.booleans()), max_size=6))
def test_units_come_back_as_they_went_out(said: dict[str, tuple[str, str, bool]]) -> None:
    units = [
        Unit(key, english, "letter.en.md", 1, words, needs_review=review and bool(words))
        for key, (english, words, review) in said.items()
    ]
    back = read(written(units, language="ur", pack="a-pack", version="1.0.0", now=NOW), "ur.po")
    assert (back.language, back.pack, back.translator) == ("ur", "a-pack", None)
    assert {key: (one.english, one.words, one.needs_review) for key, one in back.units.items()} == {
        unit.key: (unit.english, unit.words.strip(), unit.needs_review) for unit in units
    }


@settings(max_examples=12)
@given(st.sampled_from(["short", "letter", "newsletter"]), st.lists(WORDS, min_size=3, max_size=3))
def test_a_part_translated_into_anything_is_read_back_as_it_was_written(name: str, said: list[str]) -> None:
    part = PARTS[name]
    units = [
        # What must stay is kept, in any order and between any words.
        Unit(one.key, one.english, one.file, one.line, f"x {said[at % 3]} {' '.join(one.kept)}")
        for at, one in enumerate(units_of([part], Known()))
    ]
    raw = written(units, language="pl", pack="a-pack", version="1.0.0", now=NOW)
    taken = take_in({name: part}, read(raw, "pl.po"), "pl.po")
    assert [str(one) for one in taken.faults] == []
    words = {unit.key: " ".join(part for part in unit.words.split(" ") if part).strip() for unit in units}
    assert words_read(part, text_of(part, {**words, **only_gaps(part)})) == words


def only_gaps(part: EnglishPart) -> dict[str, str]:
    pairs = ((part.key(one), one) for one in part.passages())
    return {
        key: english
        for start, one in pairs
        for key, english in ((start, one.text), (f"{start}/aside", one.aside))
        if english and not has_words(english)
    }


def words_read(part: EnglishPart, text: str) -> dict[str, str]:
    title, sections = parse_body(text, "a.md", part="" if part.name == "letter" else part.name)
    found = EnglishPart(part.name, title, sections)
    assert [one.id for one in SiteText("pl", title, sections).passages()] == [one.id for one in part.passages()]
    return {unit.key: unit.english for unit in units_of([found], Known())}
