"""A passage as HTML: escaped, filled, numbers isolated, and English marked where it stands in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from markupsafe import Markup

from everyfamily.core.errors import SourceLocation
from everyfamily.core.packs.site_text import SiteText
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.passages import Passage, Section
from everyfamily.parentsite.lines import Gaps, Speaker, route_link, stands_in, tel
from tests.factories.demonstration import demo_partnership
from tests.factories.each import each
from tests.factories.letters import make_route

EN = ' lang="en" dir="ltr"'
TODAY = {"en": "2 March 2027", "ur": "2 مارچ 2027", "pl": "2 marca 2027"}
AREA = '<bdi lang="en" dir="ltr">Eastmere</bdi>'
CALL_999 = '<a class="n" href="tel:999" rel="noreferrer"><bdi dir="ltr">999</bdi></a>'


def text(language: str, *items: tuple[str, str | None], heading: str = "Heading") -> SiteText:
    """One section "now" of items with their asides."""
    place = SourceLocation(f"site.{language}.md")
    passages = tuple(
        Passage(f"site/now/{number}", "item", words, place, aside)
        for number, (words, aside) in enumerate(items, 1)
    )
    section = Section("now", Passage("site/now", "heading", heading, place), passages)
    return SiteText(language, Passage("site", "title", "Title", place), (section,))


def speaker(
    english: SiteText,
    own: SiteText | None = None,
    *,
    language: str | None = None,
    partnership: Partnership | None = None,
    unlinked: tuple[str, ...] = (),
) -> Speaker:
    texts = {"en": english} | ({own.language: own} if own else {})
    tag = language or (own.language if own else "en")
    return Speaker(texts, tag, Gaps(partnership or demo_partnership(), TODAY), unlinked=unlinked)


def said(words: str, language: str = "en", partnership: Partnership | None = None) -> str:
    """The HTML of these words in a text of `language`."""
    own = None if language == "en" else text(language, (words, None))
    english = text("en", (words, None))
    return str(speaker(english, own, partnership=partnership)["now"].items[0].html)


@pytest.mark.parametrize("language", ["ar", "ckb", "ur"])
def test_a_number_and_the_english_word_beside_it_are_isolated_as_one(language: str) -> None:
    both = f'<bdi lang="en" dir="ltr">{CALL_999} BSL</bdi>'
    assert said("((route emergency)) BSL", language) == both
    assert said("ویڈیو: ((route emergency)) BSL.", language) == f"ویڈیو: {both}."
    childline = '<a class="n" href="tel:08001111" rel="noreferrer"><bdi dir="ltr">0800\u00a01111</bdi></a>'
    assert said("Childline UK ((route children))", language) == (
        f'<bdi lang="en" dir="ltr">Childline UK {childline}</bdi>'
    )
    assert said("پر ((route emergency)) فون", language) == f"پر {CALL_999} فون"


def test_from_left_to_right_a_number_and_a_word_need_no_common_isolation() -> None:
    for language in ("en", "pl"):
        assert said("((route emergency)) BSL", language) == f"{CALL_999} BSL"


def test_plain_words_are_escaped() -> None:
    assert said("<b>a & b</b> \"c\" 'd'") == "&lt;b&gt;a &amp; b&lt;/b&gt; &#34;c&#34; &#39;d&#39;"


@pytest.mark.parametrize("language", ["en", "ur", "ar", "pl"])
def test_a_partnerships_own_name_is_escaped(language: str) -> None:
    named = replace(demo_partnership(), name='Sea & <Shore> "SCP"')
    html = said("((partnership))", language, named)
    assert "Sea &amp; &lt;Shore&gt; &#34;SCP&#34;" in html
    assert "<Shore>" not in html


def test_a_gap_in_a_value_is_not_filled_again() -> None:
    named = replace(demo_partnership(), name="\ue0000\ue001 ((site))", area="X")
    assert said("((partnership)) ((area))", "en", named) == "\ue0000\ue001 ((site)) X"


def test_the_marks_of_gaps_in_a_text_are_not_taken_for_gaps() -> None:
    assert said("a\ue0000\ue001b \ue000999\ue001 ((area))") == "a0b\u00a0999 Eastmere"


@each(
    "gap, html",
    [
        ("area", "Eastmere"),
        ("partners", "Eastmere City Council and Eastmere Police"),
        ("partnership", "Eastmere Safeguarding Children Partnership"),
        ("enquiries role", "Family letters team"),
        ("statement day", "2 March\u00a02027"),
        ("route children name", "Childline"),
        ("route emergency", CALL_999),
        ("Route_Emergency", CALL_999),
        (
            "route local",
            '<a class="n" href="tel:01514960120" rel="noreferrer">'
            '<bdi dir="ltr">0151\u00a0496\u00a00120</bdi></a>',
        ),
        (
            "route online",
            '<a href="https://ceop.police.uk/Safety-Centre" rel="noreferrer">'
            '<bdi dir="ltr">ceop.police.uk/Safety-Centre</bdi></a>',
        ),
        (
            "mailbox",
            '<a href="mailto:letters@eastmere.example" rel="noreferrer">'
            '<bdi dir="ltr">letters@eastmere.example</bdi></a>',
        ),
        (
            "site",
            '<a href="https://families.eastmere.example" rel="noreferrer">'
            '<bdi dir="ltr">families.eastmere.example</bdi></a>',
        ),
    ],
)
def test_each_gap_becomes_its_words_or_its_link(gap: str, html: str) -> None:
    assert said(f"(({gap}))") == html


def test_the_enquiries_number_and_hours_are_the_partnerships() -> None:
    enquiries = demo_partnership().enquiries
    html = said("((enquiries number)), ((enquiries hours))")
    assert f'href="tel:{enquiries.number.replace(" ", "")}"' in html
    assert Markup(html).striptags().replace("\u00a0", " ") == f"{enquiries.number}, {enquiries.hours}"


def test_one_partner_and_three_are_listed_as_people_say_it() -> None:
    partnership = demo_partnership()
    one = replace(partnership, bodies=partnership.bodies[:1])
    three = replace(
        partnership, bodies=(*partnership.bodies, replace(partnership.bodies[0], name="Eastmere NHS"))
    )
    assert said("((partners))", "en", one) == "Eastmere City Council"
    assert said("((partners))", "en", three) == "Eastmere City Council, Eastmere Police and Eastmere NHS"


def test_partners_are_joined_as_each_language_joins_them() -> None:
    council, police = (
        f'<bdi lang="en" dir="ltr">{name}</bdi>' for name in ("Eastmere City Council", "Eastmere Police")
    )
    joined = {"ckb": " و ", "bn": " এবং ", "pa": " ਅਤੇ ", "so": " iyo ", "ro": " și ", "pt": " e ", "uk": " і "}
    for language, between in joined.items():
        assert said("((partners))", language).replace("\u00a0", " ") == f"{council}{between}{police}"


@pytest.mark.parametrize("language", ["ur", "ar", "pl"])
def test_numbers_are_isolated_and_unbroken_in_every_language(language: str) -> None:
    html = said("فون ((route local)) کریں", language)
    assert '<bdi dir="ltr">0151\u00a0496\u00a00120</bdi>' in html
    assert html.startswith("فون <a ")


@pytest.mark.parametrize("language", ["ur", "ar", "pl"])
def test_a_partnerships_english_words_are_marked_in_another_language(language: str) -> None:
    assert said("x ((area)) y", language) == f"x {AREA} y"
    assert said("((route local name))", language) == ('<bdi lang="en" dir="ltr">Eastmere children’s team</bdi>')


def test_a_route_that_the_register_lacks_stays_open_in_a_preview() -> None:
    assert said("call ((route careline)) or ((route emergency))") == f"call ((route careline)) or {CALL_999}"


def test_the_day_is_written_as_the_language_writes_it() -> None:
    assert said("((statement day))", "ur") == "2 مارچ 2027"


def test_numbers_in_an_english_text_are_kept_together() -> None:
    assert (
        said("Press 55, call 0151 496 0120 at 9am")
        == "Press\u00a055, call\u00a00151\u00a0496\u00a00120 at\u00a09am"
    )


def test_a_line_in_its_own_language_has_no_marks() -> None:
    part = speaker(text("en", ("one", "aside")), text("ur", ("ایک", "ساتھ"), heading="عنوان"))["now"]
    assert [str(part.heading.html), str(part.heading.attributes)] == ["عنوان", ""]
    line = part.items[0]
    assert (line.html, line.attributes, line.aside, line.aside_attributes) == ("ایک", "", "ساتھ", "")


def test_what_is_not_translated_stands_in_english_and_says_so() -> None:
    part = speaker(
        text("en", ("in ((area))", "an aside"), ("two", "its aside")),
        text("ur", ("…", "ساتھ"), ("دو", "…"), heading="…"),
    )
    lines = part["now"].lines
    assert (lines[0].html, lines[0].attributes) == ("in Eastmere", EN)
    assert (lines[0].aside, lines[0].aside_attributes) == ("ساتھ", "")
    assert (lines[1].html, lines[1].attributes) == ("دو", "")
    assert (lines[1].aside, lines[1].aside_attributes) == ("its aside", EN)
    assert (part["now"].heading.html, part["now"].heading.attributes) == ("Heading", EN)


def test_an_aside_that_the_translation_lacks_stands_in_english() -> None:
    line = speaker(text("en", ("one", "an aside")), text("ur", ("ایک", None)))["now"].items[0]
    assert (line.aside, line.aside_attributes) == ("an aside", EN)


def test_an_item_without_an_aside_has_none() -> None:
    line = speaker(text("en", ("one", None)), text("ur", ("ایک", None)))["now"].items[0]
    assert (line.aside, line.aside_attributes) == (None, "")


@pytest.mark.parametrize("lacks", ["section", "text"])
def test_a_section_or_a_text_that_is_not_there_yet_stands_in_english(lacks: str) -> None:
    english = text("en", ("in ((area)), ((statement day))", "an aside"))
    own = replace(text("ur"), sections=()) if lacks == "section" else None
    made = speaker(english, own, language="ur")
    part = made["now"]
    assert (part.heading.html, part.heading.attributes) == ("Heading", EN)
    assert (part.items[0].html, part.items[0].attributes) == ("in Eastmere, 2 March\u00a02027", EN)


def test_english_itself_is_never_marked() -> None:
    made = speaker(text("en", ("…", None)))
    assert (made["now"].items[0].html, made["now"].items[0].attributes) == ("…", "")


def test_ids_are_the_same_in_every_language() -> None:
    made = speaker(text("en", ("one", None), ("two", None)), text("ur", ("ایک", None), ("دو", None)))["now"]
    assert [made.heading.id, *(line.id for line in made.lines)] == ["now", "now/1", "now/2"]


def test_paragraphs_and_items_are_told_apart() -> None:
    english = text("en", ("one", None), ("two", None))
    section = english.sections[0]
    mixed = replace(section, passages=(replace(section.passages[0], kind="paragraph"), section.passages[1]))
    part = speaker(replace(english, sections=(mixed,)))["now"]
    assert [str(line.html) for line in part.paragraphs] == ["one"]
    assert [str(line.html) for line in part.items] == ["two"]
    assert [str(line.html) for line in part.lines] == ["one", "two"]


def test_a_section_that_the_english_does_not_have_is_a_mistake_of_a_template() -> None:
    with pytest.raises(KeyError, match="later"):
        speaker(text("en", ("one", None)))["later"]


def test_a_section_without_heading_is_a_mistake_too() -> None:
    english = text("en", ("one", None))
    bare = replace(english, sections=(replace(english.sections[0], heading=None),))
    with pytest.raises(KeyError, match="now"):
        speaker(bare)["now"]


def test_a_number_that_is_not_for_an_ordinary_call_has_no_link() -> None:
    english = text("en", ("text ((route emergency))", None))
    assert str(speaker(english, unlinked=("now",))["now"].items[0].html) == (
        'text <bdi class="n" dir="ltr">999</bdi>'
    )
    assert "href" in speaker(english, unlinked=("deaf",))["now"].items[0].html


@pytest.mark.parametrize(
    ("fields", "address"),
    [
        ({"number": "0151 496 0120"}, ("tel:01514960120", "0151\u00a0496\u00a00120")),
        ({"number": "999"}, ("tel:999", "999")),
        ({"number": "", "url": "example.org/help"}, ("https://example.org/help", "example.org/help")),
        ({"number": "((school number))"}, None),
        ({"number": ""}, None),
    ],
)
def test_a_route_leads_to_its_number_or_its_page(fields: dict[str, str], address: tuple[str, str] | None) -> None:
    assert route_link(make_route(**fields)) == address


def test_a_tel_address_has_no_spaces() -> None:
    assert tel("0808 800 5000") == "tel:08088005000"


def test_words_of_another_language_say_which_and_in_which_direction() -> None:
    assert stands_in("ur", "ur") == ""
    assert stands_in("ur", "en") == EN
    assert stands_in("en", "ur") == ' lang="ur" dir="rtl"'
