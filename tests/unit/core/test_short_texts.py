"""The small set of a language: its shape is the letter's own, its numbers are gaps, and only a read one counts."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.packs import load_pack, parse_pack
from everyfamily.core.packs.short_texts import is_current
from everyfamily.core.packs.translation_states import states_of
from tests.factories.demonstration import PACKS, ROOT, demo_pack
from tests.factories.each import each
from tests.factories.sealed import DRAFTS
from tests.factories.short_words import POLISH, english_digest, pack_with_short, with_short


def test_the_english_is_taken_from_the_letter() -> None:
    letter, short = demo_pack().texts["en"], demo_pack().short["en"]
    assert short.title.text == letter.title.text
    assert [one.text for one in short.sections[0].passages] == [
        one.text for one in letter.section("danger").passages
    ]
    card = short.sections[1]
    assert card.heading is not None
    assert card.heading.text == "Keep this by the phone"
    routes = demo_pack().about.routes.card
    assert [one.aside for one in card.passages if one.kind == "item"] == [f"((route {one}))" for one in routes]
    assert letter.sms_short is not None
    assert short.sections[2].passages[0].text == letter.sms_short.text


def test_a_read_set_counts_and_keeps_what_the_english_promises() -> None:
    pack = pack_with_short()
    polish, english = pack.short["pl"], pack.short["en"]
    assert is_current(polish, english)
    assert polish.sections[1].passages[-1].promise == "interpreter"
    assert [one.sources for one in polish.passages()] == [one.sources for one in english.passages()]


@pytest.mark.parametrize("pack", PACKS)
def test_each_topic_has_a_draft_in_ten_languages_of_todays_english_that_nobody_has_read(pack: str) -> None:
    """They were made by a machine. Whoever reads one writes their name, and takes it out of this test."""
    short = load_pack(ROOT / "packs" / pack, ()).short
    assert sorted(short) == sorted(["en", *DRAFTS])
    for tag in DRAFTS:
        assert short[tag].english_digest == short["en"].english_digest, tag
        assert short[tag].translator == "everyfamily (machine draft)"
        assert not is_current(short[tag], short["en"]), tag


@each(
    "changes",
    [
        {"checker": ""},
        {"checker": " t.  PERSON"},
        {"checked_digest": ""},
        {"checked_digest": "0" * 16},
        {"english_digest": "0" * 16},
    ],
)
def test_a_draft_or_an_old_set_does_not_count(changes: dict[str, str]) -> None:
    pack = pack_with_short(**changes)
    assert not is_current(pack.short["pl"], pack.short["en"])


@each(
    "old, new, fact",
    [
        ("| ((route local))\n", "| 0151 496 0120\n", "other gaps"),
        ("naciśnij 55. To", "naciśnij 44. To", "other digits"),
        ("wybierz 18000", "wybierz 18001", "other digits"),
        ("https://((page))", "https://families.example", "other gaps"),
        ("Nie musisz mieć pewności.\n\n", "", "other passages"),
        ("Nie musisz mieć pewności.", "…", "not translated yet"),
        ("w ((area))", "w \u202e((area))", "invisible mark"),
        ("{#danger}", "{#dangers}", '"danger" is missing'),
        ("## {#message}", "## SMS {#message}", "other passages"),
        ("- Szkoła dziecka | ((route school))\n", "", "other passages"),
    ],
)
def test_a_set_that_shows_something_else_is_refused_at_its_line(old: str, new: str, fact: str) -> None:
    assert old in POLISH
    with pytest.raises(PackIncomplete, match=fact) as caught:
        pack_with_short(words=POLISH.replace(old, new, 1))
    assert caught.value.place is not None
    assert caught.value.place.file == "pack/short.pl.md"


def test_english_has_no_table_of_its_own() -> None:
    files = {name: raw.replace(b"[short.pl]", b"[short.en]") for name, raw in with_short().items()}
    with pytest.raises(PackIncomplete, match="English is not a translation"):
        parse_pack(files, "pack", ())


@each(
    "changes, words",
    [
        ({}, "read by C. Person"),
        ({"checker": ""}, "a draft: nobody has checked it"),
        ({"checked_digest": "0" * 16}, "C. Person has not read it in these words"),
        ({"english_digest": "0" * 16}, "made of other English words than the present ones"),
    ],
)
def test_the_state_of_a_translation_is_said(changes: dict[str, str], words: str) -> None:
    (state,) = (one for one in states_of(pack_with_short(**changes)) if one.part == "short")
    assert (state.language, state.words, state.english_digest) == ("pl", words, english_digest())


def test_the_command_lists_the_digests_to_write() -> None:
    done = CliRunner().invoke(main, ["translations", "list", "packs/child-sexual-exploitation"])
    assert f'en  short: english_digest = "{english_digest()}"' in done.output
    said = json.loads(CliRunner().invoke(main, ["translations", "list", "packs/parent-site", "--json"]).output)
    assert {one["part"] for one in said["translations"]} == {"pages"} == set(said["english"])
