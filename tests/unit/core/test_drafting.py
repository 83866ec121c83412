"""What an author changes in a pack: which rows a save adds, and the file of overrides that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from everyfamily.core.packs.drafting import (
    FILE,
    Added,
    Drafted,
    Key,
    Read,
    after_of,
    drafted_pack,
    faults_of,
    overrides_text,
    read_now,
    section_of,
    sections_of,
    shown_section,
    stale_in,
    to_write,
)
from everyfamily.core.packs.overrides import line_of, parse_overrides, passages_of
from everyfamily.core.packs.packs import parse_pack
from everyfamily.core.packs.sources import Source
from everyfamily.core.packs.translation_states import states_of
from tests.factories.demonstration import PACK, demo_pack
from tests.factories.each import each
from tests.factories.english_pack import english_files, english_pack

OURS = "misses lessons, clubs or whole days | worry or caring at home"


def lines(section: str) -> dict[str, str]:
    """The pack's own words of a section."""
    return {one.id: line_of(one) for one in sections_of(english_pack())[section]}


def saved(drafted: Mapping[Key, Drafted], rows: Sequence[Drafted]) -> dict[Key, Drafted]:
    """What a draft has after a save: the newest row of each passage, without those that went back."""
    now = {**drafted, **{one.key: one for one in rows}}
    return {key: one for key, one in now.items() if one.kind != "back"}


@each(
    "passage, section",
    [
        ("now", "now"),
        ("now/4", "now"),
        ("now/4+2", "now"),
        ("now/0+1", "now"),
        ("subject", "outside"),
        ("one-fragment", "outside"),
        ("primary/subject", "primary/outside"),
        ("primary/now/4+1", "primary/now"),
        ("title", "title"),
        ("newsletter", "newsletter"),
        ("newsletter/call/1", "newsletter/call"),
        ("newsletter/call/10+1", "newsletter/call"),
        ("site/easy-do/2", "site/easy-do"),
    ],
)
def test_a_passage_is_edited_in_its_section(passage: str, section: str) -> None:
    assert section_of(passage) == section


def test_every_passage_of_a_pack_is_in_one_section() -> None:
    sections = sections_of(english_pack())
    assert sum(map(len, sections.values())) == len(passages_of(english_pack()))
    assert {"outside", "title", "now", "press/ask"} <= sections.keys()


def test_a_save_without_a_change_adds_nothing() -> None:
    words = lines("changes")
    assert to_write(english_pack(), {}, "en", words, []) == []
    spaced = {name: f"  {line.replace(' ', '   ')}\n" for name, line in words.items()}
    assert to_write(english_pack(), {}, "en", spaced, []) == []


def test_a_change_keeps_the_words_that_were_there_and_going_back_ends_it() -> None:
    pack, words = english_pack(), lines("changes")
    was = words["changes/2"]
    rows = to_write(pack, {}, "en", words | {"changes/2": OURS}, [], "Clubs see it first here.")
    assert rows == [Drafted("en", "changes/2", "change", was, OURS, "Clubs see it first here.")]
    drafted = saved({}, rows)
    assert to_write(pack, drafted, "en", words | {"changes/2": OURS}, []) == [], "saved twice is saved once"
    shown = {one.id: one for one in shown_section(pack, drafted, "en", "changes")}
    assert (shown["changes/2"].words, shown["changes/2"].pack, shown["changes/2"].is_changed) == (OURS, was, True)
    back = to_write(pack, drafted, "en", words, [])
    assert [(one.passage, one.kind) for one in back] == [("changes/2", "back")]
    assert saved(drafted, back) == {}


def test_additions_are_numbered_and_those_that_are_gone_go_back() -> None:
    pack, words = english_pack(), {"past": lines("past")["past"], "past/1": lines("past")["past/1"]}
    two = [Added("past/1", "A first line."), Added("past/1", "A second line.")]
    drafted = saved({}, to_write(pack, {}, "en", words, [*two, Added("past", "Before all.")]))
    assert [key[1] for key in drafted] == ["past/0+1", "past/1+1", "past/1+2"]
    assert [one.id for one in shown_section(pack, drafted, "en", "past")] == [
        "past",
        "past/0+1",
        "past/1",
        "past/1+1",
        "past/1+2",
    ]
    letter = drafted_pack(pack, list(drafted.values())).texts["en"]
    assert [one.id for one in letter.section("past").passages] == ["past/0+1", "past/1", "past/1+1", "past/1+2"]
    fewer = to_write(pack, drafted, "en", words, two[1:])
    assert [(one.passage, one.kind, one.words) for one in fewer] == [
        ("past/0+1", "back", ""),
        ("past/1+1", "addition", "A second line."),
        ("past/1+2", "back", ""),
    ]
    assert after_of("past/0+1") == "past"


