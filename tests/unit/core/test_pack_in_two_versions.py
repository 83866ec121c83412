"""A pack whose letter has two versions: its files, what must agree, and what the tools for packs say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.files.toml_files import parse_toml
from everyfamily.core.letter.compose import compose
from everyfamily.core.letter.letters import Letter
from everyfamily.core.packs.outline import outline
from everyfamily.core.packs.overrides import Overrides, line_of
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.packs.pack_changes import Rise, changes_of
from everyfamily.core.packs.pack_faults import faults_of
from everyfamily.core.packs.pack_review import texts_of, unread_files
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.packs import Pack, parse_pack
from everyfamily.core.packs.to_translate import Known, current_parts, parts_of, units_of, words_of
from everyfamily.core.packs.translation_files import files_with
from everyfamily.core.packs.unwritten import unwritten_in
from everyfamily.core.packs.written_texts import text_of
from tests.factories.demonstration import DATED, REFERENCE, demo_pack, demo_partnership, pack_files
from tests.factories.two_versions import (
    PRIMARY_SUBJECT,
    PRIMARY_TITLE,
    SECONDARY_TITLE,
    two_version_files,
    two_version_pack,
)

Files = dict[str, bytes]


def made(pack: Pack, begins: int = 0) -> Letter:
    partnership = replace(demo_partnership(), from_year={pack.id: begins})
    return compose(pack, partnership, term="spring-2027", dated=DATED, reference=REFERENCE)


def test_a_family_reads_the_words_of_one_version() -> None:
    letter = made(two_version_pack())
    assert letter.secondary_from == 7
    primary, secondary = letter.in_version(Version.PRIMARY), letter.in_version(Version.SECONDARY)
    assert primary.english.title.text == PRIMARY_TITLE
    assert primary.english.subject.text == PRIMARY_SUBJECT
    assert secondary.english.title.text == SECONDARY_TITLE
    assert (primary.english.briefing, primary.english.press) == (None, None), "staff have one page for both"
    assert "((" not in primary.english.preheader.text
    assert letter.in_version(None) == letter


def test_no_passage_has_the_id_of_one_in_the_other_version() -> None:
    pack = two_version_pack()
    usual, primary = (
        [one.id for one in (*text.passages(), *text.outside(), *text.beside())] for text in pack.letter_texts()
    )
    assert {one for one in primary if not one.startswith("primary/")} == set()
    assert {one.removeprefix("primary/") for one in primary} == {
        one for one in usual if not one.startswith(("briefing", "press"))
    }


def test_a_partnership_that_begins_with_the_older_years_has_one_version() -> None:
    assert made(two_version_pack(), begins=6).secondary_from == 7
    older = made(two_version_pack(), begins=7)
    assert (older.secondary_from, older.primary, older.versions) == (None, {}, (None,))


def without(name: str) -> Callable[[Files], Files]:
    return lambda files: {one: data for one, data in files.items() if one != name}


def about(old: bytes, new: bytes) -> Callable[[Files], Files]:
    return lambda files: {**files, "pack.toml": files["pack.toml"].replace(old, new)}


@pytest.mark.parametrize(
    ("change", "fact", "where"),
    [
        (without("letter.primary.en.md"), "no file letter.primary.en.md", "letter.primary.en.md"),
        (without("sms.primary.en.txt"), "no file sms.primary.en.txt", "sms.primary.en.txt"),
        (about(b"secondary_from = 7\n", b""), "does not say from which year", "letter.primary.en.md"),
        (about(b"from_year = 0", b"from_year = 7"), "nobody would get the primary one", "pack.toml"),
    ],
)
def test_files_and_pack_toml_must_agree(change: Callable[[Files], Files], fact: str, where: str) -> None:
    files = change(two_version_files())
    with pytest.raises(PackIncomplete) as refused:
        parse_pack(files, "a-pack")
    assert fact in refused.value.fact
    assert refused.value.place is not None
    assert refused.value.place.file == f"a-pack/{where}"
    assert [fact in one.fact for one in faults_of(files, "a-pack")] == [True]


def test_a_primary_letter_needs_every_section_too() -> None:
    files = two_version_files()
    files["letter.primary.en.md"] = files["letter.primary.en.md"].replace(b"{#fault}", b"{#other}")
    facts = [(one.place.file, one.fact) for one in faults_of(files, "a-pack") if one.place is not None]
    assert (
        "a-pack/letter.primary.en.md",
        'The section "fault" is missing: that it is not the child\'s fault.',
    ) in facts


def test_the_tools_know_its_files() -> None:
    pack, names = two_version_pack(), [text.name for text in texts_of(two_version_pack())]
    assert [name for name in names if "primary" in name] == [
        *("letter.primary.en.md", "email.primary.en.txt", "sms.primary.en.txt", "newsletter.primary.en.md"),
    ]
    assert unread_files(pack, two_version_files()) == ()
    changes = changes_of(demo_pack(), pack)
    assert {"letter.primary.en.md", "email.primary.en.txt"} <= {one.file for one in changes.passages}
    assert ("secondary_from", "None", "7") in changes.fields
    assert changes.must_rise is Rise.FIRST


def test_a_begun_pack_has_both_and_says_what_is_left_to_write() -> None:
    files = {
        name: text.encode()
        for name, text in outline("water", "Water", date(2027, 1, 4), secondary_from=7).items()
    }
    assert faults_of(files, "water") == []
    assert parse_pack(files, "water").about.secondary_from == 7
    assert {place.file for place, _ in unwritten_in(files, "water")} >= {"water/letter.primary.en.md"}


def test_a_partnership_may_change_a_passage_of_one_version() -> None:
    pack = two_version_pack()
    was = next(line_of(one) for one in pack.primary["en"].passages() if one.id == "primary/what/1")
    change = {
        "passage": "primary/what/1",
        "was": was,
        "words": "Some people hurt children.",
        "why": "plainer here",
    }
    text = f'pack = "{pack.id}"\nversion = "{pack.about.version}"\n[[changes]]\n' + "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in change.items()
    )
    own = with_overrides(pack, *parse_toml(Overrides, text, "own.toml"))
    assert own.primary["en"].section("what").passages[0].text == "Some people hurt children."
    assert own.texts["en"].section("what") == pack.texts["en"].section("what")
    assert own.overridden is not None
    assert own.overridden.passages == ("en primary/what/1",)
    assert (
        made(own).in_version(Version.PRIMARY).english.section("what").passages[0].text
        == "Some people hurt children."
    )


def test_a_translation_is_of_both_versions_and_stale_when_one_changes() -> None:
    files = two_version_files()
    parts = {name: part for name, part in parts_of(two_version_pack()).items() if name not in ("short", "site")}
    words = {unit.key: unit.english for unit in units_of(parts.values(), Known())}
    assert words["letter.primary/title"] == PRIMARY_TITLE
    texts = {name: text_of(part, words) for name, part in parts.items()}
    made = files_with(files, "a-pack", "pl", texts, translator="A. Nowak", checker="B. Wilk")
    assert {"letter.primary.pl.md", "sms.primary.pl.txt"} <= made.keys()
    pack = parse_pack({**files, **made}, "a-pack")
    assert pack.primary["pl"].title.text == PRIMARY_TITLE
    found = words_of(pack, "pl")
    assert {key: found.get(key) for key in words} == words
    assert "letter.primary" in current_parts(pack, "pl")
    english = files["letter.primary.en.md"].replace(PRIMARY_TITLE.encode(), b"Keeping the youngest safe")
    changed = parse_pack({**files, **made, "letter.primary.en.md": english}, "a-pack")
    assert "letter" not in current_parts(changed, "pl")


def test_the_small_set_is_used_only_with_the_words_that_it_was_made_of() -> None:
    files = pack_files()
    pack = parse_pack(files, "a-pack")
    assert pack.primary == {}
    both = two_version_pack()
    assert both.short.keys() == pack.short.keys()
    letter = made(both)
    assert letter.short_primary == {}, "its English has another title"
