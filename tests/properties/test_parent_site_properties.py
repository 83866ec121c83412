"""What a family reads is what was written: for any words and any partnership, escaped, whole and in order."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.site_files import SiteTable, SiteTranslation, site_texts
from everyfamily.core.packs.site_text import SiteText, site_digest
from everyfamily.core.partnership.route_hours import DAY, RouteHours, Span
from everyfamily.core.text.passages import Passage, Section
from everyfamily.core.text.placeholders import fill
from everyfamily.parentsite.furniture import furniture_languages, furniture_of
from everyfamily.parentsite.lines import Gaps, Speaker
from tests.factories.demonstration import demo_partnership
from tests.factories.letters import make_route

LANGUAGES = st.sampled_from(["en", "ar", "pl", "ur"])
TODAY = dict.fromkeys(("en", "ar", "pl", "ur"), "2 March 2027")
PIECES = st.sampled_from(
    [
        *("<b>", "&", '"', "'", "</bdi>", "<script>alert(1)</script>", "&lt;", "<!--", "]]>", " ", "…"),
        *(
            "خط",
            "ایک",
            "zażółć",
            "\u202e",
            "\u2066",
            "\u00a0",
            "0151 496 0120",
            "((area",
            "area))",
            "{x}",
            "{{ x }}",
        ),
        *(
            "((area))",
            "((partners))",
            "((partnership))",
            "((site))",
            "((mailbox))",
            "((statement day))",
            "((unknown))",
        ),
        *(
            "((route emergency))",
            "((route local))",
            "((ROUTE online))",
            "((route local name))",
            "((enquiries number))",
        ),
    ]
)
WORDS = st.lists(PIECES | st.text(max_size=5), min_size=1, max_size=6).map("".join).filter(str.strip)
PARTS = st.sampled_from(["<b>", "&lt;", "</bdi>", "<!--"]) | st.sampled_from("aB é&<>\"'/;ر()")
NAMES = (
    st.lists(PARTS, min_size=1, max_size=8)
    .map("".join)
    .filter(
        lambda name: "((" not in name and "))" not in name and not name.endswith("(") and not name.startswith(")")
    )
)
DIGITS = st.lists(st.sampled_from(["0", "01", "999", "151 4"]), min_size=1, max_size=3).map(" ".join)


class Reader(HTMLParser):
    """Gathers the words of a piece of HTML, and holds its tags to those that a line may have."""

    ALLOWED = {
        "bdi": {("dir", "lang"), ("dir",)},
        "a": {("class", "href", "rel"), ("href", "rel")},
    }

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.ALLOWED, tag
        assert tuple(sorted(name for name, _ in attrs)) in self.ALLOWED[tag], attrs
        given = dict(attrs)
        assert str(given.get("href", "tel:")).startswith(("tel:", "https://", "mailto:"))
        assert given.get("dir", "ltr") == "ltr"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")


AND = {"en": " and ", "pl": " i ", "ar": " و", "ur": " اور "}
"""Between two names, as each language joins them."""


def words_of(markup: str) -> str:
    reader = Reader()
    reader.feed(markup)
    reader.close()
    assert reader.open == []
    return reader.words


def text(language: str, words: str, aside: str | None = None) -> SiteText:
    place = SourceLocation(f"site.{language}.md")
    passage = Passage("site/now/1", "paragraph" if aside is None else "item", words, place, aside)
    section = Section("now", Passage("site/now", "heading", "Heading", place), (passage,))
    return SiteText(language, Passage("site", "title", "Title", place), (section,))


def plain(words: str) -> str:
    """As two texts are compared: spaces that do not break are spaces, and the two marks of ours are taken out."""
    return words.replace("\u00a0", " ").replace("\ue000", "").replace("\ue001", "").replace("\r\n", "\n")


@given(WORDS, WORDS, LANGUAGES, NAMES, NAMES, DIGITS)
def test_the_words_of_a_line_are_those_of_its_passage_filled(
    english: str, own: str, language: str, name: str, area: str, number: str
) -> None:
    partnership = replace(
        demo_partnership(),
        name=name,
        area=area,
        site="eastmere.example/families",
        routes=(
            make_route(id="emergency", number="999"),
            make_route(id="local", number=number, label=name),
            make_route(id="online", number="", url="example.org/help"),
        ),
    )
    values = {
        "area": area,
        "partnership": name,
        "partners": AND["en" if own == "…" else language].join(["Eastmere City Council", "Eastmere Police"]),
        "site": partnership.site,
        "mailbox": partnership.reply_mailbox,
        "statement day": TODAY[language],
        "enquiries number": partnership.enquiries.number,
        "route emergency": "999",
        "route local": number,
        "route local name": name,
        "route online": "example.org/help",
    }
    texts = {"en": text("en", english)} | ({} if language == "en" else {language: text(language, own)})
    shown = english if language == "en" or own == "…" else own
    try:
        expected = fill(shown, values)
    except EveryfamilyError:
        return  # a gap within a gap: refused when the text is read
    part = Speaker(texts, language, Gaps(partnership, TODAY))["now"]
    assert plain(words_of(str(part.lines[0].html))) == plain(expected)
    for raw in ("<b>", "<script", "<!--"):
        assert raw not in part.lines[0].html


@given(WORDS, st.sampled_from(["ar", "pl", "ur"]))
def test_english_that_stands_in_is_what_an_english_page_says(english: str, language: str) -> None:
    gaps = Gaps(demo_partnership(), TODAY)
    texts = {"en": text("en", english, english), language: text(language, "…", "…")}
    try:
        said = Speaker(texts, "en", gaps)["now"].items[0]
    except EveryfamilyError:
        return
    stands_in = Speaker(texts, language, gaps)["now"].items[0]
    assert (stands_in.html, stands_in.aside) == (said.html, said.aside)
    assert stands_in.attributes == stands_in.aside_attributes == ' lang="en" dir="ltr"'
    assert said.attributes == said.aside_attributes == ""


@given(WORDS, st.text(max_size=10))
def test_every_change_of_the_words_changes_the_digest(words: str, other: str) -> None:
    same = site_digest(text("en", words)) == site_digest(text("ur", other))
    assert same is (words == other)
    assert site_digest(text("en", words, words)) != site_digest(text("en", words))


TOKENS = st.sampled_from(
    [
        *("55", "۵۵", "٥٥", "44", "²", "5", "call", "فون", "…", "\u200f", "\u202e"),
        *("((area))", "((AREA))", "((route local))", "((route emergency))", "((route local name))"),
        *("help.example.org", "example.org/help", "x@example.org", "|"),
    ]
)
ITEMS = st.lists(TOKENS, min_size=1, max_size=4).map(" ".join)


@st.composite
def items(draw: st.DrawFn) -> tuple[str, str]:
    """An English item and its translation: the same pieces in another order, or others."""
    english = draw(ITEMS)
    return english, draw(st.permutations(english.split(" ")).map(" ".join) | ITEMS)


def to_call(words: str) -> tuple[set[str], set[str]]:
    """Gaps and addresses, and single digits in Western digits, of a passage as it is written."""
    bare = re.sub(r"\(\(.*?\)\)", "", words)
    digits = {str(unicodedata.digit(one)) for one in bare if one.isdigit()}
    gaps = {one.casefold() for one in re.findall(r"\(\(.*?\)\)", words)}
    return gaps | {one for one in words.split() if ".org" in one}, digits


@given(items())
def test_a_translation_that_is_read_shows_the_gaps_digits_and_addresses_of_the_english(
    item: tuple[str, str],
) -> None:
    form = "# T {{#title}}\n\n## H | A {{#now}}\n\n- {}\n"
    files = {f"pages.{tag}.md": form.format(words) for tag, words in zip(("en", "ur"), item, strict=True)}
    made = SiteTranslation(translator="T. Person", english_digest="0" * 16)
    table = SiteTable(translations={"ur": made})
    try:
        texts = site_texts(files.__getitem__, "pack", "pages", table, TomlPlaces("", "pack.toml"), {"now": ""})
    except EveryfamilyError:
        assert item[0] != item[1] or "|" in item[0] or "\u202e" in item[0]
        return
    assert "\u202e" not in "".join(item)
    english, own = (text.sections[0].passages[0] for text in texts.values())
    shown = [
        own.text if own.text != "…" else english.text,
        own.aside if own.aside not in (None, "…") else english.aside,
    ]
    assert to_call(" ".join(one or "" for one in shown)) == to_call(f"{english.text} {english.aside or ''}")


SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, DAY)).map(lambda one: Span(*one)),
    max_size=12,
)


@given(SPANS)
def test_grouping_by_days_loses_no_hours_and_makes_none(spans: list[Span]) -> None:
    grouped = RouteHours(tuple(spans)).by_days()
    again = [Span(day, *hours) for days, held in grouped for day in days for hours in held]
    assert sorted(again) == sorted(spans)
    for days, _ in grouped:
        assert days == list(range(days[0], days[-1] + 1))
    assert [days[0] for days, _ in grouped] == sorted(days[0] for days, _ in grouped)


@given(SPANS)
def test_two_runs_of_days_beside_each_other_have_other_hours(spans: list[Span]) -> None:
    grouped = RouteHours(tuple(spans)).by_days()
    for (days, hours), (later, other) in pairwise(grouped):
        assert days[-1] + 1 < later[0] or hours != other


@given(SPANS)
def test_hours_without_a_fault_never_overlap(spans: list[Span]) -> None:
    minutes = [(span.weekday, minute) for span in spans for minute in range(span.opens, span.closes)]
    good = all(span.opens < span.closes for span in spans) and len(set(minutes)) == len(minutes)
    assert (RouteHours(tuple(spans)).faults() == []) is good


@given(SPANS.filter(bool), LANGUAGES)
def test_hours_have_western_digits_in_every_language(spans: list[Span], language: str) -> None:
    opening = RouteHours(tuple(spans))
    lines = furniture_of(language).hours(opening)
    assert len(lines) == len(opening.by_days())
    assert all(digit in "0123456789" for line in lines for digit in line if digit.isdigit())
    assert sum(line.count(":") for line in lines) >= 2 * sum(len(hours) for _, hours in opening.by_days())


@given(st.dates(), st.sampled_from(furniture_languages()))
def test_a_day_has_western_digits_and_its_year(day: date, language: str) -> None:
    said = furniture_of(language).day(day)
    digits = "".join(one if one.isdigit() else " " for one in said).split()
    assert digits == [str(day.day), str(day.year)]