def test_the_file_says_the_same_whatever_was_saved_first() -> None:
    pack = english_pack()
    rows = [
        *to_write(pack, {}, "en", lines("changes") | {"changes/2": OURS}, []),
        *to_write(pack, {}, "en", lines("past"), [Added("past/1", "Our own line is open.", only=("web",))]),
        *to_write(pack, {}, "en", lines("title") | {"title": 'Title with "marks" and \\ more'}, []),
    ]
    text = overrides_text(pack, rows)
    assert text == overrides_text(pack, rows[::-1])
    read, _ = parse_overrides(text, FILE)
    assert [one.passage for one in read.changes] == ["title", "changes/2"]
    assert [(one.after, one.only) for one in read.additions] == [("past/1", ("web",))]
    assert read.changes[0].words == 'Title with "marks" and \\ more'
    assert parse_overrides(overrides_text(pack, []), FILE)[0].is_empty


def test_a_reading_of_a_translation_is_a_table() -> None:
    read, _ = parse_overrides(
        overrides_text(english_pack(), [], [Read("short", "ur", "T Example", "0" * 16, "C Example")]), FILE
    )
    assert (read.short["ur"].translator, read.short["ur"].checker) == ("T Example", "C Example")


def test_a_small_set_that_was_read_again_is_in_the_letter_again() -> None:
    """Other English words put the small sets out of the letter until somebody has read each against them."""
    pack = demo_pack()
    words = {one.id: line_of(one) for one in sections_of(pack)["danger"]}
    rows = to_write(pack, {}, "en", words | {"danger/1": f"{words['danger/1']} Do not wait."}, [])
    worded = drafted_pack(pack, rows)
    read = read_now(worded, "short", "ur", translator=None, checker="C Example")
    assert read is not None
    again = drafted_pack(pack, rows, [read])
    states = {one.language: one for one in states_of(again) if one.part == "short"}
    assert (states["ur"].checked, states["ur"].stale, states["ur"].checker) == (True, False, "C Example")
    assert not states["pl"].checked
    assert read_now(worded, "translations", "ur", translator=None, checker="C Example") is None


BAD = {
    "a gap that the pack does not declare": "Ring ((the mayor)).",
    "a gap that is not closed": "Ring ((school now.",
    "a mark that nobody sees": "Ring us\u202e now.",
    "a zero byte": "Ring\x00us.",
    "a brace": "Ring us {promise=always}.",
    "nothing": "   ",
    "an aside where the pack has none": "Ring | us",
}


@each("what", BAD)
def test_words_that_cannot_be_in_a_letter_are_said_at_their_passage(what: str) -> None:
    pack, words = english_pack(), lines("past")
    rows = to_write(pack, {}, "en", words | {"past/1": BAD[what]}, [Added("past/1", "Good.")])
    assert list(faults_of(pack, rows)) == ["past/1"], what
    assert all(fault.fact and fault.fix for fault in faults_of(pack, rows)["past/1"])


@each("words", ["Ring ☎️ us 👩‍👧.", "<b>Ring</b> us & them", "Cyngor Dinas – “yes”", "x" * 10_000])
def test_anything_else_may_be_written(words: str) -> None:
    pack = english_pack()
    rows = to_write(pack, {}, "en", lines("past") | {"past/1": words}, [])
    assert faults_of(pack, rows) == {}
    assert drafted_pack(pack, rows).texts["en"].section("past").passages[0].text == words


def test_what_the_pack_changed_since_is_stale_until_somebody_looks() -> None:
    pack = english_pack()
    rows = to_write(pack, {}, "en", lines("changes") | {"changes/2": OURS}, [])
    drafted = saved({}, rows)
    assert stale_in(pack, drafted) == []
    files = english_files()
    files["letter.en.md"] = files["letter.en.md"].replace(b"misses lessons or whole days", b"misses lessons")
    newer = parse_pack(files, PACK.name)
    assert [(one.passage, line) for one, line in stale_in(newer, drafted)] == [
        ("changes/2", "misses lessons | worry or caring at home")
    ]
    (shown,) = [one for one in shown_section(newer, drafted, "en", "changes") if one.is_stale]
    assert (shown.id, shown.words) == ("changes/2", OURS)
    words = {one.id: line_of(one) for one in sections_of(newer)["changes"]} | {"changes/2": OURS}
    (again,) = to_write(newer, drafted, "en", words, [])
    assert stale_in(newer, saved(drafted, [again])) == []
    gone = replace(rows[0], passage="changes/99")
    assert stale_in(newer, {gone.key: gone}) == [(gone, None)]


def test_an_own_source_is_in_the_file_once_and_goes_with_its_words() -> None:
    source = Source(
        supports="Opening hours",
        address="The council’s page",
        status="found",
        as_found="1 March 2027",
        review_on=date(2027, 9, 1),
    )
    pack, was = english_pack(), lines("changes")["changes/2"]
    rows = to_write(pack, {}, "en", {"changes/2": OURS}, [])
    cited = [replace(one, sources=("OWN1",), own=(("OWN1", source),)) for one in rows]
    both = [
        *cited,
        Drafted("en", "changes/2+1", "addition", was, OURS, sources=("OWN1",), own=(("OWN1", source),)),
    ]
    text = overrides_text(pack, both)
    assert text.count("[sources.") == 1
    assert drafted_pack(pack, both).sources["OWN1"] == source
    kept = to_write(pack, saved({}, cited), "en", {"changes/2": f"{OURS} again"}, [])
    assert [one.own for one in kept] == [(("OWN1", source),)]
