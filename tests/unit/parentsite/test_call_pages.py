"""The pages from which a parent calls: what is grave says what to do, and no number is shown as open that may be
shut."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from markupsafe import Markup

from everyfamily.core.packs.packs import Pack
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.partnership.route_hours import RouteHours, Span
from everyfamily.core.partnership.routes import Route
from everyfamily.parentsite.furniture import furniture_of
from everyfamily.parentsite.readiness import good_until
from tests.factories.demonstration import REFERENCE, demo_pack, demo_partnership, routed
from tests.factories.sealed import DRAFTS, rendered, site

pytestmark = pytest.mark.slow

NOTICED = "spring-2027/noticed/index.html"
HELP = "help/index.html"
UNKNOWN_HOURS = "Hours not confirmed: it may be closed."
WITHOUT_DANGER = {HELP, "privacy/index.html", "accessibility/index.html"}
"""Help is all of it; two pages are about the site itself."""


def plain(html: str) -> str:
    """The words of a piece of HTML."""
    return Markup(html).striptags().replace("\u00a0", " ")


def rows_of_sheet(html: str) -> list[str]:
    """The rows under "Who to call", as words."""
    found = re.search(r'<ul class="calls">(.*?)</ul>', html, re.DOTALL)
    assert found is not None
    return [plain(row) for row in re.findall(r"<li.*?</li>", found[1], re.DOTALL)]


def routes_of_help(html: str) -> dict[str, str]:
    """Each section of "Get help now" as words, by the route's id."""
    sections = re.findall(r'<section class="route[^"]*">(.*?)</section>', html, re.DOTALL)
    return {re.findall(r'<h2 id="([^"]*)"', one)[0]: plain(one) for one in sections}


@pytest.mark.parametrize("tag", ["en", *DRAFTS])
def test_a_grave_choice_says_what_to_do_where_it_is_chosen_and_on_the_sheet(tag: str) -> None:
    html = rendered(site(languages=("en",) if tag == "en" else ("en", tag)))[
        NOTICED if tag == "en" else f"{tag}/{NOTICED}"
    ]
    choices = re.findall(r'<label class="tick".*?</label>', html, re.DOTALL)
    lines = re.findall(r'<li class="s\d+">.*?</li>', html, re.DOTALL)
    now = demo_pack().site[tag].section("now")
    assert now is not None
    grave = len(now.passages)
    assert 0 < grave < len(choices)
    for passage, choice, line in zip(now.passages, choices, lines, strict=False):
        before, _, after = str(passage.aside).partition("((")
        for said in (plain(choice), plain(line)):
            assert before.strip() in said, passage.id
            assert after.rpartition("))")[2].strip() in said, passage.id
    assert all('class="aside"' in one for one in choices[:grave] + lines[:grave])
    # What the others may mean is for the page about signs; a parent who calls is not to weigh it.
    assert not any('class="aside"' in one for one in choices[grave:] + lines[grave:])
    assert (
        html.count(str(furniture_of(tag).say("You chose something to tell us about now. Please call now."))) == 2
    )


@pytest.mark.parametrize("tag", ["en", *DRAFTS])
def test_who_is_told_to_call_now_has_the_number_in_the_same_breath(tag: str) -> None:
    html = rendered(site(languages=("en",) if tag == "en" else ("en", tag)))[
        NOTICED if tag == "en" else f"{tag}/{NOTICED}"
    ]
    said = re.findall(r'<p class="gravely".*?</p>', html, re.DOTALL)
    assert len(said) == 2
    for one in said:
        assert re.findall(r'href="(tel:\d+)"', one) == ["tel:01514960120", "tel:999"]


def test_who_is_told_to_call_now_without_a_local_number_has_999() -> None:
    html = rendered(site(partnership=routed("local", number="((school number))")))[NOTICED]
    for one in re.findall(r'<p class="gravely".*?</p>', html, re.DOTALL):
        assert re.findall(r'href="(tel:\d+)"', one) == ["tel:999"]
        assert "None" not in one


def unsure(route_id: str) -> Partnership:
    """The example with a route whose hours are only "for advice"."""
    made = routed(route_id, hours="Free, for advice")
    return replace(made, openings={name: one for name, one in made.openings.items() if name != route_id})


@pytest.mark.parametrize("tag", ["en", "ur"])
def test_a_telephone_route_of_which_no_hours_are_known_says_so(tag: str) -> None:
    folder = "" if tag == "en" else "ur/"
    pages = rendered(site(partnership=unsure("adults"), languages=("en", "ur")))
    said = furniture_of(tag).say(UNKNOWN_HOURS)
    found = routes_of_help(pages[folder + HELP])
    assert [route for route, words in found.items() if said in words] == ["adults"]
    rows = [row for row in rows_of_sheet(pages[folder + NOTICED]) if said in row]
    assert len(rows) == 1
    assert "0808 800 5000" in rows[0]


