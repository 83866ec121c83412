"""Our own packs, composed for the demonstration, and our pages pass every check without a waiver."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.run.runner import run
from everyfamily.checks.text.pieces import Part, pieces_of
from everyfamily.checks.text.reading_grade import reading_of, sentences_of
from everyfamily.core.packs.packs import Pack, load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.packs.sources import Source
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.artefacts import check_letter
from tests.factories.demonstration import letter_of

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "src/everyfamily_demo/data/partnership.toml"


EASY = ("easy-what", "easy-signs", "easy-do", "easy-call")
ALL = [load_pack(path.parent) for path in sorted((ROOT / "packs").glob("*/pack.toml"))]
PACKS = pytest.mark.parametrize("pack", ALL, ids=lambda pack: pack.id)


@PACKS
def test_pack_has_no_finding(pack: Pack) -> None:
    """Also in print, which has two pages; a briefing that does not fit on one is not made at all."""
    report = check_letter(letter_of(pack.id), today=date(2027, 3, 2))
    assert report.findings == ()
    assert not report.stops_approval


@PACKS
def test_a_pack_is_easy_to_read(pack: Pack) -> None:
    """Each text by itself: grade 5 at most (about age 10), and no sentence over 20 words."""
    letter = CheckContext.of_letter(
        letter_of(pack.id), today=date(2027, 3, 2), sms_fragments={}, print_pages={}, documents=()
    )
    pages = CheckContext.of_site(
        {"en": pack.site["en"]}, load_partnership(DEMO), today=date(2027, 3, 2), sources=pack.sources
    )
    parts: tuple[Part, ...] = ("body", "newsletter", "briefing", "press")
    texts = [
        [one for one in letter.part(part) if one.passage.startswith("primary/") is is_primary]
        for part in parts
        for is_primary in (False, True)
    ]
    for pieces in (*filter(None, texts), list(pages.part("body"))):
        sentences = list(sentences_of(pieces))
        assert reading_of(sentences).words > 100
        assert reading_of(sentences).grade <= 5
        assert not [one.piece.text[one.start : one.end] for one in sentences if one.words > 20]


@PACKS
def test_what_is_in_short_sentences_is_short_and_has_a_picture_beside_each(pack: Pack) -> None:
    """Much easier than the letter: grade 2 at most, and no sentence over 14 words."""
    assert pack.about.site is not None
    pieces = [
        one
        for one in CheckContext.of_site(
            {"en": pack.site["en"]}, load_partnership(DEMO), today=date(2027, 3, 2), sources=pack.sources
        ).part("body")
        if set(one.passage.split("/")) & set(EASY)
    ]
    sentences = list(sentences_of(pieces))
    assert reading_of(sentences).grade <= 2
    assert not [one.piece.text[one.start : one.end] for one in sentences if one.words > 14]
    assert set(pack.about.site.pictures) == set(EASY)


@pytest.mark.parametrize(
    ("name", "promise"),
    [
        ("criminal-exploitation", "exploited-first"),
        ("groups-that-make-children-hurt", "harmed-first"),
        ("nude-images-and-ai", "proportion"),
        ("harmful-groups-online", "choice-of-support"),
    ],
)
def test_a_child_who_may_be_arrested_is_not_promised_to_be_out_of_trouble(name: str, promise: str) -> None:
    pack = load_pack(ROOT / "packs" / name)
    letters = [one for text in pack.letter_texts() for one in (*text.passages(), *text.beside())]
    texts = (*letters, *pack.site["en"].passages())
    promises = {promise for passage in texts for promise in passage.promises}
    assert promise in promises
    assert "help-not-trouble" not in promises
    assert not [one for one in texts if "not be in trouble" in f"{one.text} {one.aside}"]


def test_no_family_is_told_that_its_own_child_cannot_be_in_trouble() -> None:
    """A letter also reaches the family of a young person who harms: only for being harmed is nobody in trouble."""
    letters = [text for pack in ALL for text in pack.letter_texts()]
    promised = [one.text for text in letters for one in text.passages() if "help-not-trouble" in one.promises]
    assert promised
    assert not [words for words in promised if re.search(r"\byour child\b", words, re.IGNORECASE)]


TWO_VERSIONS = [pack for pack in ALL if pack.primary]


def test_the_packs_that_differ_most_by_age_have_a_primary_version() -> None:
    assert {pack.id for pack in TWO_VERSIONS} == {"nude-images-and-ai", "online-grooming-and-blackmail"}


@pytest.mark.parametrize("pack", TWO_VERSIONS, ids=lambda pack: pack.id)
def test_a_primary_version_frightens_nobody_and_says_nothing_explicit(pack: Pack) -> None:
    """No blackmail, no suicide, no offence, no figure: only ages have digits, and numbers to call are gaps."""
    text = pack.primary["en"]
    words = [f"{one.text} {one.aside}" for one in (*text.passages(), *text.outside(), *text.beside())]
    left_out = (
        r"blackmail|sextort|\bpay|suicid|\bdie\b|rape|\bnud|naked|sexting|porn|deepfake|crim|offence|the law|%"
    )
    assert [one for one in words if re.search(left_out, one, re.IGNORECASE)] == []
    known = {"55", "18", "18000", "18001", "18s", "19", "3", "5", "7", "9", "11"}
    assert {digits for one in words for digits in re.findall(r"\d\w*", one)} <= known
    assert [one.text.partition(":")[0] for one in text.section("talk").passages if one.kind == "item"] == [
        *("Age 3 to 5", "Age 5 to 7", "Age 7 to 9", "Age 9 to 11")
    ]


@pytest.mark.parametrize("pack", TWO_VERSIONS, ids=lambda pack: pack.id)
def test_both_versions_have_the_same_numbers_and_say_the_same_unopened(pack: Pack) -> None:
    """A family with both letters at home finds one card in them, and no text message says how old its child is."""
    usual, primary = pack.texts["en"], pack.primary["en"]
    for section in ("danger", "card", "past", "real"):
        said = [[one.words for one in text.section(section).passages] for text in (usual, primary)]
        assert said[0] == said[1], section
    assert [one.text for one in usual.outside()] == [one.text for one in primary.outside()]


def test_a_gun_and_drugs_in_the_body_are_for_999() -> None:
    letter = load_pack(ROOT / "packs/criminal-exploitation").texts["en"]
    said = [f"{one.text} {one.aside}" for one in letter.passages()]
    for danger in ("A gun?", "swallowed drugs"):
        assert "((route emergency))" in next(one for one in said if danger in one)


def test_faith_dress_politics_and_disability_are_no_signs_of_hate() -> None:
    """Official lists still carry them. These are left out on purpose, in what it could also be too."""
    pack = load_pack(ROOT / "packs/harmful-groups-online")
    sections = {"now", "changes", "going", "things", "phone", "people", "school", "mood", "adults", "easy-signs"}
    signs = [
        f"{one.text} {one.aside}"
        for one in (*pack.texts["en"].passages(), *pack.site["en"].passages())
        if one.kind == "item" and sections & set(one.id.split("/"))
    ]
    assert len(signs) > 40
    left_out = r"faith|relig|pray|dress|cloth|beard|food|language|flag|politic|protest|tattoo|autis|disab"
    assert [sign for sign in signs if re.search(left_out, sign, re.IGNORECASE)] == []


def test_the_summers_card_has_who_answers_when_school_is_shut() -> None:
    """School leaves the card. Nobody is sent to it, and the children's team promises the whole summer."""
    pack = load_pack(ROOT / "packs/summer")
    assert pack.about.routes.card == ("emergency", "local", "police", "crisis", "home", "children")
    texts = (*pack.texts["en"].passages(), *pack.texts["en"].beside(), *pack.site["en"].passages())
    promises = {promise for passage in texts for promise in passage.promises}
    assert {"august-line", "not-the-abuser", "trip-help"} <= promises
    assert promises.isdisjoint({"call-from-school", "day-or-night"})


