"""The pages themselves: whole in every language, escaped, marked, and every link of them leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from html.parser import HTMLParser

import pytest

from everyfamily.core.partnership.route_hours import RouteHours, Span
from everyfamily.parentsite import views
from everyfamily.parentsite.assets import build_assets
from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.headers import META_CSP
from everyfamily.parentsite.site import GENERAL_PAGES, TOPIC_PAGES, pages_of
from everyfamily.parentsite.views import Language
from tests.factories.demonstration import REFERENCE, demo_pack, demo_partnership
from tests.factories.sealed import (
    DRAFTS,
    another_topic,
    catalogue_read_by_somebody,
    letter_of_term,
    on_site,
    read_by_somebody,
    rendered,
    site,
    site_pack,
)

LANGUAGES = ("en", *DRAFTS)
OTHER = "harmful-groups-online"
AUTUMN = letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2")
NASTY = "Sea & <b>Shore</b> \"SCP\" 'x'"
HOSTS = {"www.bbc.co.uk", "ceop.police.uk", "childline.org.uk", "families.eastmere.example"}
KNOWN = {
    *("a", "article", "aside", "bdi", "body", "br", "button", "circle", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "head", "header", "html", "img", "input"),
    *("label", "legend", "li", "link", "main", "meta", "nav", "ol", "p", "path", "rect", "script", "section"),
    *("span", "strong", "summary", "svg", "title", "ul"),
}
"""A tag that no template has came out of somebody's words."""
VOID = {"meta", "link", "input", "img", "br", "path", "rect", "circle"}


@dataclass
class Html:
    """A page as its tags, its title, and its words outside of the head."""

    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    title: str = ""
    words: str = ""

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def addresses(self) -> list[str]:
        """Everything that the page may fetch or lead to."""
        names = ("href", "src", "action", "srcset", "poster", "data")
        return [str(one[name]) for _, one in self.tags for name in names if name in one]


