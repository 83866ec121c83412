"""Story: an office checks an old letter in a browser, on its own machine, with nothing but the checker.

The real command serves; a real Chromium asks. No page runs a script, so all of it is also the story without JavaScript.
"""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote_plus, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.axe import EVERY_RULE, violations
from tests.journeys.browsers import a_browser, follow
from tests.samples.old_council_letter import FOLDER

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SERVE_WITHOUT_A_DISK = """
import tempfile
def refuse(*_, **__): raise SystemExit("something would be written to a disk")
tempfile.TemporaryFile = tempfile.NamedTemporaryFile = tempfile.mkstemp = tempfile.SpooledTemporaryFile = refuse
from everyfamily.cli.main import main
main(["check", "--serve", "--port", "0"])
"""
LETTER = FOLDER / "old-council-letter.docx"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    """The address of the running program, which cannot make a temporary file."""
    command = [sys.executable, "-c", _SERVE_WITHOUT_A_DISK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        found = re.search(r"http://localhost:\d+", served.stdout.readline())
        assert found, "the program did not start"
        yield found[0]
        served.terminate()
        assert served.wait(20) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    yield page
    context.close()


def test_an_office_checks_a_word_file_on_a_phone_and_changes_its_words(phone: Page, base: str) -> None:
    # Given the letter of years ago, as a Word file
    phone.goto(f"{base}/")
    # When it is chosen and checked
    phone.get_by_label("Choose a file").set_input_files(LETTER)
    phone.get_by_role("button", name="Check the letter").click()
    # Then the page says what to do about it, and shows where
    expect(phone.get_by_role("heading", level=1)).to_have_text("Do not send this letter yet")
    expect(phone.get_by_text("“old-council-letter.docx”")).to_be_visible()
    marks = phone.locator(".paper mark")
    assert marks.count() > 5
    # And each number leads to what to write instead
    first = phone.locator(".paper a.no").first
    number = first.inner_text().removeprefix("Finding ").strip()
    assert phone.locator(f"#f{number}").count() == 1
    # And following it opens what it leads to
    shut = phone.locator("details:not([open]) > .more").last.get_attribute("id")
    assert shut
    expect(phone.locator(f"#{shut}")).not_to_be_visible()
    phone.locator(f".paper a[href='#{shut}']").click()
    expect(phone.locator(f"#{shut}")).to_be_visible()
    # When the words are replaced by better ones
    phone.get_by_label("The words of your letter").fill(
        "Dear parent or carer\n\nThe trip leaves at 9am on Monday."
    )
    phone.get_by_role("button", name="Check again").click()
    # Then the verdict changes with them
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Do not send this letter yet")


def test_a_letter_can_be_checked_by_keyboard_alone(browser: Browser, base: str) -> None:
    page = browser.new_page()
    page.goto(f"{base}/check/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.get_by_label("Paste the words").evaluate("field => field === document.activeElement"):
            break
    page.keyboard.type("Some children put themselves at risk.")
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.get_by_role("button", name="Check the letter").evaluate("it => it === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1.verdict")).to_be_visible()
    page.close()


def test_a_large_file_stays_in_memory(phone: Page, base: str, tmp_path: Path) -> None:
    """The program that serves cannot make a file: see _SERVE_WITHOUT_A_DISK. Its letter's words begin 9 MB of text."""
    file = tmp_path / "long.html"
    file.write_bytes(b"<p>Some children put themselves at risk.</p>" + b"<!-- " + b"x" * 9_000_000 + b" -->")
    phone.goto(f"{base}/check/")
    phone.get_by_label("Choose a file").set_input_files(file)
    follow(phone.get_by_role("button", name="Check the letter"))
    assert "It is our fault" not in phone.content()


def test_a_file_that_is_too_large_is_refused_in_the_pages_own_words(
    phone: Page, base: str, tmp_path: Path
) -> None:
    file = tmp_path / "photos.docx"
    file.write_bytes(b"x" * 12_000_000)
    phone.goto(f"{base}/check/")
    phone.get_by_label("Choose a file").set_input_files(file)
    phone.get_by_role("button", name="Check the letter").click()
    expect(phone.get_by_role("alert")).to_contain_text("“photos.docx” has 12 MB. At most 10 MB are read.")


def test_a_large_page_stays_in_memory_until_a_slow_browser_has_it(base: str) -> None:
    """The program that serves cannot make a file: see _SERVE_WITHOUT_A_DISK."""
    words = "\n\n".join(["&&&&&&&&&&&&&& " * 100] * 100)
    body = urlencode({"words": words}, quote_via=quote_plus).encode()
    place = urlsplit(base)
    assert place.hostname
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
    connection.request("POST", "/check/", body, {"Content-Type": "application/x-www-form-urlencoded"})
    response = connection.getresponse()
    page = response.read(100)
    time.sleep(0.3)
    page += response.read()
    connection.close()
    assert response.status == 200
    assert len(page) > 1_048_576
    assert page.rstrip().endswith(b"</html>")


def test_every_page_can_be_used_by_everybody(browser: Browser, base: str) -> None:
    """Nothing that axe knows of, no sideways scroll on the smallest phone, nothing from elsewhere, light and dark."""
    page = browser.new_page(viewport={"width": 320, "height": 700})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found: dict[str, list[list[str]]] = {}
    for name in ("form", "error", "result", "clear", "rules", "rule", "not there"):
        _open(page, base, name)
        found[name] = violations(page, EVERY_RULE)
        page.emulate_media(color_scheme="dark")
        found[name] += violations(page, ["color-contrast"])
        page.emulate_media(color_scheme="light")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("script, iframe, [style]").count() == 0, name
    assert found == {name: [] for name in found}
    assert all(url.startswith(base) for url in asked)
    assert page.context.cookies() == []
    page.close()


def _open(page: Page, base: str, name: str) -> None:
    paths = {"rules": "rules/", "rule": "rules/HM103/", "not there": "nowhere/"}
    page.goto(f"{base}/check/{paths.get(name, '')}")
    if name == "result":
        page.get_by_label("Choose a file").set_input_files(LETTER)
    if name == "clear":
        page.get_by_label("Paste the words").fill("The school trip leaves at 9am on Monday 1 March 2027.")
    if name in ("error", "result", "clear"):
        follow(page.get_by_role("button", name="Check the letter"))