def test_no_fridge_says_in_any_language_that_somebody_is_hurt_at_home() -> None:
    """The helpline's name has the harm in it. On a card to put up there is a question and the number."""
    pack = load_pack(ROOT / "packs/summer")
    assert len(pack.short) == 11
    for text in pack.short.values():
        card = " ".join(f"{one.text} {one.aside}" for one in text.section("card").passages)
        assert "((route home))" in card
        assert "((route home name))" not in card, text.language


def test_no_line_tells_how_a_child_might_refuse_to_travel() -> None:
    """Whoever plans the trip may be the one who reads it. No country, faith or community is named either."""
    pack = load_pack(ROOT / "packs/summer")
    texts = (*pack.texts["en"].passages(), *pack.texts["en"].beside(), *pack.site["en"].passages())
    told = r"airport|airline|passport|refuse|hide|run away|metal|spoon|visa|embassy|cousin|wedding|muslim|africa|asia"
    assert [one.place for one in texts if re.search(told, f"{one.text} {one.aside}", re.IGNORECASE)] == []


@PACKS
def test_a_pack_has_press_lines_that_rest_on_something_and_say_how_to_write_with_care(pack: Pack) -> None:
    """Each answer has a source, or is a promise that somebody agreed to. No figure and no number is typed in."""
    press = pack.texts["en"].press
    assert press is not None, "write press.en.md"
    assert len([one for one in press.section("say").passages if one.text.startswith("“")]) == 3
    answers = press.section("ask").passages
    assert len(answers) >= 5
    assert not [one.place for one in answers if not (one.sources or one.promise)]
    words = " ".join(one.words for one in press.passages())
    assert not re.search(r"\d", words)
    report = " ".join(one.words for one in press.section("report").passages)
    for said in ("((route emergency))", "((route local))", "((route children))", "Samaritans’ media guidelines"):
        assert said in report