class Reader(HTMLParser):
    """Reads a page, and holds it to tags that close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Html()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, attrs)
        self.page.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.page.title += data
        elif "head" not in self.open:
            self.page.words += data


@cache
def read(html: str) -> Html:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.page


@cache
def pages(name: str) -> Mapping[str, str]:
    return rendered(SITES[name])


SITES = {
    "whole": site(languages=LANGUAGES),
    "preview": site(languages=("en", "ur"), preview=True),
    "two letters": site([on_site(), on_site(AUTUMN)], languages=("en", "ur")),
    "two topics": site(
        [on_site(), on_site(replace(AUTUMN, pack=OTHER))],
        packs={demo_pack().id: demo_pack(), OTHER: another_topic()},
        languages=("en", "ur"),
    ),
    "no pack": site(packs={}, languages=("en", "ur")),
    "withdrawn": site([on_site(withdrawn=True), on_site(AUTUMN)], languages=("en", "ur")),
    "written anew": site(
        [on_site(letter_of_term(dated=date(2027, 3, 9), reference="ES-2703-N3W2")), on_site(withdrawn=True)]
    ),
    "under a path": site(
        [on_site(letter_of_term(site="eastmere.example/families"))],
        partnership=replace(demo_partnership(), site="eastmere.example/families"),
        languages=("en", "ur"),
    ),
    "nasty name": site(
        partnership=replace(demo_partnership(), name=NASTY, area=NASTY, leave_to="https://www.bbc.co.uk/weather"),
        languages=("en", "ur"),
    ),
}


def every_page() -> Iterator[tuple[str, str, str]]:
    for name in SITES:
        for path, html in pages(name).items():
            yield name, path, html


@pytest.mark.slow
def test_each_page_is_there_in_each_language() -> None:
    expected = set()
    for tag in LANGUAGES:
        folder = "" if tag == "en" else f"{tag}/"
        for page in pages_of(SITES["whole"]):
            inside = f"{page.path}/" if page.path else ""
            expected.add(f"{folder}404.html" if page.path == "404" else f"{folder}{inside}index.html")
    assert set(pages("whole")) == expected
    assert len(expected) == len(LANGUAGES) * (2 + len(GENERAL_PAGES) + len(TOPIC_PAGES) + 2)


@pytest.mark.slow
def test_every_page_is_well_formed_and_says_which_language_it_is() -> None:
    for name, path, html in every_page():
        page = read(html)
        tag = path.partition("/")[0] if path.partition("/")[0] in LANGUAGES else "en"
        assert page.of("html") == [{"lang": tag, "dir": "rtl" if tag in ("ar", "ckb", "ur") else "ltr"}], (
            name,
            path,
        )
        assert {one for one, _ in page.tags} <= KNOWN, (name, path)
        assert len(page.of("h1")) == 1, (name, path)
        assert len(page.of("main")) == 1
        ids = [one["id"] for _, one in page.tags if "id" in one]
        assert len(ids) == len(set(ids)), (name, path)


@pytest.mark.slow
def test_nothing_is_left_open_or_printed_by_mistake() -> None:
    for name, path, html in every_page():
        assert "((" not in read(html).words, (name, path)
        for mark in ("None", "Undefined", "{{", "}}", "{%", "\ue000", "&amp;amp;", "&lt;bdi", "Markup("):
            assert mark not in html, (name, path, mark)


@pytest.mark.slow
def test_every_link_leads_to_a_page_or_a_file_of_this_site() -> None:
    for name, path, html in every_page():
        made = SITES[name]
        there = {f"/{one}".removesuffix("index.html") for one in pages(name)}
        there |= {f"/{one}" for one in build_assets(made.base, made.choices, made.partnership.bodies).files}
        for one in made.letters:
            there |= {f"/seals/{one.reference}.json"}
            there |= {f"/files/{one.reference}/{file}" for file in one.files}
        for address in read(html).addresses():
            if address.startswith(("tel:", "sms:", "mailto:", "#")):
                assert re.fullmatch(r"(tel|sms):\d+|mailto:[a-z@.-]+|#[a-z]+", address), (name, path, address)
            elif address.startswith("https://"):
                assert address.split("/")[2] in HOSTS | {"eastmere.example"}, (name, path, address)
            else:
                assert address.startswith(f"{made.base}/"), (name, path, address)
                assert address.removeprefix(made.base) in there, (name, path, address)


@pytest.mark.slow
def test_a_link_within_a_page_has_its_place() -> None:
    for name, path, html in every_page():
        page = read(html)
        ids = {one["id"] for _, one in page.tags if "id" in one}
        refers = [
            str(one[attribute])
            for _, one in page.tags
            for attribute in ("for", "aria-labelledby", "aria-describedby")
            if attribute in one
        ]
        refers += [address[1:] for address in page.addresses() if address.startswith("#")]
        assert set(refers) <= ids, (name, path)


@pytest.mark.slow
def test_no_page_names_the_topic_where_others_may_see_it() -> None:
    for name, path, html in every_page():
        page = read(html)
        seen = [page.title, *(str(one.get("content")) for one in page.of("meta"))]
        for word in SITES[name].topic_words:
            found = re.compile(rf"\b{re.escape(word)}\b", re.IGNORECASE)
            assert not any(found.search(one) for one in seen), (name, path, word)


@pytest.mark.slow
def test_no_page_has_style_script_or_policy_of_its_own() -> None:
    for name, path, html in every_page():
        page = read(html)
        said = {one["http-equiv"]: one["content"] for one in page.of("meta") if "http-equiv" in one}
        assert said == {"Content-Security-Policy": META_CSP}, (name, path)
        assert not page.of("style"), (name, path)
        assert [set(one) for one in page.of("script")] == [{"src"}], (name, path)
        for tag, attributes in page.tags:
            assert not any(one.startswith("on") or one in ("style", "ping") for one in attributes), (path, tag)
        assert not page.of("iframe") + page.of("object") + page.of("embed")
        for form in page.of("form"):
            assert not set(form) & {"action", "method"}, (name, path)
        for one in page.of("input"):
            assert "name" not in one, (name, path)


@pytest.mark.slow
def test_a_partnerships_name_is_escaped_on_every_page() -> None:
    for path, html in pages("nasty name").items():
        assert "<b>Shore" not in html, path
        assert NASTY in read(html).words, path
        assert read(html).title.endswith(f"– {NASTY}"), path


@pytest.mark.parametrize("tag", DRAFTS)
def test_the_partnerships_english_is_marked_on_a_page_of_another_language(tag: str) -> None:
    for path, html in pages("whole").items():
        if path.startswith(f"{tag}/"):
            assert '<bdi lang="en" dir="ltr">Eastmere Safeguarding Children Partnership</bdi>' in html, path


@pytest.mark.parametrize("tag", DRAFTS)
def test_the_letter_stands_in_the_language_in_which_it_was_approved(tag: str) -> None:
    for path in (f"{tag}/spring-2027/index.html", f"{tag}/genuine/{REFERENCE}/index.html"):
        page = read(pages("whole")[path])
        (article,) = [one for one in page.of("article") if one.get("class") == "letter"]
        assert (article["lang"], article["dir"]) == ("en", "ltr"), path
    english = read(pages("whole")["spring-2027/index.html"])
    assert [one for one in english.of("article") if one.get("class") == "letter"] == [{"class": "letter"}]


@pytest.mark.parametrize("tag", DRAFTS)
def test_a_letter_in_english_is_announced_in_the_language_of_the_page(tag: str) -> None:
    said = furniture_of(tag).say("A letter about keeping children safe")
    english = demo_pack().texts["en"].title.text
    letter = pages("whole")[f"{tag}/spring-2027/index.html"]
    assert f"<h1>{said}</h1>" in letter
    assert f'<p class="lead" lang="en" dir="ltr">{english}</p>' in letter
    for path in ("", "letters/"):
        html = pages("whole")[f"{tag}/{path}index.html"]
        assert (
            f'<a href="/{tag}/spring-2027/">{said}</a> <span class="sub"><bdi lang="en" dir="ltr">{english}'
            in html
        )


def test_before_the_letter_are_its_parts_today_s_numbers_and_the_pages_that_say_more() -> None:
    html = pages("whole")["spring-2027/index.html"]
    before, _, letter = html.partition('<article class="letter"')
    parts = re.findall(r'<li><a href="#(\w+)">([^<]*)</a></li>', before)
    assert [name for name, _ in parts] == [
        "what",
        "signs",
        "card",
        "talk",
        "told",
        "call",
        "past",
        "more",
        "real",
    ]
    for name, heading in parts:
        assert f'<h2 id="{name}">{heading}</h2>' in letter
    side = before[before.index('<aside class="card letter-card numbers-card"') :]
    assert re.findall(r'href="tel:(\d+)"', side) == ["999", "01514960120", "101", "08088005000", "08001111"]
    chips = re.findall(r'<a class="pill" href="([^"]*)">', html)
    assert chips[:4] == [f"/spring-2027/{name}/" for name in ("signs", "talk", "call", "easy")]
    # Whom to call in danger comes before all of them.
    assert html.index('<aside class="danger"') < html.index('<a class="pill"')


def test_each_page_shows_up_to_four_of_the_other_languages_before_anything_is_opened() -> None:
    peeks = re.findall(r'<span class="peek".*?</span>', pages("whole")["help/index.html"])
    assert [re.findall(r'lang="(\w+)"', one) for one in peeks] == [list(DRAFTS[:4])]


@pytest.mark.parametrize("path", ["index.html", "ur/spring-2027/index.html", "help/index.html"])
def test_every_page_says_which_bodies_write(path: str) -> None:
    html = pages("whole")[path]
    partners = re.search(r'<ul class="partners".*?</ul>', html, re.DOTALL)
    assert partners is not None
    for body in demo_partnership().bodies:
        assert body.name in partners[0]
        assert re.search(rf'<img src="/assets/logo-{body.id}\.[0-9a-f]{{16}}\.svg" alt=""', partners[0])


@pytest.mark.slow
def test_every_number_that_can_be_called_is_isolated_and_whole() -> None:
    for name, path, html in every_page():
        for address, shown in re.findall(r'<a[^>]* href="tel:(\d+)"[^>]*>(.*?)</a>', html):
            assert shown == f'<bdi dir="ltr">{re.sub("<.*?>", "", shown)}</bdi>', (name, path)
            assert re.sub("<.*?>|\u00a0", "", shown) == address, (name, path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["whole", "under a path"])
def test_the_switcher_keeps_the_page(name: str) -> None:
    made = SITES[name]
    for path, html in pages(name).items():
        own = path.partition("/")[0] if path.partition("/")[0] in LANGUAGES else "en"
        rest = (path if own == "en" else path.removeprefix(f"{own}/")).removesuffix("index.html")
        rest = "" if rest == "404.html" else rest
        links = {
            one["hreflang"]: one for one in read(html).of("a") if "aria-hidden" not in one and "hreflang" in one
        }
        for tag in made.languages:
            folder = "" if tag == "en" else f"{tag}/"
            assert links[tag]["href"] == f"{made.base}/{folder}{rest}", (path, tag)
            assert links[tag]["dir"] == furniture_of(tag).direction


def test_a_site_in_one_language_has_no_switcher() -> None:
    assert 'class="lang"' not in pages("written anew")["index.html"]


def test_a_translation_that_nobody_has_read_says_so_and_leads_to_the_english() -> None:
    words = "This translation has not been checked by a second person."
    for tag in DRAFTS:
        html = pages("whole")[f"{tag}/spring-2027/signs/index.html"]
        assert furniture_of(tag).say(words) in html
        assert '<a href="/spring-2027/signs/" lang="en" dir="ltr" hreflang="en">English</a>' in html
    assert words not in pages("whole")["spring-2027/signs/index.html"]


@pytest.mark.parametrize("unread", ["pages", "topic", "furniture"])
def test_one_text_that_nobody_has_read_is_enough_for_the_banner(
    unread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def of(tag: str) -> object:
        return furniture_of(tag) if unread == "furniture" else catalogue_read_by_somebody(furniture_of(tag))

    monkeypatch.setattr(views, "furniture_of", of)
    general, topic = read_by_somebody(site_pack().texts), read_by_somebody(demo_pack().site)
    if unread == "pages":
        general["ur"] = site_pack().texts["ur"]
    if unread == "topic":
        topic["ur"] = demo_pack().site["ur"]
    made = site(
        languages=("en", "ur"),
        pages=replace(site_pack(), texts=general),
        packs={demo_pack().id: replace(demo_pack(), site=topic)},
    )
    language = Language(made, "ur")
    (own,) = made.topics
    assert not language.is_checked(own)
    assert language.is_checked(None) is (unread == "topic")
    assert Language(made, "en").is_checked(own)


def test_a_preview_says_so_on_every_page_and_to_search_engines() -> None:
    for path, html in pages("preview").items():
        tag = "ur" if path.startswith("ur/") else "en"
        assert furniture_of(tag).say("This copy is not for families.") in html, path
        assert '<meta name="robots" content="noindex, nofollow">' in html
    for html in pages("written anew").values():
        assert "This copy is not for families." not in html
        assert "robots" not in html


@pytest.mark.parametrize("folder", ["", "ur/"])
def test_a_withdrawn_letter_is_shown_as_withdrawn_everywhere(folder: str) -> None:
    tag = "ur" if folder else "en"
    say, found = furniture_of(tag).say, pages("withdrawn")
    assert say("This letter was withdrawn. Please do not use it.") in found[f"{folder}spring-2027/index.html"]
    sealed = found[f"{folder}genuine/{REFERENCE}/index.html"]
    assert say("We sent this letter and then withdrew it. Please do not use it.") in sealed
    assert say("We sent a letter with this reference. Compare its words and its numbers with yours") not in sealed
    for name in ("letters", "genuine"):
        html = found[f"{folder}{name}/index.html"]
        row = re.search(rf"<li[^>]*>(?:(?!</li>).)*{REFERENCE}.*?</li>", html, re.DOTALL)
        assert row is not None
        assert html.count(f"<strong>{say('Withdrawn')}</strong>") == 1
        assert say("Withdrawn") in row[0]


@pytest.mark.parametrize("folder", ["", "ur/"])
def test_a_letter_that_stands_is_not_shown_as_withdrawn(folder: str) -> None:
    say = furniture_of("ur" if folder else "en").say
    for name in ("autumn-2026", "genuine/ES-2609-A1B2"):
        html = pages("withdrawn")[f"{folder}{name}/index.html"]
        assert say("This letter was withdrawn. Please do not use it.") not in html
        assert say("We sent this letter and then withdrew it. Please do not use it.") not in html


def test_a_withdrawn_letter_is_neither_this_terms_nor_offered_in_large_print() -> None:
    found = pages("withdrawn")
    assert 'href="/autumn-2026/"' in found["index.html"]
    assert 'href="/spring-2027/"' not in found["index.html"]
    assert f"/files/{REFERENCE}/" not in found["large/index.html"]
    assert "/files/ES-2609-A1B2/en/letter-large-print.pdf" in found["large/index.html"]


def test_the_printed_address_shows_the_letter_that_stands() -> None:
    html = pages("written anew")["spring-2027/index.html"]
    shown = re.findall(r'<span class="ref">.*?<bdi dir="ltr">(.*?)</bdi>', html)
    assert shown == ["ES-2703-N3W2"]
    assert "was withdrawn" not in html


def test_whoever_looks_up_a_letter_finds_what_to_compare() -> None:
    (one,) = SITES["whole"].letters
    html = pages("whole")[f"genuine/{REFERENCE}/index.html"]
    words = read(html).words
    for shown in (one.reference, one.fingerprint, one.seal.digest, one.seal.sealing_key, "2 March 2027"):
        assert shown in words
    for who in one.letter.signatories:
        assert f"{who.name}, {who.title}, {who.organisation}".replace(" ", "") in words.replace(" ", "")
    numbers = {route.number for route in one.letter.card_routes if route.number and route.number[0].isdigit()}
    assert len(numbers) == 5
    for number in numbers:
        assert number.replace(" ", "\u00a0") in words
    plain = re.sub(r"\s+", " ", words.replace("\u00a0", " "))
    for passage in one.letter.texts["en"].passages():
        if passage.kind in ("paragraph", "item") and passage.stands_in("web") and "((" not in passage.text:
            assert re.sub(r"\s+", " ", passage.text) in plain, passage.id


@pytest.mark.slow
def test_a_letter_without_its_files_offers_none() -> None:
    bare = replace(SITES["whole"].letters[0], files={})
    html = rendered(site([bare]))
    assert "/files/" not in "".join(html.values())
    assert f"/files/{REFERENCE}/en/letter.pdf" in pages("whole")["spring-2027/index.html"]
    assert f"/files/{REFERENCE}/en/letter.pdf" in pages("whole")["ur/spring-2027/index.html"]


def test_a_letter_whose_pack_is_gone_leads_to_no_topic_pages() -> None:
    for path, html in pages("no pack").items():
        assert not re.search(r"spring-2027/(signs|noticed|talk|call|easy)", html), path


def test_two_topics_are_both_offered_at_home() -> None:
    html = pages("two topics")["index.html"]
    assert 'href="/spring-2027/signs/"' in html
    assert 'href="/autumn-2026/signs/"' in html


@pytest.mark.parametrize("folder", ["", "ur/"])
def test_the_older_letter_of_a_topic_leads_to_its_pages(folder: str) -> None:
    html = pages("two letters")[f"{folder}autumn-2026/index.html"]
    assert f'href="/{folder}spring-2027/signs/"' in html
    assert "autumn-2026/signs" not in html


@pytest.mark.parametrize("folder", ["", "ar/", "pl/", "ur/"])
def test_what_is_chosen_is_what_the_call_sheet_shows(folder: str) -> None:
    html = pages("whole")[f"{folder}spring-2027/noticed/index.html"]
    choices = re.findall(r'<input type="checkbox" id="c(\d+)"[^>]*>(.*?)</label>', html)
    lines = re.findall(r'<li class="s(\d+)">(.*?)</li>', html)
    choices, lines = [[(n, read(inner).words) for n, inner in found] for found in (choices, lines)]
    assert choices == lines
    assert [number for number, _ in choices] == [str(n) for n in range(1, SITES["whole"].choices + 1)]
    (topic,) = SITES["whole"].topics
    now = topic.pack.site["en"].section("now")
    assert now is not None
    assert html.count("grave-choice") == len(now.passages)


@pytest.mark.parametrize("folder", ["", "ar/", "pl/", "ur/"])
def test_help_gives_each_route_with_its_hours_and_the_day_of_its_check(folder: str) -> None:
    tag = folder.strip("/") or "en"
    html, furniture = pages("whole")[f"{folder}help/index.html"], furniture_of(folder.strip("/") or "en")
    (topic,) = SITES["whole"].topics
    for route in demo_partnership().routes:
        if route.topics and topic.pack.id not in route.topics:
            assert route.need not in html
        elif route.number and route.number[0].isdigit():
            assert f'href="tel:{route.number.replace(" ", "")}"' in html, route.id
    spans = ",".join(f"[{day},600,1260]" for day in range(6))
    assert f'data-hours="[{spans}]"' in html
    assert html.count('data-hours="[]"') == 4
    assert html.count("data-shut-days") == 1
    if tag != "en":
        assert "10am to 9pm" not in html
        assert furniture.say("Any time, day or night") in html
    assert furniture.say("Checked on {day}.", day=furniture.day(date(2027, 2, 22))) in html


@pytest.mark.slow
def test_a_line_that_is_shut_on_bank_holidays_knows_them() -> None:
    made = site(bank_holidays=(date(2027, 3, 26), date(2027, 3, 29)))
    assert 'data-shut-days="2027-03-26 2027-03-29"' in rendered(made)["help/index.html"]


@pytest.mark.slow
def test_hours_that_the_file_does_not_say_in_days_are_not_told_as_open_now() -> None:
    made = site(partnership=replace(demo_partnership(), openings={}), languages=("en", "ur"))
    found = rendered(made)
    assert "data-hours" not in found["help/index.html"]
    assert '<bdi lang="en" dir="ltr">Monday to Saturday, 10am to\u00a09pm</bdi>' in found["ur/help/index.html"]


@pytest.mark.slow
def test_midnight_is_the_end_of_the_day_for_the_script() -> None:
    openings = {**demo_partnership().openings, "survivors": RouteHours((Span(6, 1080, 1440),))}
    html = rendered(site(partnership=replace(demo_partnership(), openings=openings)))["help/index.html"]
    assert 'data-hours="[[6,1080,1440]]"' in html
    assert "data-shut-days" not in html


@pytest.mark.slow
def test_a_route_that_only_this_partnership_has_stands_with_its_own_words() -> None:
    own = replace(demo_partnership().routes[-1], id="careline", need="A line of our own")
    made = site(
        partnership=replace(demo_partnership(), routes=(*demo_partnership().routes, own)), languages=("en", "ur")
    )
    found = rendered(made)
    assert re.search(r"<h2[^>]*>A line of our own</h2>", found["help/index.html"])
    assert re.search(
        r'<h2[^>]*><bdi lang="en" dir="ltr">A line of our own</bdi></h2>', found["ur/help/index.html"]
    )


@pytest.mark.slow
def test_an_interpreter_is_offered_only_where_it_was_promised() -> None:
    partnership = demo_partnership()
    without = replace(partnership, promises=tuple(one for one in partnership.promises if one.id != "interpreter"))
    said = "You can ask for an interpreter."
    assert said in pages("whole")["spring-2027/index.html"]
    assert all(said not in html for html in rendered(site(partnership=without)).values())


def test_a_term_of_another_kind_is_said_in_the_letters_own_words() -> None:
    made = site(languages=("en", "ur"))
    (one,) = made.letters
    odd = replace(one, term="easter-2027", letter=replace(one.letter, term="Easter <2027>"))
    assert Language(made, "en").term(one) == "Spring term 2027"
    assert Language(made, "en").term(odd) == "Easter &lt;2027&gt;"
    assert Language(made, "ur").term(odd) == '<bdi lang="en" dir="ltr">Easter &lt;2027&gt;</bdi>'


@pytest.mark.slow
def test_only_the_demonstration_says_that_it_is_one() -> None:
    assert "are invented" in pages("whole")["index.html"]
    real = rendered(site(partnership=replace(demo_partnership(), demonstration=False)))
    assert all("invented" not in read(html).words for html in real.values())


@pytest.mark.slow
def test_the_same_site_is_rendered_to_the_same_bytes() -> None:
    assert rendered(SITES["two topics"]) == dict(pages("two topics"))
