"""The parent site's texts: English whole and in order, a translation in its shape, every gap known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from pydantic import ValidationError

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.toml_files import TomlNotValid, TomlPlaces, parse_toml
from everyfamily.core.packs.pack_sections import PackIncomplete
from everyfamily.core.packs.pack_text import PackTextMalformed
from everyfamily.core.packs.site_files import SiteTable, SiteTranslation, site_texts
from everyfamily.core.packs.site_pack import SitePackFile
from everyfamily.core.packs.site_text import (
    PAGE_SECTIONS,
    PLACES,
    TOPIC_SECTIONS,
    SiteText,
    is_second_person,
    site_digest,
)
from tests.factories.each import each

REQUIRED = {"signs": "what to look for", "now": "what to tell us about", "fears": "worries and answers"}
ENGLISH = """\
# Letters {#title}

## Signs to look for {#signs}

In ((area)), one change is enough. {source=S1}

## Tell us now | What to do {#now}

- goes missing | call ((route emergency)) {source=S1}
- is hurt | get help

## Worries | What we can say {#fears}

- It was nothing | Then it was nothing. {promise=no-blame}
"""
URDU = """\
# خط {#title}

## نشانیاں {#signs}

((area)) میں ایک تبدیلی کافی ہے۔

## ابھی بتائیں | کیا کریں {#now}

- لاپتہ ہونا | ((route emergency)) پر فون کریں
- چوٹ | …

## فکریں | جواب {#fears}

