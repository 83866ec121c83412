"""Story: an author begins the spring letter, changes a section, looks at it in every medium, and sends it for approval.

A real Chromium with the product's own scripts, and then a phone without JavaScript, where one changed word takes the
approvals back and the letter is sent again. A real worker freezes the words.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from everyfamily.core.actors import Actor
from tests.factories.demonstration import REFERENCE
from tests.factories.drafted import with_keys
from tests.integration.conftest import database as database
from tests.integration.conftest import database_server as database_server
from tests.journeys.axe import EVERY_RULE, OF_LOOKS, violations
from tests.journeys.browsers import follow
from tests.journeys.test_doors_in_a_browser import EVERYFAMILY, PHONE, Doors, come_in
from tests.journeys.test_doors_in_a_browser import browser as browser
from tests.journeys.test_doors_in_a_browser import doors as doors

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

PAGES = ("", "write/en/signs/", "versions/1/", "preview/en/email/", "ask/")
MORE = ("findings/", "waive/RD001/en/opening/2/", "versions/", "languages/", "languages/ur/", "preview/en/print/")
MORE_YET = (
    "write/en/outside/",
    "write/en/press/ask/",
    "preview/en/text/",
    "preview/en/briefing/",
    "pack/",
    "give-up/",
)


@pytest.fixture
def _worker(doors: Doors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Settings whose signatories have keys, and a worker for what pages ask for."""
    from everyfamily.core.partnership.versions import files_at
    from everyfamily.partnership.actions import import_settings
    from everyfamily.staff.doors.secrets_of_factors import make_key

    make_key(Path(doors.settings["EVERYFAMILY_SIGN_IN_KEY_FILE"]))
    # Playwright has an event loop in this thread, in which nothing else runs.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    with with_keys(tmp_path) as place:
        import_settings(*files_at(place.partnership), Actor.typed("Ines Ortega"), None, datetime.now(UTC))
    settings = {
        **doors.settings,
        "EVERYFAMILY_POLLING_SECONDS": "0.1",
        "EVERYFAMILY_OUTBOX": str(tmp_path / "outbox"),
    }
    with subprocess.Popen([*EVERYFAMILY, "worker", "--for", "screens"], env=settings) as worker:
        yield
        worker.terminate()
        worker.wait(30)


def _link(doors: Doors) -> str:
    from everyfamily.accounts.actions.inviting import invite
    from everyfamily.core.invitations import offer_of
    from everyfamily.core.permissions import Role

    offer = offer_of("Tom Rydal", "tom@example.org", Role.AUTHOR)
    return f"{doors.base}/invitations/{invite(offer, Actor.typed('Ines Ortega'), datetime.now(UTC)).token}/"


def _send(page: Page, version: int) -> None:
    """From the letter's own page to "sent for approval". The page reloads by itself while the worker freezes."""
    follow(page.get_by_role("link", name="Send it for approval"))
    follow(page.get_by_role("button", name="Freeze these words and ask for approval"))
    expect(page.get_by_text(f"Version {version} was frozen for Tom Rydal")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent for approval")


def _look_at(context: BrowserContext, one: str, parts: tuple[str, ...]) -> None:
    """Axe, light and dark, and the smallest phone."""
    page = context.new_page()
    found: dict[str, object] = {}
    for part in parts:
        page.goto(f"{one}{part}")
        wrong = violations(page, EVERY_RULE)
        page.emulate_media(color_scheme="dark")
        wrong += violations(page, OF_LOOKS)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong.append(["scrolls sideways"])
        page.set_viewport_size({"width": 1280, "height": 800})
        if wrong:
            found[part] = wrong
    assert found == {}
    page.close()


@pytest.mark.usefixtures("_worker")
def test_an_author_writes_a_letter_and_sends_it_for_approval(browser: Browser, doors: Doors) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: refused.append(str(error)))
    come_in(page, _link(doors))
    # Given no letter at all, the author begins the one that the plan has
    page.goto(doors.base)
    follow(page.get_by_role("link", name="Letters", exact=True))
    expect(page.get_by_text("No letter is begun yet.")).to_be_visible()
    follow(page.get_by_role("button", name="Begin a letter"))
    page.get_by_label("Spring term 2027").check()
    page.get_by_label("Date of the letter").fill("2027-03-02")
    page.get_by_label("Reference").fill(REFERENCE)
    follow(page.get_by_role("button", name="Begin this letter"))
    one = page.url
    assert one == f"{doors.base}/letters/{REFERENCE}/"
    # When words are typed that blame a child, they are underlined before anything is saved
    follow(page.get_by_role("link", name="Read it and write it"))
    words = page.get_by_label("Words of this section")
    kept = words.input_value()
    words.fill(kept.replace("You have not been picked out.", "Some children put themselves at risk."))
    expect(page.get_by_role("heading", name="1 finding here")).to_be_visible()
    expect(page.locator("mark", has_text="put themselves at risk")).to_be_visible()
    words.fill(kept.replace("picked out", "chosen"))
    expect(page.get_by_role("heading", name="Nothing found here")).to_be_visible()
    follow(page.get_by_role("button", name="Save, next section"))
    expect(page.get_by_role("heading", level=1)).to_have_text("In danger now")
    # And the pages and the email are as families get them
    page.goto(f"{one}preview/en/print/")
    picture = page.get_by_role("img", name=re.compile("Page 2"))
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 600
    page.goto(f"{one}preview/en/email/")
    expect(page.frame_locator("iframe").get_by_text("You have not been chosen.")).to_be_visible()
    assert refused == []
    # Then it is sent for approval
    page.goto(one)
    _send(page, 1)
    _look_at(context, one, PAGES)
    # And on a phone without JavaScript, one word changes it, and it is sent again
    phone = browser.new_context(**PHONE)
    phone.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = phone.new_page()
    page.goto(f"{one}write/en/opening/")
    expect(page.get_by_text("every approval of it counts for nothing")).to_be_visible()
    words = page.get_by_label("Words of this section")
    words.fill(words.input_value().replace("letter", "<b>letter</b>", 1))
    follow(page.get_by_role("button", name="Save and check"))
    expect(page.get_by_role("heading", name="Nothing was saved yet")).to_be_visible()
    words.fill(kept.replace("picked out", "singled out"))
    follow(page.get_by_role("button", name="Save and check"))
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    page.goto(one)
    expect(page.get_by_text("Being written")).to_be_visible()
    _send(page, 2)


@pytest.mark.nightly
@pytest.mark.usefixtures("_worker")
def test_every_other_page_of_a_letter_can_be_read_by_everybody(browser: Browser, doors: Doors) -> None:
    from tests.factories.drafted import begun, saved

    context = browser.new_context(viewport={"width": 1280, "height": 800})
    come_in(context.new_page(), _link(doors))
    saved(begun(now=datetime.now(UTC)), "opening", {"opening/2": "We write to every family."})
    _look_at(context, f"{doors.base}/letters/{REFERENCE}/", MORE + MORE_YET)