@pytest.mark.parametrize("hours", ["Weekdays, 9am to 5pm", "Free, 24 hours"])
def test_hours_in_digits_are_hours_though_the_script_cannot_read_them(hours: str) -> None:
    pages = rendered(site(partnership=routed("adults", hours=hours)))
    assert UNKNOWN_HOURS not in pages[HELP]
    assert UNKNOWN_HOURS not in pages[NOTICED]


def test_a_line_without_its_open_says_so_though_it_is_called_free() -> None:
    openings = {name: one for name, one in demo_partnership().openings.items() if name != "children"}
    pages = rendered(site(partnership=replace(demo_partnership(), openings=openings)))
    assert {name for name, words in routes_of_help(pages[HELP]).items() if UNKNOWN_HOURS in words} == {"children"}


def test_hours_that_nobody_confirmed_are_not_claimed_but_999_is_always_answered() -> None:
    partnership = demo_partnership()
    unasked = tuple(
        replace(route, hours_confirmed_on=None, hours_confirmed_by=None) for route in partnership.routes
    )
    html = rendered(site(partnership=replace(partnership, routes=unasked)))[HELP]
    found = routes_of_help(html)
    unknown = {name for name, words in found.items() if UNKNOWN_HOURS in words}
    assert unknown == {"local", "police", "adults", "children", "survivors"}
    claims = re.findall(
        r'<section class="route[^"]*">\s*<h2 id="(\w+)">(?:(?!</section>).)*data-open=', html, re.DOTALL
    )
    assert claims == ["emergency"]


@pytest.mark.parametrize("tag", ["en", "ur"])
def test_whoever_cannot_call_finds_how_to_write(tag: str) -> None:
    pages = rendered(site(languages=("en", "ur")))
    html = pages[HELP if tag == "en" else f"ur/{HELP}"]
    section = html[html.index('<h2 id="local">') :].partition("</section>")[0]
    assert re.findall(r'href="([^"]*)"', section) == [
        "tel:01514960120",
        "sms:07700900120",
        "mailto:childrens-team@eastmere.example",
        "https://eastmere.example/child-worry",
    ]
    assert furniture_of(tag).say("If you would rather write, and nobody is in danger now:") in section
    assert 'href="mailto:help@nspcc.org.uk"' in html
    # Never beside 999: nobody may wait for an answer there.
    emergency = html[html.index('<h2 id="emergency">') :].partition("</section>")[0]
    assert "mailto:" not in emergency
    # On the card that a parent prints, the first of them.
    sheet = pages[NOTICED if tag == "en" else f"ur/{NOTICED}"]
    assert re.findall(r'href="(sms:[^"]*)"', sheet) == ["sms:07700900120"]


def own_route(*topics: str) -> Route:
    return replace(demo_partnership().routes[-1], id="careline", need="A line of our own", topics=topics)


@pytest.mark.parametrize(
    ("topics", "shown"),
    [
        ((), True),
        ((demo_pack().id,), True),
        (("harmful-groups-online", demo_pack().id), True),
        (("harmful-groups-online",), False),
    ],
)
def test_help_shows_the_routes_of_the_sites_topics(topics: tuple[str, ...], shown: bool) -> None:
    routes = (*demo_partnership().routes, own_route(*topics))
    html = rendered(site(partnership=replace(demo_partnership(), routes=routes)))[HELP]
    assert ("careline" in routes_of_help(html)) is shown


def test_without_a_topic_help_shows_what_is_for_every_family() -> None:
    found = routes_of_help(rendered(site(packs={}))[HELP])
    assert list(found) == ["emergency", "local", "police", "school", "adults", "children"]


def carded(*names: str) -> dict[str, Pack]:
    pack = demo_pack()
    routes = pack.about.routes.model_copy(update={"card": names})
    return {pack.id: replace(pack, about=pack.about.model_copy(update={"routes": routes}))}


def test_the_call_sheet_takes_the_packs_card() -> None:
    whole = rows_of_sheet(rendered(site())[NOTICED])
    assert len(whole) == len(demo_pack().about.routes.card) - 1  # the school has a number of each family's
    assert not any("0151 496 0148" in row for row in whole)
    rows = rows_of_sheet(rendered(site(packs=carded("survivors", "emergency")))[NOTICED])
    assert ["0151 496 0148" in rows[0], "999" in rows[1], len(rows)] == [True, True, 2]


@pytest.mark.parametrize("name", ["school", "online", "careline"])
def test_what_cannot_be_called_is_not_on_the_call_sheet(name: str) -> None:
    rows = rows_of_sheet(rendered(site(packs=carded("emergency", name)))[NOTICED])
    assert len(rows) == 1
    assert "999" in rows[0]


