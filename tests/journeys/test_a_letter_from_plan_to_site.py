"""Story: a letter goes from the year's plan to the families' site, each part by the person whose job it is.

An author plans, begins and writes it, with a colleague in the same section. A delegate leaves a note, and a reviewer
asks for a change. A signatory makes a key and approves; a comma voids it; the council approves by key file. A
coordinator seals and publishes it, and puts another number on the site. A stranger proves the printed letter.

A real Chromium, a device that asks for a finger, and a real worker. Author, delegate, reviewer, police and coordinator
have only the keyboard. The second author has a phone without JavaScript, and does an author's whole job with it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Locator, Page, expect

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.beside import run_beside
from tests.factories.demonstration import REFERENCE
from tests.factories.drafted import NOW, PASSPHRASE, Place, keys, sealing_key, with_keys
from tests.factories.served_here import context_of, served_here
from tests.factories.signed_in import signed_in
from tests.integration.conftest import database as database
from tests.integration.conftest import database_server as database_server
from tests.journeys.axe import EVERY_RULE, OF_LOOKS, violations
from tests.journeys.browsers import a_browser, follow
from tests.journeys.keyboard import add, go, press, reach, with_a_device, write
from tests.journeys.test_doors_in_a_browser import EVERYFAMILY, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

LETTER = f"/letters/{REFERENCE}/"
PLANNED = 'topic = "child-sexual-exploitation"\nabout = "child sexual exploitation"\nsend_week = 2027-03-02\n'
"""What the plan says of the spring term. Here its author says it."""
WORDS = "Words of this section"
OTHERS = (
    *(
        "",
        "write/en/signs/",
        "write/en/outside/",
        "write/en/press/ask/",
        "findings/",
        "waive/RD001/en/opening/2/",
        "pack/",
    ),
    *("versions/", "versions/1/", "languages/", "languages/ur/", "ask/", "give-up/"),
    *(f"preview/en/{medium}/" for medium in ("print", "email", "text", "briefing")),
)
"""Pages of a letter that is being written."""
DAY = "03032027"
"""3 March, in the order of either side of the Atlantic: a browser asks for it in its own."""
BLAMES = " Some children put themselves at risk."
OURS, THEIRS = " We write to every family.", " Please read it all."
SOON = 60_000
"""Milliseconds until a worker has done what somebody waits for, on a machine that does more."""
PICTURES = os.environ.get("EVERYFAMILY_TEST_PICTURES", "")
"""A folder for pictures of the pages. tools/readme_pictures.py names one."""
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
NARROW: dict[str, Any] = {"viewport": {"width": 390, "height": 800}}


@dataclass
class Here:
    """What is served, where its settings are, and where the worker writes the site."""

    base: str
    place: Place
    site: Path
    browser: Browser

    def somebody(self, role: Role, name: str, body: str = "police", **how: Any) -> Page:
        """A page of somebody who is signed in, and who begins at home."""
        client = signed_in(role, name, body=body)
        context = context_of(self.browser, client, self.base, locale="en-GB", **(WIDE | how))
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(self.base)
        return page


@pytest.fixture
def here(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    from everyfamily_demo.clock import set_simulated

    # Playwright has an event loop in this thread, in which nothing else runs.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    set_simulated(NOW)
    site, own = tmp_path / "site", {"EVERYFAMILY_CLOCK": "database"}
    with (
        with_keys(tmp_path) as place,
        served_here(tmp_path, EVERYFAMILY_SITE_FOLDER=site, **own) as base,
        _worker(own | {"EVERYFAMILY_SITE_FOLDER": str(site), "EVERYFAMILY_BASE_URL": base}, place, tmp_path),
        a_browser() as browser,
    ):
        yield Here(base, place, site, browser)


@contextlib.contextmanager
def _worker(own: dict[str, str], place: Place, folder: Path) -> Iterator[None]:
    """A worker for what people ask for on pages. It has the sealing key."""
    settings = os.environ | own | {
        "EVERYFAMILY_PARTNERSHIP": str(place.partnership),
        "EVERYFAMILY_SEALING_KEY_FILE": str(place.key),
        "EVERYFAMILY_SEALING_PASSPHRASE_FILE": str(place.passphrase),
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
        "EVERYFAMILY_POLLING_SECONDS": "0.5",
    }  # fmt: skip
    with subprocess.Popen([*EVERYFAMILY, "worker", "--for", "screens"], env=settings) as worker:
        yield
        worker.terminate()
        worker.wait(30)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page, if somebody wants them."""
    if PICTURES:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """What axe and a small phone hold against the page, light and dark."""
    own = page.viewport_size
    assert own is not None
    assert page.locator("h1").count() == 1, name
    assert page.locator("script:not([src]), [style]").count() == 0, name
    held = violations(page, EVERY_RULE)
    page.emulate_media(color_scheme="dark")
    held += violations(page, OF_LOOKS)
    keep(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    keep(page, name)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    keep(page, f"{name}-phone")
    page.set_viewport_size(own)
    assert held == [], name


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def words_of(page: Page) -> Locator:
    return page.get_by_label(WORDS)


def test_a_letter_goes_from_the_plan_to_the_site_of_families(here: Here, tmp_path: Path) -> None:
    here.place.rewrite(PLANNED, "")
    refused: list[str] = []
    tom, ruth = here.somebody(Role.AUTHOR, "Tom Rydal"), here.somebody(Role.SIGNATORY, "Ruth Calloway")
    for page in (tom, ruth):
        page.on("console", lambda said: refused.append(said.text) if "Policy" in said.text else None)
        page.on("pageerror", lambda error: refused.append(str(error)))
    with_a_device(ruth.context, ruth)
    _a_key_is_made_and_confirmed(here, ruth)
    sam = here.somebody(Role.AUTHOR, "Sam Ode", **PHONE)

    # Given a letter that an author plans, begins and writes with a colleague, and sends for approval
    _is_planned_and_begun(tom)
    _two_authors_write_one_section(here, tom, sam)
    _is_looked_at_and_sent(here, tom)
    _does_the_rest_without_javascript(here, sam)

    # A delegate leaves a note, without a script, and a reviewer asks for a change on a phone
    ian = here.somebody(Role.DELEGATE, "Supt Frayne", java_script_enabled=False)
    go(ian, "Read and leave notes")
    write(ian, "Leave a note", "Ring our front desk before it goes.")
    go(ian, "Leave the note")
    expect(ian.get_by_text("Ring our front desk before it goes.", exact=True)).to_be_visible()
    lena = here.somebody(Role.REVIEWER, "Lena Moss", **NARROW)
    go(lena, "Read and review")
    press(lena, "Ask for a change")
    go(lena, "Ask for this change")
    expect(lena.get_by_text("There are no words")).to_be_visible()
    write(lena, "What should change, and why?", "A comma, for two things to do.")
    go(lena, "Ask for this change")
    expect(lena.get_by_text("Asks for a change")).to_be_visible()

    # A signatory presses three times and touches her device
    ruth.goto(here.base)
    go(ruth, "Read and approve")
    heading(ruth).to_contain_text("Approve: ")
    look(ruth, "approve")
    go(ruth, "Approve with your passkey")
    heading(ruth).to_have_text("You approved these words")
    look(ruth, "approved")
    assert refused == []

    # When an author writes one comma, everything that was said is void, and she is told
    _a_comma_is_written_and_sent(here, sam)
    ruth.goto(here.base)
    expect(ruth.get_by_role("heading", name=f"The words of letter {REFERENCE} changed")).to_be_visible()
    go(ruth, "Read and approve")
    expect(ruth.get_by_role("heading", name="1 change since you last looked")).to_be_visible()
    keep(ruth, "changed")
    go(ruth, "Approve with your passkey")
    heading(ruth).to_have_text("You approved these words")

    # The council approves elsewhere, with its key file and the command, and uploads the approval without a script
    judith = here.somebody(Role.SIGNATORY, "Judith Amara", "childrens-services", java_script_enabled=False)
    follow(judith.get_by_role("button", name="Read and approve"))
    expect(judith.get_by_text("A passkey cannot be used here.")).to_be_hidden()
    follow(judith.get_by_role("link", name="Approve with a key file instead"))
    folder = _downloaded(judith, f"Letter {REFERENCE}", tmp_path / "letter")
    judith.get_by_label("The file approvals/childrens-services.json").set_input_files(_approved_elsewhere(folder))
    follow(judith.get_by_role("button", name="Upload the approval"))
    heading(judith).to_have_text("You approved these words")
    lena.goto(here.base)
    go(lena, "Read and review")
    go(lena, "I reviewed these words")

    # Then a coordinator seals it and publishes it, and families read it
    cora = here.somebody(Role.COORDINATOR, "Cora Finch")
    _is_sealed_and_published(cora)
    with _site_served(here.site / "public") as site:
        _is_proven(site, tmp_path)
        family = here.browser.new_page(**NARROW)
        family.goto(f"{site}/spring-2027")
        expect(family.get_by_text("0151 496 0120").first).to_be_visible()
        # And another number is on the site as soon as a second person has rung it and a worker looks
        _another_number_is_put_in(cora, here.somebody(Role.ADMINISTRATOR, "Nia Evans"))
        _until_it_says(family, "0151 496 0125")
        expect(family.get_by_text("A number in this letter has changed")).to_be_visible()


def _a_key_is_made_and_confirmed(here: Here, ruth: Page) -> None:
    ruth.goto(f"{here.base}/keys/")
    look(ruth, "keys")
    go(ruth, "Make a key")
    heading(ruth).to_have_text("Make a key to approve with")
    look(ruth, "key-new")
    write(ruth, "What do you call this device or key?", "Force laptop")
    go(ruth, "Make the key")
    heading(ruth).to_have_text("Force laptop")
    fingerprint = ruth.locator(".print.large").inner_text()
    ada = here.somebody(Role.SIGNATORY, "Ada Marsh")
    go(ada, "See the key")
    expect(ada.get_by_text(fingerprint)).to_be_visible()
    look(ada, "key")
    go(ada, "We compared it by phone: confirm")
    ruth.reload()
    lines = ruth.get_by_label("Lines for the partnership’s file").inner_text()
    _into_the_settings(here.place, lines)


def _into_the_settings(place: Place, lines: str) -> None:
    tables = place.partnership.read_text(encoding="utf-8").split("[[signatories]]\n")
    at = next(n for n, one in enumerate(tables) if n and 'id = "police"' in one)
    table, gap, rest = tables[at].partition("\n\n")
    tables[at] = f"{table}\n\n{lines}\n\n{rest}" if gap else f"{tables[at]}\n{lines}\n"
    place.partnership.write_text("[[signatories]]\n".join(tables), encoding="utf-8")


def _is_planned_and_begun(tom: Page) -> None:
    go(tom, "Year")
    go(tom, "See and change the plan")
    go(tom, "Add a letter to the spring term 2027")
    look(tom, "plan-letter")
    reach(tom, "Week")
    tom.keyboard.type(DAY)
    reach(tom, "Topic")
    tom.keyboard.type("Child sexual")
    write(tom, "What it is about", "child sexual exploitation")
    go(tom, "Add it to the plan")
    expect(tom.get_by_text("The plan is changed, and in force.")).to_be_visible()
    go(tom, "Letters")
    expect(tom.get_by_text("No letter is begun yet.")).to_be_visible()
    go(tom, "Begin a letter")
    press(tom, "Spring term 2027", key="Space")
    reach(tom, "Date of the letter")
    tom.keyboard.type(DAY)
    write(tom, "Reference", REFERENCE)
    go(tom, "Begin this letter")
    assert tom.url.endswith(LETTER)


def _two_authors_write_one_section(here: Here, tom: Page, sam: Page) -> None:
    """What blames a child is underlined before it is saved. Both have the section open, and neither loses a word."""
    go(tom, "Read it and write it")
    sam.goto(f"{here.base}{LETTER}write/en/opening/")
    add(tom, WORDS, BLAMES)
    expect(tom.get_by_role("heading", name="1 finding here")).to_be_visible()
    expect(tom.locator("mark", has_text="put themselves at risk")).to_be_visible()
    for _ in BLAMES:
        tom.keyboard.press("Backspace")
    tom.keyboard.type(OURS)
    expect(tom.get_by_role("heading", name="Nothing found here")).to_be_visible()
    kept = words_of(sam).input_value()
    words_of(sam).fill(kept.replace("letter", "<b>letter</b>", 1))
    follow(sam.get_by_role("button", name="Save and check"))
    expect(sam.get_by_role("heading", name="Nothing was saved yet")).to_be_visible()
    words_of(sam).fill(kept + THEIRS)
    follow(sam.get_by_role("button", name="Save and check"))
    expect(sam.get_by_text("Saved.", exact=True)).to_be_visible()
    go(tom, "Save and check")
    expect(tom.get_by_role("heading", name="Sam Ode saved this section")).to_be_visible()
    expect(tom.get_by_role("region", name="Theirs, saved")).to_contain_text(THEIRS.strip())
    assert words_of(tom).input_value() == kept + OURS
    look(tom, "conflict")
    add(tom, WORDS, THEIRS)
    go(tom, "Save as the newest version")
    expect(tom.get_by_text("Saved.", exact=True)).to_be_visible()
    assert words_of(tom).input_value() == kept + OURS + THEIRS
    go(tom, "Save, next section")
    heading(tom).to_have_text("In danger now")
    look(tom, "write")


def _is_looked_at_and_sent(here: Here, tom: Page) -> None:
    go(tom, "See the whole letter")
    picture = tom.get_by_role("img", name=re.compile("Page 2"))
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 600
    go(tom, "Email")
    expect(tom.frame_locator("iframe").get_by_text(OURS.strip())).to_be_visible()
    look(tom, "preview")
    tom.goto(f"{here.base}{LETTER}")
    look(tom, "letter")
    go(tom, "Send it for approval")
    go(tom, "Freeze these words and ask for approval")
    expect(tom.get_by_text("Version 1 was frozen for Tom Rydal")).to_be_visible(timeout=SOON)
    heading(tom).to_have_text("Sent for approval")
    look(tom, "ask")


def _does_the_rest_without_javascript(here: Here, sam: Page) -> None:
    """On a phone: what else an author does, with another letter of the plan."""
    sam.goto(here.base)
    follow(sam.get_by_role("link", name="Year", exact=True))
    follow(sam.get_by_role("link", name="See and change the plan"))
    follow(sam.get_by_role("link", name="Add a letter to the summer term 2027"))
    expect(sam.get_by_text(f"{REFERENCE} is sent for approval.")).to_be_visible()
    sam.get_by_label("Week").fill("2027-06-15")
    sam.get_by_label("Topic").select_option("criminal-exploitation")
    follow(sam.get_by_role("button", name="Add it to the plan"))
    expect(sam.get_by_text("Say what it is about.").first).to_be_visible()
    sam.get_by_label("What it is about").fill("people who use children for crime")
    follow(sam.get_by_role("button", name="Add it to the plan"))
    follow(sam.get_by_role("link", name="Letters", exact=True))
    follow(sam.get_by_role("button", name="Begin a letter"))
    sam.get_by_label("people who use children for crime").check()
    sam.get_by_label("Date of the letter").fill("2027-06-15")
    sam.get_by_label("Reference").fill("ES-2706-C4R3")
    follow(sam.get_by_role("button", name="Begin this letter"))
    follow(sam.get_by_role("link", name="Look at it as families get it"))
    expect(sam.get_by_role("img", name=re.compile("Page 2"))).to_be_visible()


def _a_comma_is_written_and_sent(here: Here, sam: Page) -> None:
    sam.goto(f"{here.base}{LETTER}approve/")
    follow(sam.get_by_role("button", name=re.compile("^Settled")))
    sam.goto(f"{here.base}{LETTER}write/en/talk/")
    expect(sam.get_by_text("every approval of it counts for nothing")).to_be_visible()
    words_of(sam).fill(words_of(sam).input_value().replace(" or ", ", or ", 1))
    follow(sam.get_by_role("button", name="Save and check"))
    expect(sam.get_by_text("Saved.", exact=True)).to_be_visible()
    sam.goto(f"{here.base}{LETTER}")
    expect(sam.get_by_text("Being written")).to_be_visible()
    follow(sam.get_by_role("link", name="Send it for approval"))
    follow(sam.get_by_role("button", name="Freeze these words and ask for approval"))
    expect(sam.get_by_text("Version 2 was frozen for Sam Ode")).to_be_visible(timeout=SOON)


def _downloaded(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_text(link, exact=True).click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        archive.extractall(folder)
    return folder


def _approved_elsewhere(folder: Path) -> Path:
    """The approval that the command writes."""
    from everyfamily.cli.main import main
    from everyfamily.core.agreement.seals import digest_of, fingerprint

    key, passphrase = folder.parent / "council.pem", folder.parent / "council.txt"
    key.write_bytes(keys()["childrens-services"].to_pem(PASSPHRASE))
    passphrase.write_bytes(PASSPHRASE)
    mark = fingerprint(digest_of(json.loads((folder / "record.json").read_text(encoding="utf-8"))))
    words = ["approve", str(folder), "--signatory", "childrens-services", "--key", str(key), "--yes"]
    done = CliRunner().invoke(main, [*words, "--passphrase-file", str(passphrase), "--fingerprint", mark])
    assert done.exit_code == 0, done.output
    return folder / "approvals" / "childrens-services.json"


def _is_sealed_and_published(cora: Page) -> None:
    go(cora, "Seal it")
    look(cora, "seal")
    go(cora, "Seal this letter")
    heading(cora).to_have_text("The letter is being sealed")
    # The page looks again by itself
    heading(cora).to_have_text("The letter is sealed", timeout=SOON)
    go(cora, "Put it on the parent site")
    look(cora, "site")
    go(cora, "Publish for families")
    expect(cora.get_by_text("Published at 10am on Monday 1 March")).to_be_visible(timeout=SOON)
    go(cora, "Look at the preview")
    expect(cora.get_by_text("0151 496 0120").first).to_be_visible()
    cora.go_back()


def _site_served(public: Path) -> contextlib.AbstractContextManager[str]:
    """What families see of the folder that the worker writes."""
    from waitress.server import create_server

    from everyfamily.parentsite.serving import site_app

    return run_beside(create_server(site_app(public, ""), host="127.0.0.1", port=0))


def _is_proven(site: str, place: Path) -> None:
    """A stranger proves the printed letter with the published seal, offline."""
    from everyfamily.cli.main import main
    from everyfamily.core.agreement.seals import FORMAT_OF_KEYS

    seals, letter = place / "seals", place / "letter.pdf"
    seals.mkdir()
    for path, file in (
        (f"seals/{REFERENCE}.json", seals / f"{REFERENCE}.json"),
        (f"files/{REFERENCE}/en/letter.pdf", letter),
    ):
        with urllib.request.urlopen(f"{site}/{path}") as answer:
            file.write_bytes(answer.read())
    assert json.loads((seals / f"{REFERENCE}.json").read_bytes())["format"] == FORMAT_OF_KEYS
    words = ["verify", str(letter), "--seals", str(seals), "--sealing-key", sealing_key().public_key]
    done = CliRunner().invoke(main, words)
    assert (done.exit_code, "genuine, unchanged" in done.output.lower()) == (0, True), done.output


def _another_number_is_put_in(cora: Page, nia: Page) -> None:
    from procrastinate.exceptions import AlreadyEnqueued

    from everyfamily.staff.site.tasks import follow_site, publish_again_if_changed

    go(cora, "Lines")
    go(cora, "Ring again: Eastmere children’s team, 0151")
    go(cora, "It has another number now")
    write(cora, "The new number", "0151 496 0125")
    press(cora, "I rang it just now", key="Space")
    go(cora, "Ask for this number")
    expect(cora.get_by_text("0151 496 0125 waits for a second person")).to_be_visible()
    # Until then nothing changes for families, however often the worker looks.
    assert not publish_again_if_changed(NOW)
    nia.reload()
    go(nia, "See the change")
    go(nia, "See what it would change")
    press(nia, "I tried 0151 496 0125 just now", key="Space")
    go(nia, "Put it in force")
    expect(nia.get_by_role("heading", level=1)).to_have_text(
        "Settings of Eastmere Safeguarding Children Partnership"
    )
    # A worker looks every minute. Nobody waits for that here.
    with contextlib.suppress(AlreadyEnqueued):
        follow_site.defer(timestamp=0)


def _until_it_says(page: Page, words: str) -> None:
    for _ in range(120):
        page.reload()
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(500)
    pytest.fail(f"the site does not say {words!r}")


@pytest.mark.nightly
def test_every_other_page_of_a_letter_can_be_read_by_everybody(here: Here) -> None:
    from tests.factories.drafted import begun, saved

    tom = here.somebody(Role.AUTHOR, "Tom Rydal")
    saved(begun(), "opening", {"opening/2": "We write to every family."})
    for part in OTHERS:
        tom.goto(f"{here.base}{LETTER}{part}")
        look(tom, part)
