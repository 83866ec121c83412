"""A sealed letter on the site shows its own words, and only a number that is good today can be called from it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from everyfamily.core.letter.compose import compose
from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.site import Site
from tests.factories.demonstration import DATED, REFERENCE, demo_partnership, routed
from tests.factories.sealed import letter_of_term, on_site, rendered, site
from tests.factories.two_versions import PRIMARY_TITLE, SECONDARY_TITLE, two_version_pack

pytestmark = pytest.mark.slow

CHANGED = "A number in this letter has changed, or nobody has checked it lately."
PAGES = ("spring-2027/index.html", f"genuine/{REFERENCE}/index.html")
"""Both show the letter's words."""


def letter_in(html: str) -> str:
    """The letter's own words of a page, without what the site says around them."""
    (article,) = re.findall(r'<article class="letter".*?</article>', html, re.DOTALL)
    return str(article)


def called(html: str) -> set[str]:
    """Every number that a tap calls."""
    return set(re.findall(r'href="tel:(\d+)"', html))


def offered(pages: dict[str, str]) -> list[str]:
    """Addresses of every file to print, on every page."""
    return [address for html in pages.values() for address in re.findall(r'href="(/files/[^"]*)"', html)]


STALE = {
    "another number": {"number": "0151 496 0121"},
    "checked too long ago": {"expires_on": DATED - timedelta(days=1)},
    "checked by nobody": {"checked_on": None, "checked_by": None},
    "no longer in the register": {},
}


@pytest.mark.parametrize("why", STALE)
def test_a_number_that_is_not_good_today_stands_in_the_letter_without_a_link(why: str) -> None:
    pages = rendered(site(partnership=routed("local", **STALE[why])))
    for path in PAGES:
        letter = letter_in(pages[path])
        assert "0151\u00a0496\u00a00120" in letter, path
        assert "01514960120" not in called(letter), path
        assert {"999", "101", "08001111"} <= called(letter), path
        assert CHANGED in pages[path], path
    card = re.search(r'<ul class="calls">.*?</ul>', letter_in(pages[PAGES[0]]), re.DOTALL)
    assert card is not None
    assert '<bdi class="n" dir="ltr">0151\u00a0496\u00a00120</bdi>' in card[0]
    assert offered(pages) == []


def test_the_number_of_today_is_called_around_a_letter_that_has_the_old_one() -> None:
    pages = rendered(site(partnership=routed("local", number="0151 496 0121")))
    for path in PAGES:
        around = pages[path].replace(letter_in(pages[path]), "")
        assert "01514960121" in called(around), path
        assert "01514960120" not in called(pages[path]), path


def test_numbers_that_are_good_today_are_links_and_the_letter_offers_its_files() -> None:
    pages = rendered(site(languages=("en", "ur")))
    for folder in ("", "ur/"):
        for path in PAGES:
            assert {"999", "01514960120", "101", "08001111"} <= called(letter_in(pages[folder + path])), path
            assert furniture_of(folder.strip("/") or "en").say(CHANGED) not in pages[folder + path]
    assert sorted(set(offered(pages))) == [
        f"/files/{REFERENCE}/en/letter-large-print.pdf",
        f"/files/{REFERENCE}/en/letter.pdf",
    ]


def test_that_a_number_has_changed_is_said_in_each_language() -> None:
    pages = rendered(site(partnership=routed("local", number="0151 496 0121"), languages=("en", "ur")))
    for path in PAGES:
        assert furniture_of("ur").say(CHANGED) in pages[f"ur/{path}"]
    assert offered(pages) == []


def test_a_page_that_has_another_address_today_is_no_link_either() -> None:
    old = "ceop.police.uk/Safety-Centre"
    there = letter_in(rendered(site())[PAGES[0]])
    assert f'href="https://{old}"' in there
    gone = letter_in(rendered(site(partnership=routed("online", url="ceop.police.uk/Report")))[PAGES[0]])
    assert f'href="https://{old}"' not in gone
    assert old in gone


@pytest.mark.parametrize("way", ["form", "email", "text"])
def test_a_letter_with_another_way_to_write_than_today_s_offers_no_files_and_keeps_its_number(way: str) -> None:
    pages = rendered(site(partnership=routed("local", **{way: None})))
    for path in PAGES:
        assert CHANGED in pages[path]
        assert "01514960120" in called(letter_in(pages[path]))
        assert "childrens-team@" not in "".join(re.findall("href=.*?>", pages[path])) or way != "email"
    assert offered(pages) == []


