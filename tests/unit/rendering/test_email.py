"""The email: the letter's words, nothing from elsewhere, numbers that stay whole."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.email import Email, render_email
from everyfamily.rendering.web_page import render_web_page
from tests.factories.demonstration import HARBOUR, demo_letter

LINKS = {
    "tel:999", "tel:01514960120", "tel:101", "tel:01514960160", "tel:08088005000", "tel:08001111",
    "tel:01514960148", "https://ceop.police.uk/Safety-Centre", "https://childline.org.uk",
    "mailto:childrens-team@eastmere.example", "mailto:help@nspcc.org.uk",
    "https://families.eastmere.example", "https://families.eastmere.example/spring-2027",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects text, links, and what a page would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.fetched: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.hidden = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        if tag in ("style", "title"):
            self.hidden += 1
        if tag == "a":
            self.links.add(values["href"] or "")
        if "src" in values or tag in ("link", "img", "script", "iframe", "form"):
            self.fetched.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "title"):
            self.hidden -= 1

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.text += data


@pytest.fixture(scope="module")
def email() -> Email:
    return render_email(demo_letter(), "en", HARBOUR)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_passage_stands_in_html_and_plain_text(email: Email) -> None:
    html, text = flat(Reader(email.html).text), flat(email.text)
    for section in demo_letter().english.sections:
        for passage in section.passages:
            stands = passage.stands_in("email")
            assert (flat(passage.text) in html) is stands, passage.id
            assert (flat(passage.text).upper() in text.upper()) is stands, passage.id
            if passage.aside and stands:
                assert f"{section.heading.aside if section.heading else ''}: {passage.aside}." in html
                assert passage.aside in text


def test_the_outside_names_no_topic(email: Email) -> None:
    shown = email.subject + email.sender_name + Reader(email.html).text[:500].split("2 March")[0]
    for word in demo_letter().topic_words:
        assert word.casefold() not in shown.casefold()


def test_nothing_is_fetched_and_no_link_is_personal(email: Email) -> None:
    reader = Reader(email.html)
    assert reader.fetched == []
    assert "url(" not in email.html
    assert reader.links <= LINKS
    assert {link for link in LINKS if "spring" not in link and "0160" not in link} <= reader.links


def test_the_email_is_the_same_for_every_family_of_a_school(email: Email) -> None:
    other = replace(HARBOUR, address=("1 Elsewhere", "EM2 2BB"))
    assert render_email(demo_letter(), "en", other) == email


def test_numbers_are_isolated_and_unbroken(email: Email) -> None:
    assert '<bdi dir="ltr">0151\u00a0496\u00a00120</bdi>' in email.html.replace("&nbsp;", "\u00a0")
    assert "0151 496" not in email.html


def test_the_large_999_is_a_link_and_the_letter_is_named_as_one_article(email: Email) -> None:
    assert re.search(r'<td class="big"[^>]*><a [^>]*href="tel:999"', email.html)
    assert re.search(r'<div role="article" aria-label="A letter about keeping children safe"', email.html)


def test_each_number_stands_between_its_name_and_its_hours(email: Email) -> None:
    rows = re.findall(r'<tr><td class="who".*?</tr>', email.html, re.DOTALL)
    assert len(rows) == 6
    for row in rows:
        classes = re.findall(r'<td class="(\w+)', row)
        assert classes in (["who", "number", "when"], ["who", "number"])


def test_languages_stand_at_the_head_each_as_what_it_is(email: Email) -> None:
    for tag, direction, name in (("pl", "ltr", "Polski"), ("ar", "rtl", "العربية"), ("ur", "rtl", "اردو")):
        assert f'<span lang="{tag}" dir="{direction}">{name}</span>' in email.html
    named = "Polski · العربية · اردو · Română · Português · Soomaali · Українська · বাংলা · کوردی (سۆرانی) · ਪੰਜਾਬੀ"
    assert f"{named}\nfamilies.eastmere.example/spring-2027\n" in email.text
    assert "Polski" not in render_email(replace(demo_letter(), languages=()), "en", HARBOUR).html


def test_headings_go_down_one_level_at_a_time(email: Email) -> None:
    for html in (email.html, render_web_page(demo_letter(), "en")):
        levels = [int(tag[1]) for tag in Reader(html).tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_the_language_and_layout_tables_are_marked(email: Email) -> None:
    assert '<html lang="en"' in email.html
    tables = re.findall(r"<table[^>]*>", re.sub(r"<!--.*?-->", "", email.html, flags=re.DOTALL))
    assert tables
    assert all('role="presentation"' in table for table in tables)


def test_text_is_never_read_as_markup() -> None:
    made = render_email(demo_letter(), "en", PersonalGaps((), "<script>alert(1)</script> & Co", None))
    assert "<script>" not in made.html
    assert "&lt;script&gt;" in made.html


def test_without_a_checked_number_the_family_uses_its_own() -> None:
    made = render_email(demo_letter(), "en", PersonalGaps())
    assert "on the number you already have" in made.html
    assert "Your child’s school: on the number you already have" in made.text
    assert "((" not in made.html + made.text + made.subject


def test_the_demonstration_says_so(email: Email) -> None:
    real = render_email(replace(demo_letter(), demonstration=False), "en", HARBOUR)
    assert "Demonstration" in email.html
    assert "Demonstration" in email.text
    assert "Demonstration" not in real.html + real.text


def test_replies_reach_the_monitored_mailbox(email: Email) -> None:
    assert email.reply_to == "letters@eastmere.example"


def test_the_page_is_whole_and_fetches_nothing() -> None:
    page = render_web_page(demo_letter(), "en")
    reader = Reader(page)
    text = flat(reader.text)
    assert reader.fetched == []
    assert "((" not in page
    assert "<title>A letter about keeping children safe</title>" in page
    for passage in demo_letter().english.passages():
        if passage.stands_in("web"):
            assert flat(passage.text) in text, passage.id
