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
from everyfamily.core.packs.packs import Pack, load_pack, parse_pack
from everyfamily.core.packs.short_texts import english_short, in_version
from everyfamily.core.packs.site_text import site_digest
from everyfamily.core.packs.to_translate import Known, current_parts, parts_of, units_of, words_of
from everyfamily.core.packs.translation_files import files_with
from everyfamily.core.packs.translation_states import states_of
from everyfamily.core.packs.unwritten import unwritten_in
from everyfamily.core.packs.written_texts import text_of
from tests.factories.demonstration import DATED, REFERENCE, ROOT, demo_pack, demo_partnership, pack_files
from tests.factories.short_words import POLISH, english_digest
from tests.factories.two_versions import (
    PRIMARY_SUBJECT,
    PRIMARY_TITLE,
    SECONDARY_TITLE,
    two_version_files,
    two_version_pack,
)

Files = dict[str, bytes]
PRIMARY_IN_POLISH = "Jak chronić młodsze dzieci"


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


def with_primary_title(words: str | None = PRIMARY_IN_POLISH, *, stale: bool = False) -> Pack:
    """Both versions, which have one text message, and a small set in Polish that a second person has read, with the
    primary version's title."""
    said = POLISH if words is None else f"{POLISH}\n## {{#primary}}\n\n{words}\n"
    files = {
        **two_version_files(),
        "short.pl.md": said.encode(),
        "sms.primary.en.txt": pack_files()["sms.en.txt"],
    }
    about = files["pack.toml"].partition(b"\n[short.")[0]
    digest = english_digest() if stale or words is None else two_version_pack().short["en"].english_digest
    rows = f'translator = "T. Person"\nchecker = "C. Person"\nenglish_digest = "{digest}"\n'
    draft = parse_pack({**files, "pack.toml": about + f"\n[short.pl]\n{rows}".encode()}, "a-pack", ())
    rows += f'checked_digest = "{draft.short["pl"].own_digest}"\n'
    return parse_pack({**files, "pack.toml": about + f"\n[short.pl]\n{rows}".encode()}, "a-pack", ())


def test_a_small_set_with_both_titles_is_in_both_versions_each_with_its_own() -> None:
    letter, usual = made(with_primary_title()), made(with_primary_title(None))
    polish = letter.short_primary["pl"]
    assert (polish.title.text, polish.title.id, polish.title.kind) == (PRIMARY_IN_POLISH, "short", "title")
    assert polish.sections == letter.short["pl"].sections == usual.short["pl"].sections, "no line twice"
    assert letter.short["pl"].title.text == usual.short["pl"].title.text
    assert letter.in_version(Version.PRIMARY).short == letter.short_primary
    assert (polish.is_reviewed, letter.short["pl"].is_reviewed) == (True, True)
    older = made(with_primary_title(), begins=7)
    assert (older.short["pl"].sections, older.short_primary) == (usual.short["pl"].sections, {})


def test_a_small_set_without_the_primary_title_is_used_as_before_in_the_secondary_version() -> None:
    pack = with_primary_title(None)
    (state,) = (one for one in states_of(pack) if one.part == "short")
    assert (state.stale, state.checked, state.english_digest) == (False, True, english_digest())
    letter = made(pack)
    assert (letter.short.keys(), letter.short_primary) == ({"pl"}, {}), "its English has another title"
    usual = pack_files()
    same = {"letter.primary.en.md": usual["letter.en.md"], "sms.primary.en.txt": usual["sms.en.txt"]}
    alike = parse_pack({**two_version_files(), **same}, "a-pack")
    letter = compose(alike, demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE, drafts=True)
    assert letter.short_primary.keys() == alike.short.keys() - {"en"}, "both versions have one title"


def test_a_new_primary_title_makes_a_small_set_that_has_it_a_draft_again() -> None:
    pack = with_primary_title()
    change = f'[[changes]]\npassage = "primary/title"\nwas = "{PRIMARY_TITLE}"\nwords = "Safe"\nwhy = "shorter"\n'
    text = f'pack = "{pack.id}"\nversion = "{pack.about.version}"\n{change}'
    own = with_overrides(pack, *parse_toml(Overrides, text, "own.toml"))
    assert own.short["en"].sections[-1].passages[0].text == "Safe"
    assert (made(own).short, made(own).short_primary) == ({}, {})
    stale = with_primary_title(stale=True)
    assert (made(stale).short, made(stale).short_primary) == ({}, {})
    assert [one.stale for one in states_of(stale) if one.part == "short"] == [True]


def test_the_primary_title_goes_to_a_translator_and_comes_back() -> None:
    pack, before = with_primary_title(), with_primary_title(None)
    (unit,) = (one for one in units_of(parts_of(pack).values(), Known()) if one.key == "short/primary/1")
    assert (unit.english, unit.file) == (PRIMARY_TITLE, "a-pack/letter.primary.en.md")
    part, words = parts_of(pack)["short"], words_of(pack, "pl")
    assert words["short/primary/1"] == PRIMARY_IN_POLISH
    assert text_of(part, words).endswith(f"\n## {{#primary}}\n\n{PRIMARY_IN_POLISH}\n")
    assert "short" in current_parts(before, "pl"), "what it has is not to be looked at again"
    assert "short/primary/1" not in words_of(before, "pl")
    changes = [(one.file, one.id) for one in changes_of(before, pack).passages]
    assert changes == [("short.pl.md", "short/primary/1")]


def test_a_letter_in_one_version_has_no_primary_title() -> None:
    files = pack_files()
    files["short.pl.md"] += f"\n## {{#primary}}\n\n{PRIMARY_IN_POLISH}\n".encode()
    with pytest.raises(PackIncomplete, match='no section "primary"'):
        parse_pack(files, "a-pack", ())


@pytest.mark.parametrize("pack", ["online-grooming-and-blackmail", "nude-images-and-ai"])
def test_each_draft_of_our_own_packs_has_a_title_for_both_versions(pack: str) -> None:
    read = load_pack(ROOT / "packs" / pack, ())
    for text in read.short.values():
        primary, usual = (in_version(text, version) for version in (Version.PRIMARY, Version.SECONDARY))
        assert primary.title.text != usual.title.text, text.language
    assert site_digest(in_version(read.short["en"], Version.PRIMARY)) == site_digest(
        english_short(read.primary["en"], read.about.routes.card)
    ), "both versions say the same but for the title"