@PACKS
def test_whoever_talks_of_wanting_to_die_has_a_number_beside_it(pack: Pack) -> None:
    english = pack.texts["en"]
    every = [*english.passages(), *english.outside(), *english.beside(), *pack.site["en"].passages()]
    named = [one for one in every if "wanting to die" in one.text]
    assert named
    assert not [one.place for one in named if "((route emergency))" not in f"{one.text} {one.aside}"]


@PACKS
def test_words_of_a_pack_stand_where_their_place_says(pack: Pack) -> None:
    """Also for headings, items, asides, subjects and text messages; what comes after a filled gap is further along."""
    english = pack.texts["en"]
    written = {
        (one.id, words)
        for one in (*english.passages(), *english.outside(), *english.beside())
        for words in (one.text, one.aside)
    }
    pieces = [piece for piece in pieces_of(letter_of(pack.id)) if (piece.passage, piece.text) in written]
    assert {"title", "heading", "paragraph", "item", "aside", "subject"} <= {piece.kind for piece in pieces}
    filled = {one.id for one in english.passages() if "((" in one.text}
    for piece in pieces:
        if piece.kind == "aside" and piece.passage in filled:
            continue
        line = (ROOT / "packs" / piece.place.file).read_text(encoding="utf-8").split("\n")[piece.place.line - 1]
        found = line[piece.place.column - 1 :]
        is_wrapped = bool(found) and piece.text.startswith(found)
        assert found.startswith(piece.text) or is_wrapped, piece


def _pages() -> Iterator[tuple[str, Mapping[str, SiteText], Mapping[str, Source]]]:
    for path in sorted((ROOT / "packs").glob("*/pack.toml")):
        pack = load_pack(path.parent)
        if pack.site:
            yield pack.id, pack.site, pack.sources
    general = load_site_pack(ROOT / "packs/parent-site")
    yield "parent-site", general.texts, general.sources


@pytest.mark.parametrize(("name", "texts", "sources"), [pytest.param(*one, id=one[0]) for one in _pages()])
def test_pages_have_no_finding_in_any_language(
    name: str, texts: Mapping[str, SiteText], sources: Mapping[str, Source]
) -> None:
    context = CheckContext.of_site(texts, load_partnership(DEMO), today=date(2027, 3, 2), sources=sources)
    assert {piece.language for piece in context.pieces} == set(texts)
    assert run(context).findings == (), name