def test_every_page_says_until_when_it_is_good_to_the_script_alone() -> None:
    made = site(languages=("en", "ur"))
    until = f'data-good-until="{good_until(made).isoformat()}"'
    line = f'<aside class="banner late" aria-label="{{}}" {until} hidden>'
    assert good_until(made).isoformat() == "2027-03-27"
    for path, html in rendered(made).items():
        own = line.format(furniture_of("ur" if path.startswith("ur/") else "en").say("Please note"))
        assert html.count(own) == html.count(until) == 1, path
        # At the top of the page: before its head, its way to help and its words.
        assert html.index("<body") < html.index(own) < html.index('<header class="top">'), path


def test_every_page_where_a_frightened_reader_may_land_says_whom_to_call() -> None:
    pages = rendered(site())
    assert {path for path, html in pages.items() if '<aside class="danger"' not in html} == WITHOUT_DANGER
    box = re.search(r'<aside class="danger".*?</aside>', pages[f"genuine/{REFERENCE}/index.html"], re.DOTALL)
    assert box is not None
    assert 'href="tel:999"' in box[0]
    assert 'href="tel:01514960120"' in box[0]
    assert "You can ask for an interpreter." in box[0]
    assert "0151 496 0120 Any worry, day or night" in plain(box[0])


def test_a_box_without_the_local_number_still_says_999() -> None:
    for partnership in (routed("local"), routed("local", number="((school number))")):
        for path, html in rendered(site(partnership=partnership)).items():
            if path in WITHOUT_DANGER:
                continue
            box = re.search(r'<aside class="danger".*?</aside>', html, re.DOTALL)
            assert box is not None, path
            assert re.findall(r'href="(tel:\d+)"', box[0]) == ["tel:999"], path
            assert "interpreter" not in box[0], path


def test_without_the_emergency_number_there_is_no_box_with_a_hole_in_it() -> None:
    for path, html in rendered(site(partnership=routed("emergency"))).items():
        assert '<aside class="danger"' not in html, path
        assert "None" not in html, path


def order(html: str, *marks: str) -> list[int]:
    """Where each stands in the page's own part, which must hold it."""
    main = html[html.index("<main") :]
    return [main.index(mark) for mark in marks]


@pytest.mark.parametrize("folder", ["", "ur/"])
def test_help_has_the_childrens_team_right_after_999(folder: str) -> None:
    html = rendered(site(languages=("en", "ur")))[f"{folder}{HELP}"]
    marks = (
        'href="tel:999"',
        'id="local"',
        'href="tel:01514960120"',
        'class="not-safe"',
        'class="quick"',
        'id="police"',
    )
    found = order(html, *marks)
    assert found == sorted(found)
    between = html[html.index('id="emergency"') : html.index('id="local"')]
    assert between.count("<section") == 1
    assert html.count('id="local"') == 1


def test_a_childrens_team_without_a_number_has_no_place_on_help() -> None:
    html = rendered(site(partnership=routed("local", number="((school number))")))[HELP]
    assert 'id="local"' not in html
    assert 'id="emergency"' in html


@pytest.mark.parametrize("folder", ["", "ur/"])
def test_the_field_for_a_reference_comes_before_the_box_for_danger(folder: str) -> None:
    html = rendered(site(languages=("en", "ur")))[f"{folder}genuine/index.html"]
    found = order(html, 'id="reference"', 'role="status"', '<aside class="danger"', 'class="letters"')
    assert found == sorted(found)


def test_the_box_for_danger_says_when_the_childrens_team_answers_in_the_pages_language() -> None:
    office = RouteHours(tuple(Span(day, 540, 1050) for day in range(5)))
    partnership = demo_partnership()
    partnership = replace(partnership, openings={**partnership.openings, "local": office})
    pages = rendered(site(partnership=partnership, languages=("en", "ur")))
    said = {
        "en": "Any worry, day or night",
        "ur": furniture_of("ur").hours(office)[0],
    }  # English: the register's words
    for tag, folder in (("en", ""), ("ur", "ur/")):
        box = re.search(r'<aside class="danger".*?</aside>', pages[f"{folder}spring-2027/index.html"], re.DOTALL)
        assert box is not None
        assert said[tag].replace("\u00a0", " ") in plain(box[0]), tag


def test_a_young_person_who_cannot_speak_finds_how_to_write_to_childline() -> None:
    path = "young/index.html"
    written = rendered(site(partnership=routed("children", form="childline.example/chat")))[path]
    assert 'Online: <a href="https://childline.example/chat"' in written
    assert "rather write" not in rendered(site(partnership=routed("children", form=None)))[path]