- … | …
"""
GRAVE = "- goes missing | call ((route emergency)) {source=S1}"
GRAVE_IN_URDU = "- لاپتہ ہونا | ((route emergency)) پر فون کریں"
DIGEST = "0123456789abcdef"
MADE = SiteTranslation(translator="T. Person", english_digest=DIGEST)


def read(
    english: str = ENGLISH,
    made: SiteTranslation = MADE,
    wanted: Collection[str] | None = None,
    **translations: str,
) -> dict[str, SiteText]:
    files = {"pages.en.md": english} | {f"pages.{tag}.md": text for tag, text in translations.items()}
    table = SiteTable(translations=dict.fromkeys(translations, made))
    places = TomlPlaces("", "pack/pack.toml")
    return site_texts(files.__getitem__, "pack", "pages", table, places, REQUIRED, wanted)


def refusal(english: str = ENGLISH, **translations: str) -> EveryfamilyError:
    with pytest.raises(PackIncomplete) as caught:
        read(english, **translations)
    return caught.value


def lines(english: str, urdu: str) -> dict[str, str]:
    """Both texts, each with this item in the place of the first under "now"."""
    return {"english": changed(ENGLISH, GRAVE, english), "ur": changed(URDU, GRAVE_IN_URDU, urdu)}


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def without(text: str, section: str) -> str:
    kept, standing = [], True
    for line in text.split("\n"):
        if line.startswith("## "):
            standing = not line.endswith(f"{{#{section}}}")
        if standing:
            kept.append(line)
    return "\n".join(kept)


def test_the_english_reads_whole() -> None:
    text = read()["en"]
    assert [section.id for section in text.sections] == list(REQUIRED)
    assert [one.id for one in text.passages()] == [
        *("site", "site/signs", "site/signs/1", "site/now", "site/now/1", "site/now/2"),
        *("site/fears", "site/fears/1"),
    ]
    assert text.translator is None
    assert text.is_reviewed
    assert text.english_digest == site_digest(text)


def test_a_passage_that_has_no_heading_over_it_is_read_as_well() -> None:
    text = read()["en"]
    bare = replace(text, sections=(replace(text.sections[0], heading=None),))
    assert [one.id for one in bare.passages()] == ["site", "site/signs/1"]


@pytest.mark.parametrize("section", list(REQUIRED))
def test_a_missing_section_of_the_english_is_named(section: str) -> None:
    error = refusal(without(ENGLISH, section))
    assert error.fact == f'The section "{section}" is missing: {REQUIRED[section]}.'
    assert str(error.place) == "pack/pages.en.md:1"


@each(
    "old, new, fact, line",
    [
        ("{#now}", "{#later}", 'The section "now" is missing', 1),
        ("((area))", "((town))", 'The gap "((town))" is not one of the parent site\'s.', 5),
        ("((area))", "((school))", 'The gap "((school))" is not one', 5),
        ("((area))", "((area ((site))))", "A gap is opened inside another gap.", 5),
        ("((area))", "((area", "A gap is opened and not closed, or has a condition.", 5),
        ("((area))", "((area??yes))", "A gap is opened and not closed, or has a condition.", 5),
        ("call ((route emergency))", "call ((route school))", 'The gap "((route school))" is not one', 9),
        ("call ((route emergency))", "ask ((route school name))", 'The gap "((route school name))" is', 9),
        ("call ((route emergency))", "call ((emergency))", 'The gap "((emergency))" is not one', 9),
        ("## Signs to look for {#signs}", "## {#signs}", 'The section "signs" has no heading.', 5),
        (" | What to do", "", "The heading does not say what the asides of its items are.", 7),
        (" | Then it was nothing.", "", "The item has no answer.", 14),
        (
            "## Worries | What we can say {#fears}\n\n- It was nothing | Then it was nothing. {promise=no-blame}",
            "## Worries {#fears}",
            'The section "fears" has no words.',
            12,
        ),
    ],
)
def test_a_fault_in_the_english_is_named_with_its_line(old: str, new: str, fact: str, line: int) -> None:
    error = refusal(changed(ENGLISH, old, new))
    assert error.fact.startswith(fact)
    assert error.fix
    assert str(error.place) == f"pack/pages.en.md:{line}"


def test_a_section_without_heading_and_words_has_the_place_of_the_text() -> None:
    text = ENGLISH.replace("{#fears}", "{#told}")
    bare = text[: text.index("## Worries")] + "## {#told}\n"
    with pytest.raises(PackIncomplete, match="no heading") as caught:
        site_texts(
            {"pages.en.md": bare}.__getitem__,
            "pack",
            "pages",
            SiteTable(),
            TomlPlaces("", "pack/pack.toml"),
            {"signs": "", "now": "", "told": ""},
        )
    assert str(caught.value.place) == "pack/pages.en.md:1"


def test_sections_in_another_order_are_refused() -> None:
    at = ENGLISH.index("## Tell us now"), ENGLISH.index("## Worries")
    swapped = ENGLISH[: at[0]] + ENGLISH[at[1] :] + "\n" + ENGLISH[at[0] : at[1]]
    assert refusal(swapped).fact == "The sections are not in the order of pages.en.md."


def test_a_known_gap_is_known_however_it_is_spelt() -> None:
    assert read(changed(ENGLISH, "((area))", "((Enquiries_Role)), ((ROUTE local name)), ((statement day))"))


def test_an_unknown_gap_of_a_translation_is_refused_with_its_place() -> None:
    error = refusal(ur=changed(URDU, "((area))", "((شہر))"))
    assert error.fact.startswith('The gap "((شہر))"')
    assert str(error.place) == "pack/pages.ur.md:5"


def test_a_translation_says_who_made_it_of_which_english() -> None:
    text = read(ur=URDU)["ur"]
    assert (text.language, text.translator, text.checker, text.english_digest) == (
        "ur",
        "T. Person",
        None,
        DIGEST,
    )
    assert not text.is_reviewed


@pytest.mark.parametrize("section", list(REQUIRED))
def test_a_translation_may_lack_a_section(section: str) -> None:
    text = read(ur=without(URDU, section))["ur"]
    assert text.section(section) is None
    assert [one.id for one in text.sections] == [name for name in REQUIRED if name != section]


@pytest.mark.parametrize(
    ("old", "new", "fact", "line"),
    [
        ("{#now}", "{#later}", 'The English text has no section "later".', 7),
        ("## ابھی بتائیں | کیا کریں {#now}", "## {#later}", 'The English text has no section "later".', 1),
        ("- چوٹ | …", "", 'The section "now" has other passages than the English one (1 and 2).', 7),
        ("- چوٹ | …", "\nچوٹ", 'The section "now" has other passages than the English one (2 and 2).', 7),
        ("- چوٹ | …", "- چوٹ\n- درد", 'The section "now" has other passages than the English one (3 and 2).', 7),
        ("## نشانیاں {#signs}", "## {#signs}", 'The section "signs" has other passages', 1),
        ("## نشانیاں {#signs}", "## نشانیاں | وجہ {#signs}", 'The section "signs" has other passages', 3),
    ],
)
def test_a_translation_never_has_another_shape(old: str, new: str, fact: str, line: int) -> None:
    error = refusal(ur=changed(URDU, old, new))
    assert error.fact.startswith(fact)
    assert str(error.place) == f"pack/pages.ur.md:{line}"


@pytest.mark.parametrize(
    ("new", "named"),
    [
        ("- لاپتہ ہونا | 999 پر فون کریں", 'none and "((route emergency))"'),
        ("- لاپتہ ہونا | ((route police)) پر فون کریں", '"((route police))" and "((route emergency))"'),
        (
            "- ((route emergency)) ((route local)) | فون",
            '"((route emergency))", "((route local))" and "((route emergency))"',
        ),
        ("- لاپتہ ہونا، ((area)) | ((route emergency))", '"((area))", "((route emergency))" and'),
    ],
)
def test_a_translation_has_the_gaps_of_the_english(new: str, named: str) -> None:
    error = refusal(ur=changed(URDU, GRAVE_IN_URDU, new))
    assert error.fact.startswith(f"The passage has other gaps than the English one ({named}")
    assert str(error.place) == "pack/pages.ur.md:9"


@pytest.mark.parametrize(
    ("english", "urdu", "named"),
    [
        ("- press 55 | or wait", "- 44 دبائیں | یا رکیں", '"44" and "55"'),
        ("- press 55 | or wait", "- ۴۴ دبائیں | یا رکیں", '"44" and "55"'),
        ("- press 55 | or wait", "- دبائیں | یا رکیں", 'none and "55"'),
        ("- wait | or call", "- رکیں | 0151 496 0199", '"0151", "0199", "496" and none'),
        ("- wait | or call", "- رکیں | ٠١٥١", '"0151" and none'),
        ("- wait | or call", "- رکیں | ⁰¹⁵¹", '"0151" and none'),
        ("- press 5 5 | or wait", "- 55 دبائیں | یا رکیں", '"55" and "5", "5"'),
        ("- a child of 8 to 11 | or older", "- 8 سے 11، یا 8 سے 12 | بڑے", '"11", "12", "8", "8" and "11", "8"'),
    ],
)
def test_a_translation_has_the_digits_of_the_english_whatever_digits_it_writes(
    english: str, urdu: str, named: str
) -> None:
    error = refusal(**lines(english, urdu))
    assert error.fact == f"The passage has other digits than the English one ({named})."
    assert "numbers come by gaps" in error.fix
    assert str(error.place) == "pack/pages.ur.md:9"


@pytest.mark.parametrize(
    ("english", "urdu"),
    [
        ("- press 55 | or wait", "- ۵۵ دبائیں | یا رکیں"),
        ("- press 55 | or wait", "- رکیں | یا ٥٥ دبائیں"),
        ("- a child of 8 to 11 | or older", "- 11 سے 8 سال | بڑے"),
        ("- at ((area)) 24 hours | call ((route local))", "- ۲۴ گھنٹے ((area)) | ((ROUTE_local))"),
    ],
)
def test_the_same_digits_in_another_script_or_order_are_the_same(english: str, urdu: str) -> None:
    assert read(**lines(english, urdu))


@pytest.mark.parametrize(
    ("english", "urdu", "named"),
    [
        ("- look it up | online", "- دیکھیں | help.example.org", '"help.example.org" and none'),
        ("- write | to us", "- لکھیں | help@example.org", '"help@example.org" and none'),
        (
            "- look at example.org/help | online",
            "- example.org/false دیکھیں | دیکھیں",
            '"example.org/false" and "example.org/help"',
        ),
        ("- look at example.org | online", "- دیکھیں | دیکھیں", 'none and "example.org"'),
    ],
)
def test_a_translation_has_the_addresses_of_the_english(english: str, urdu: str, named: str) -> None:
    error = refusal(**lines(english, urdu))
    assert error.fact == f"The passage has other addresses than the English one ({named})."
    assert str(error.place) == "pack/pages.ur.md:9"


def test_an_address_that_the_english_has_may_stand_in_a_translation() -> None:
    assert read(**lines("- look at example.org/help | online", "- دیکھیں | example.org/help پر"))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("- … | …", "- … | 0151 496 0199 پر فون کریں", 14),  # the words wait, what stands beside them does not
        ("- … | …", "- 0151 496 0199 | …", 14),
        ("## فکریں | جواب", "## فکریں 0151 496 0199 | جواب", 12),
        ("## فکریں | جواب", "## فکریں | جواب 0151 496 0199", 12),
    ],
)
def test_a_number_cannot_hide_beside_what_is_not_translated_yet_or_in_a_heading(
    old: str, new: str, line: int
) -> None:
    error = refusal(ur=changed(URDU, old, new))
    assert error.fact == 'The passage has other digits than the English one ("0151", "0199", "496" and none).'
    assert str(error.place) == f"pack/pages.ur.md:{line}"


@pytest.mark.parametrize(
    "new", ["- لاپتہ ہونا | …", "- لاپتہ ہونا", "- … | ((route emergency)) پر فون کریں", "- …"]
)
def test_what_waits_for_its_translation_is_taken_as_the_english_that_stands_there(new: str) -> None:
    assert read(ur=changed(URDU, GRAVE_IN_URDU, new))


def test_words_that_wait_beside_a_translated_aside_have_the_english_digits() -> None:
    assert read(**lines("- press 55 at ((area)) | or wait", "- … | یا رکیں"))


def test_a_number_may_stand_elsewhere_in_its_passage() -> None:
    assert read(ur=changed(URDU, "- لاپتہ ہونا | ((route emergency)) پر فون", "- ((Route Emergency)) | فون"))


@each("mark", ["\u200b", "\u2060", "\u202a", "\u202e", "\u2066", "\u2069", "\ufeff"])
@each("place", ["text", "aside", "heading", "title"])
def test_a_mark_that_nobody_sees_is_refused_in_every_text(mark: str, place: str) -> None:
    words = {"text": "goes miss", "aside": "get he", "heading": "Tell u", "title": "# Lett"}[place]
    line = {"text": 9, "aside": 10, "heading": 7, "title": 1}[place]
    error = refusal(changed(ENGLISH, words, f"{words}{mark}"))
    assert error.fact == f"The passage has an invisible mark in it (U+{ord(mark):04X})."
    assert str(error.place) == f"pack/pages.en.md:{line}"
    error = refusal(ur=changed(URDU, "لاپتہ", f"لا{mark}پتہ"))
    assert (error.fact.endswith(f"(U+{ord(mark):04X})."), str(error.place)) == (True, "pack/pages.ur.md:9")


@pytest.mark.parametrize("mark", ["\u200c", "\u200d", "\u200e", "\u200f"])
def test_joiners_and_the_two_direction_marks_are_writing(mark: str) -> None:
    assert read(ur=changed(URDU, "لاپتہ", f"لا{mark}پتہ"))


def test_an_aside_may_wait_for_its_translation() -> None:
    text = read(ur=changed(URDU, "- چوٹ | …", "- چوٹ"))["ur"]
    now = text.section("now")
    assert now is not None
    assert now.passages[1].aside is None


def test_english_is_not_a_translation() -> None:
    with pytest.raises(PackIncomplete, match="English is not a translation"):
        read(en=ENGLISH)


def test_a_text_that_is_not_in_our_form_is_refused() -> None:
    with pytest.raises(PackTextMalformed):
        read(changed(ENGLISH, "- goes missing", "* goes missing"))


@pytest.mark.parametrize("old", ["# Letters", "Signs to look for", "What to do", "is enough", "call ((", "goes"])
def test_the_digest_changes_with_a_word(old: str) -> None:
    texts = read()["en"], read(ENGLISH.replace(old, f"{old}x" if "((" not in old else f"ring {old}"))["en"]
    assert site_digest(texts[0]) != site_digest(texts[1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{source=S1}\n\n##", "{source=S1,S2}\n\n##"),
        (" {promise=no-blame}", ""),
        ("{#title}\n", "{#title}\n\n"),
        ("In ((area)), one", "In ((area)),\none"),
    ],
)
def test_the_digest_does_not_change_with_a_source_a_promise_or_a_line(old: str, new: str) -> None:
    texts = read()["en"], read(changed(ENGLISH, old, new))["en"]
    assert site_digest(texts[0]) == site_digest(texts[1])
    assert len(site_digest(texts[0])) == 16


@pytest.mark.parametrize(
    ("checker", "counts"),
    [
        ("C. Person", True),
        (None, False),
        ("", False),
        ("  ", False),
        ("T. Person", False),
        ("t.  PERSON ", False),
    ],
)
def test_whoever_translated_is_not_the_second_person(checker: str | None, counts: bool) -> None:
    assert is_second_person(checker, "T. Person") is counts
    text = read(ur=URDU)["ur"]
    assert replace(text, checker=checker, checked_digest=text.own_digest).is_reviewed is counts


def test_a_translation_is_reviewed_only_in_the_words_that_its_checker_read() -> None:
    digest = read(ur=URDU)["ur"].own_digest
    made = MADE.model_copy(update={"checker": "C. Person", "checked_digest": digest})
    text = read(made=made, ur=URDU)["ur"]
    assert digest == site_digest(text)
    assert (text.checker, text.checked_digest, text.own_digest) == ("C. Person", digest, digest)
    assert text.is_reviewed
    # A word changed afterwards, or a digest that nobody wrote: the second reader has not read this.
    assert not read(made=made, ur=changed(URDU, "کیا کریں", "نہ کریں"))["ur"].is_reviewed
    assert not read(made=made.model_copy(update={"checked_digest": None}), ur=URDU)["ur"].is_reviewed
    assert not read(made=made.model_copy(update={"checked_digest": DIGEST}), ur=URDU)["ur"].is_reviewed
    assert not read(made=made.model_copy(update={"checker": None}), ur=URDU)["ur"].is_reviewed


def test_the_six_places_are_sections_of_a_topic() -> None:
    assert set(PLACES) < set(TOPIC_SECTIONS)
    assert not set(PAGE_SECTIONS) & set(TOPIC_SECTIONS)


@pytest.mark.parametrize("digest", ["", "123", "0123456789ABCDEF", "0123456789abcdefg"])
def test_a_digest_that_is_none_is_refused(digest: str) -> None:
    with pytest.raises(ValueError, match="english_digest"):
        SiteTranslation(translator="T. Person", english_digest=digest)
    with pytest.raises(ValueError, match="checked_digest"):
        SiteTranslation(translator="T. Person", english_digest=DIGEST, checked_digest=digest)


def test_a_language_that_is_no_tag_is_refused() -> None:
    text = (
        f'version = "1.0.0"\nreview_on = 2027-08-31\n[site.translations."../x"]\n'
        f'translator = "T"\nenglish_digest = "{DIGEST}"\n'
    )
    with pytest.raises(TomlNotValid):
        parse_toml(SitePackFile, text, "site.toml")


BROKEN = {
    "another number": changed(URDU, GRAVE_IN_URDU, "- لاپتہ ہونا | 0151 496 0199"),
    "another shape": changed(URDU, "- چوٹ | …", ""),
    "an unknown gap": changed(URDU, "((area))", "((شہر))"),
    "not in our form": "* no text of ours",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_language_that_is_left_out_is_not_read_so_a_slip_in_it_stops_nothing(fault: str) -> None:
    for wanted in (("en",), (), ("cy",)):
        assert list(read(ur=BROKEN[fault], wanted=wanted)) == ["en"]
    for asked in (("ur",), ("en", "ur"), None):
        with pytest.raises((PackIncomplete, PackTextMalformed)):
            read(ur=BROKEN[fault], wanted=asked)


def test_only_the_languages_that_are_wanted_are_read_and_english_always() -> None:
    both = {"ur": URDU, "pl": URDU}
    assert list(read(**both, wanted=("pl",))) == ["en", "pl"]
    assert list(read(**both, wanted=("ur", "pl"))) == ["en", "ur", "pl"]
    assert list(read(**both)) == ["en", "ur", "pl"]
    assert list(read(ur=BROKEN["another number"], pl=URDU, wanted=("pl",))) == ["en", "pl"]


def test_english_is_not_a_translation_whatever_is_wanted() -> None:
    with pytest.raises(PackIncomplete, match="English is not a translation"):
        read(en=ENGLISH, wanted=())


@pytest.mark.parametrize(
    "pictures",
    [{"now": ("phone",)}, {"now": ("phone", "hurt", "call")}, {"signs": ("phone",)}, {"nowhere": ("phone",)}],
    ids=["too few", "too many", "a paragraph", "a section that is not there"],
)
def test_a_section_has_one_picture_for_each_item_or_none(pictures: dict[str, tuple[str, ...]]) -> None:
    table = SiteTable(pictures=pictures)
    with pytest.raises(PackIncomplete) as caught:
        site_texts(lambda _: ENGLISH, "pack", "pages", table, TomlPlaces("", "pack/pack.toml"), REQUIRED)
    assert "pictures" in caught.value.fact


def test_a_picture_may_be_crossed_out_and_must_be_one_that_the_site_has() -> None:
    table = SiteTable(pictures={"now": ("no phone", "hurt")})
    assert site_texts(lambda _: ENGLISH, "pack", "pages", table, TomlPlaces("", "pack/pack.toml"), REQUIRED)
    with pytest.raises(ValidationError):
        SiteTable(pictures={"now": ("a phone", "hurt")})
