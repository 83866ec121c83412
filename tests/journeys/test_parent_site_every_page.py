"""Story: whatever page is open, in whatever language: it is there, light, stands still, and tells nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.factories.crossed import crossed
from tests.journeys.parent_site_visits import (
    DESKTOP,
    LANGUAGES,
    PHONE,
    TERM,
    Device,
    Exported,
    address,
    in_urdu_at_least,
    reading,
    say,
    visiting,
)
from tests.journeys.site_servers import Served

pytest_plugins = ["tests.journeys.parent_site"]
pytestmark = pytest.mark.slow

MOST_BYTES = 75_000
"""Of a first load: the page, its style, script, mark and fonts, as they travel."""
MOST_SHIFT = 0.02
NARROW = 320
URDU_FONT = "nastaliq"
LINKING = {
    ("a", "href"),
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("form", "action"),
}


@dataclass
class Read(HTMLParser):
    """What stands in a page's file."""

    file: Path
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    title: str = ""
    inside: str = ""
    script_text: str = ""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)
        self.feed(self.file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.title += data
        if self.inside == "script":
            self.script_text += data

    def values(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    def links(self) -> list[str]:
        """Where it leads or what it loads."""
        return [
            attributes[name]
            for tag, attributes in self.elements
            for linking, name in LINKING
            if tag == linking and name in attributes
        ]


@pytest.fixture(scope="module")
def pages(exported: Exported) -> list[Read]:
    found = [Read(file) for file in sorted(exported.public.rglob("*.html"))]
    # Each page in each language, and in each the page for what is not there.
    assert len(found) == len(exported.addresses())
    return found


def test_no_title_address_or_card_names_the_topic(exported: Exported, pages: list[Read]) -> None:
    topic = re.compile("|".join(rf"\b{re.escape(word)}" for word in exported.site.topic_words), re.IGNORECASE)
    assert topic.search("Child sexual exploitation")
    for page in pages:
        cards = [
            attributes["content"]
            for tag, attributes in page.elements
            if tag == "meta" and attributes.get("name", attributes.get("property")) is not None
        ]
        assert any("og:" in one for one in page.values("property"))
        outside = [page.title, str(page.file.relative_to(exported.public)), *page.links(), *cards]
        assert [words for words in outside if topic.search(re.sub(r"[-_/.]", " ", words))] == []
        assert page.title.endswith(f" – {exported.site.partnership.area}")


def test_every_page_has_one_first_heading_ids_once_and_nothing_of_style_or_script_within(
    pages: list[Read],
) -> None:
    for page in pages:
        tags = [tag for tag, _ in page.elements]
        assert tags.count("h1") == 1, page.file
        assert tags.count("main") == 1, page.file
        assert len(set(page.values("id"))) == len(page.values("id")), page.file
        assert not {"style", "iframe", "object", "embed", "base", "video", "audio"} & set(tags), page.file
        named = {name for _, attributes in page.elements for name in attributes}
        assert not [name for name in named if name == "style" or name.startswith("on") or name == "ping"], (
            page.file
        )
        assert page.script_text.strip() == "", page.file
        scripts = [attributes for tag, attributes in page.elements if tag == "script"]
        assert all("src" in attributes for attributes in scripts), page.file


def allowed_elsewhere(exported: Exported) -> set[str]:
    """Addresses outside: leaving, the routes of the register, this site itself as it is printed, and the mailbox."""
    partnership = exported.site.partnership
    routes = {f"https://{route.url}" for route in partnership.routes if route.url}
    ours = {f"https://{partnership.site}", f"https://{exported.letter.letter.page}"}
    written = {f"https://{route.form}" for route in partnership.routes if route.form}
    written |= {f"mailto:{route.email}" for route in partnership.routes if route.email}
    written |= {f"sms:{route.text.replace(' ', '')}" for route in partnership.routes if route.text}
    return {partnership.leave_to, f"mailto:{partnership.reply_mailbox}"} | ours | routes | written


def test_every_link_leads_where_it_says_and_to_nobody_else(exported: Exported, pages: list[Read]) -> None:
    by_address = {
        "/" + page.file.parent.relative_to(exported.public).as_posix().strip(".") + "/": page
        for page in pages
        if page.file.name == "index.html"
    }
    by_address["/"] = by_address.pop("//")
    numbers = {
        f"tel:{route.number.replace(' ', '')}"
        for route in exported.site.partnership.routes
        if route.number and route.number[0].isdigit()
    } | {f"tel:{exported.site.partnership.enquiries.number.replace(' ', '')}"}
    met = set()
    for page in pages:
        for link in page.links():
            met.add(link)
            if link.startswith("tel:"):
                assert link in numbers, page.file
                continue
            if urlsplit(link).scheme:
                assert link in allowed_elsewhere(exported), page.file
                continue
            assert "?" not in link, page.file
            path, _, fragment = link.partition("#")
            target = by_address.get(path) if path else page
            if target is None:
                assert (exported.public / path.strip("/")).is_file(), (page.file, link)
                assert not fragment
            elif fragment:
                assert fragment in target.values("id"), (page.file, link)
    # Nothing is there that no page leads to, but the seal, which is for machines, and files of the exporter.
    assert set(by_address) <= {link.partition("#")[0] for link in met}
    assert exported.site.partnership.leave_to in met


@dataclass
class Seen:
    """What a browser met at one address."""

    status: int
    asked: list[str]
    said: list[str]
    shift: float
    sideways: int


SHIFT = """window.shift = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => { if (!one.hadRecentInput) shift += one.value }))
  .observe({type: 'layout-shift', buffered: true});"""
SETTLED = """() => document.fonts.ready
  .then(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))).then(() => window.shift)"""


@pytest.fixture(
    scope="module", params=[*("en", "ur"), *(pytest.param(t, marks=pytest.mark.nightly) for t in ("ar", "pl"))]
)
def seen(
    request: pytest.FixtureRequest, firm_browser: Browser, behind_nginx: Served, exported: Exported
) -> dict[str, Seen]:
    """Every page in a language, each opened by a phone that has nothing of ours yet."""
    found = {}
    # One page for all, whose browser forgets what it kept: a context of its own for each takes twenty times as long.
    with visiting(firm_browser, behind_nginx, PHONE) as visit:
        page = visit.page
        page.add_init_script(SHIFT)
        memory = visit.context.new_cdp_session(page)
        for where in exported.addresses():
            if language_of(where) != request.param:
                continue
            page.goto("about:blank")
            memory.send("Network.clearBrowserCache")
            page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
            visit.asked.clear()
            visit.said.clear()
            answer = page.goto(where)
            assert answer is not None
            shift = page.evaluate(SETTLED)
            page.set_viewport_size({"width": NARROW, "height": 640})
            sideways = page.evaluate("document.documentElement.scrollWidth")
            asked = [one.url.removeprefix(behind_nginx.url) for one in visit.asked]
            said = [words for words in visit.said if not (answer.status == 404 and "404" in words)]
            found[where] = Seen(answer.status, asked, said, shift, sideways)
    return found


def language_of(where: str) -> str:
    """The language of the page at an address."""
    return next((tag for tag in LANGUAGES if where.startswith(f"/{tag}/")), "en")


def size(exported: Exported, path: str, language: str) -> int:
    """Bytes of a file as it travels: its compressed twin where there is one."""
    file = exported.public / path.strip("/")
    if file.is_dir():
        file /= "index.html"
    elif not file.exists():
        file = exported.public / ("" if language == "en" else language) / "404.html"
    twin = file.with_name(f"{file.name}.gz")
    return (twin if twin.exists() else file).stat().st_size


@pytest.mark.browser
def test_every_page_is_there_and_the_console_is_empty(seen: dict[str, Seen]) -> None:
    for where, one in seen.items():
        assert one.status == (404 if where.endswith("no-such-page/") else 200), where
        assert one.said == [], where


@pytest.mark.browser
def test_no_page_scrolls_sideways_on_the_narrowest_phone(seen: dict[str, Seen]) -> None:
    assert {where: one.sideways for where, one in seen.items() if one.sideways > NARROW} == {}


@pytest.mark.browser
def test_nothing_moves_while_a_page_comes(seen: dict[str, Seen]) -> None:
    assert {where: one.shift for where, one in seen.items() if one.shift >= MOST_SHIFT} == {}


@pytest.mark.browser
def test_a_first_load_is_light(
    seen: dict[str, Seen], exported: Exported, record_property: Callable[[str, object], None]
) -> None:
    sizes = {}
    for where, one in seen.items():
        language = language_of(where)
        assert all(path.startswith("/") for path in one.asked), where
        counted = [path for path in dict.fromkeys(one.asked) if URDU_FONT not in path]
        # The page, its style and its script are among them, or nothing was measured.
        assert len(counted) >= 4, where
        sizes[where] = sum(size(exported, path, language) for path in counted)
        # The Urdu font is large, and is loaded only for its own pages.
        assert (URDU_FONT in " ".join(one.asked)) == (language == "ur"), where
    record_property("first load, bytes", sizes)
    assert {where: total for where, total in sizes.items() if total >= MOST_BYTES} == {}


# A phone at the edge of a cell: 150 ms to and fro, 1.6 Mbit/s.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
# Urdu is read in its own hand as soon as it comes, and lines move then: many machines lack some of its letters.
MOST_SHIFT_SLOWLY = {"en": MOST_SHIFT, "pl": MOST_SHIFT, "ar": MOST_SHIFT, "ur": 0.1}


@pytest.mark.browser
@in_urdu_at_least
def test_nothing_moves_while_a_page_comes_slowly(
    firm_browser: Browser, served: Served, language: str, record_property: Callable[[str, object], None]
) -> None:
    found = {}
    for path in (TERM, f"{TERM}/signs", "help"):
        with visiting(firm_browser, served, PHONE) as visit:
            line = visit.context.new_cdp_session(visit.page)
            line.send("Network.enable")
            line.send("Network.emulateNetworkConditions", SLOW)
            visit.page.add_init_script(SHIFT)
            visit.page.goto(address(language, path))
            found[path] = visit.page.evaluate(SETTLED)
    record_property("layout shift on a slow line", found)
    assert {path: shift for path, shift in found.items() if shift >= MOST_SHIFT_SLOWLY[language]} == {}


@pytest.mark.browser
@crossed(device=[PHONE, DESKTOP._replace(script=False)], language=["en", "ur"])
def test_keys_reach_the_way_in_the_way_out_and_help(
    firm_browser: Browser, served: Served, device: Device, language: str
) -> None:
    with reading(firm_browser, served, device) as visit:
        page = visit.page
        page.goto(address(language, f"{TERM}/signs"))
        names = []
        for _ in range(25):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() == 0:
                continue
            names.append(" ".join(focused.inner_text().split()))
            # Whatever has the focus can be seen.
            box = focused.bounding_box()
            assert box is not None
            assert box["width"] > 0
        wanted = [say(language, one) for one in ("Skip to the page", "Leave this page", "Get help now")]
        assert names[:2] == wanted[:2]
        assert wanted[2] in names
        # And the first of them leads past the bars.
        page.goto(address(language, f"{TERM}/signs"))
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