@pytest.mark.parametrize("fields", [{"checked_on": None, "checked_by": None}, {"expires_on": date(2026, 1, 1)}])
def test_the_schools_row_makes_no_letter_late_for_no_page_has_its_number(fields: dict[str, Any]) -> None:
    pages = rendered(site(partnership=routed("school", **fields)))
    assert all(CHANGED not in pages[path] for path in PAGES)
    assert offered(pages)


def test_a_withdrawn_letter_rings_nobody_and_offers_nothing() -> None:
    older = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2"))
    pages = rendered(site([on_site(withdrawn=True), older]))
    for path in PAGES:
        assert called(letter_in(pages[path])) == set(), path
        assert CHANGED not in pages[path], path
        assert "999" in called(pages[path]), path
    assert {address.split("/")[2] for address in offered(pages)} == {"ES-2609-A1B2"}


def test_each_letter_is_held_to_the_register_by_itself() -> None:
    routes = tuple(
        replace(one, number="0151 496 0199") if one.id == "local" else one for one in letter_of_term().routes
    )
    older = letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2", routes=routes)
    pages = rendered(site([on_site(), on_site(older)]))
    assert CHANGED in pages["autumn-2026/index.html"]
    assert all(CHANGED not in pages[path] for path in PAGES)
    assert {address.split("/")[2] for address in offered(pages)} == {REFERENCE}


def test_a_preview_calls_a_number_that_waits_for_its_check_and_no_number_that_has_changed() -> None:
    def shown(**fields: Any) -> str:
        made = site(partnership=routed("local", **fields), preview=True)
        return letter_in(rendered(made)[PAGES[0]])

    assert "01514960120" in called(shown(checked_on=None, checked_by=None))
    assert "01514960120" not in called(shown(number="0151 496 0121"))


def addresses_of_letters(made: Site) -> list[str]:
    return re.findall(r'<h2><a href="([^"]*)"', rendered(made)["letters/index.html"])


def test_all_letters_leads_to_the_page_that_shows_each() -> None:
    anew = on_site(letter_of_term(dated=date(2027, 3, 9), reference="ES-2703-N3W2"))
    older = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2"))
    made = site([anew, on_site(withdrawn=True), older])
    assert addresses_of_letters(made) == ["/spring-2027/", f"/genuine/{REFERENCE}/", "/autumn-2026/"]


def test_a_withdrawn_letter_says_so_to_the_script_that_looks_up_references() -> None:
    older = on_site(letter_of_term("autumn-2026", date(2026, 9, 22), "ES-2609-A1B2"))
    html = rendered(site([on_site(withdrawn=True), older]))["genuine/index.html"]
    assert f'<li data-reference="{REFERENCE}" data-withdrawn>' in html
    assert '<li data-reference="ES-2609-A1B2">' in html


@pytest.mark.parametrize(("from_year", "said"), [(0, 2), (6, 0)])
def test_only_a_letter_for_every_year_is_said_to_be_sent_to_every_parent(from_year: int, said: int) -> None:
    pages = rendered(site([on_site(replace(letter_of_term(), from_year=from_year))]))
    words = pages["index.html"] + pages["spring-2027/index.html"]
    assert words.count("Sent to every parent and carer.") == said


def test_both_versions_are_behind_the_one_address_and_each_says_for_whom_it_is() -> None:
    letter = compose(two_version_pack(), demo_partnership(), term="spring-2027", dated=DATED, reference=REFERENCE)
    own = letter_of_term(**{name: getattr(letter, name) for name in ("texts", "primary", "secondary_from")})
    files = dict.fromkeys(
        (
            f"{folder}en/{name}"
            for folder in ("", "primary/")
            for name in ("letter.pdf", "letter-large-print.pdf")
        ),
        b"%PDF-1.7",
    )
    pages = rendered(site([replace(on_site(own), files=files)]))
    page = pages["spring-2027/index.html"]
    older, younger = "If you have a child in Year 7 or above", "If your children are all in Year 6 or below"
    assert re.findall(r'<h2 id="(\w+)">([^<]+)</h2>\s*<h3>([^<]+)</h3>', page) == [
        ("secondary", older, SECONDARY_TITLE),
        ("primary", younger, PRIMARY_TITLE),
    ]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert f"/files/{REFERENCE}/primary/en/letter.pdf" in page
    assert "Print the letter (PDF), Year 6 or below" in page
    genuine = pages[f"genuine/{REFERENCE}/index.html"]
    assert genuine.count('<article class="letter"') == 2
    assert len(page) < 60_000
    assert ' id="primary"' not in rendered(site())["spring-2027/index.html"]
    for path in ("index.html", "letters/index.html"):
        assert f'>{SECONDARY_TITLE}</a> <span class="sub">{PRIMARY_TITLE}</span>' in pages[path]
