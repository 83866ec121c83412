"""A number that people know to be dead is on no page, and the pages say what to use instead."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest
from markupsafe import Markup

from everyfamily.core.partnership.routes import Route, RouteCheck
from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.letter_pages import offered_files
from everyfamily.parentsite.site import Site
from tests.factories.demonstration import DATED, REFERENCE, demo_partnership, routed
from tests.factories.sealed import on_site, rendered, site

pytestmark = pytest.mark.slow

NOW = datetime(2027, 3, 2, 9, tzinfo=UTC)
HELP, NOTICED, HOME = "help/index.html", "spring-2027/noticed/index.html", "index.html"


def words(html: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(Markup(html).striptags().replace("\u00a0", " ").split())


@cache
def without(*names: str, languages: tuple[str, ...] = ("en",)) -> tuple[Site, dict[str, str]]:
    """The site with these routes dead, and its pages."""
    routes = tuple(
        replace(one, dead_since=DATED) if one.id in names else one for one in demo_partnership().routes
    )
    made = site(partnership=replace(demo_partnership(), routes=routes), languages=languages)
    return made, rendered(made)


def pages_with(pages: dict[str, str], route: Route) -> list[str]:
    """Pages that have its number or address, as words or behind a link."""
    bare = re.compile(rf"(?<!\w){re.escape(route.place)}(?!\w)")
    called = f'"tel:{route.place.replace(" ", "")}"'
    return [path for path, html in pages.items() if bare.search(html.replace("\u00a0", " ")) or called in html]


def section_of(html: str, name: str) -> str:
    return html[html.index(f'<h2 id="{name}">') :].partition("</section>")[0]


@pytest.mark.parametrize("names", [("local",), ("children", "online"), ("police", "survivors", "adults")])
def test_no_page_has_a_dead_number_and_the_help_page_says_what_to_use(names: tuple[str, ...]) -> None:
    made, pages = without(*names)
    for name in names:
        route = demo_partnership().route(name)
        assert pages_with(pages, route) == []
        said = words(section_of(pages[HELP], name))
        assert "Not working at the moment:" in said
        assert re.search(r"Use this instead: .+(101|0151 496 0120)", said), said
    assert offered_files(made, made.letters[0]) == {}
    # Where somebody is frightened, they are told before they read on.
    assert "Not working at the moment:" in words(pages[HOME])
    assert "number taken out: Get help now" in words("".join(pages.values()))


def test_with_the_local_line_dead_the_police_are_where_it_was() -> None:
    _, pages = without("local")
    danger = pages[HOME].partition('<aside class="danger"')[2].partition("</aside>")[0]
    assert words(danger).endswith("Police, if it can wait: 101 Any time, free")
    for one in re.findall(r'<p class="gravely".*?</p>', pages[NOTICED], re.DOTALL):
        assert re.findall(r'href="(tel:\d+)"', one) == ["tel:101", "tel:999"]
    card = pages[NOTICED].partition('<ul class="calls">')[2].partition("</ul>")[0]
    assert re.findall(r'href="(tel:\d+)"', card)[:2] == ["tel:999", "tel:101"]
    assert card.count("tel:101") == 1


def test_with_the_emergency_number_dead_the_next_line_is_in_its_place() -> None:
    _, pages = without("emergency")
    assert "If a child is in danger now, call 101" in words(pages[HOME])
    assert all("tel:999" not in html for html in pages.values())


def test_the_words_are_in_the_language_of_the_page() -> None:
    urdu = furniture_of("ur")
    _, pages = without("local", languages=("en", "ur"))
    assert pages_with(pages, demo_partnership().route("local")) == []
    assert urdu.say("Not working at the moment:") in pages[f"ur/{HELP}"]
    gone = f'({urdu.say("number taken out")}: <a href="/ur/help/">'
    assert any(gone in html for html in pages.values())


def test_a_letter_does_not_have_it_although_the_register_has_another_number_by_now() -> None:
    """Somebody rang the number that the letter prints, after another was put into the register."""
    dead = RouteCheck("01514960120", False, NOW, "Pat Example")
    partnership = routed("local", number="0151 496 0121")
    letter = f"genuine/{REFERENCE}/index.html"
    assert "0151\u00a0496\u00a00120" in rendered(site(partnership=partnership))[letter]
    pages = rendered(site(partnership=partnership, checks=(dead,)))
    assert pages_with(pages, demo_partnership().route("local")) == []
    assert "Not working at the moment" not in pages[HOME]
    assert "(number taken out)" in pages[letter]


def test_a_preview_does_not_have_it_either() -> None:
    made = site([on_site()], partnership=routed("local", dead_since=DATED), preview=True)
    assert pages_with(rendered(made), demo_partnership().route("local")) == []


def test_only_what_the_pages_would_have_is_said_to_be_dead() -> None:
    """A line of a topic that the site does not have, and the row that is each school's own."""
    routes = tuple(
        replace(one, dead_since=DATED)
        if one.id == "school"
        else replace(one, dead_since=DATED, topics=("summer",))
        if one.id == "survivors"
        else one
        for one in demo_partnership().routes
    )
    pages = rendered(site(partnership=replace(demo_partnership(), routes=routes)))
    assert not any("Not working at the moment:" in html for html in pages.values())
    assert pages_with(pages, demo_partnership().route("survivors")) == []
