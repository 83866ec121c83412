"""Story: a police signatory makes a key and approves by keyboard, a comma voids it, the council approves by key file,
a reviewer speaks, a coordinator seals, and a stranger proves the printed letter.

A real Chromium with a device that asks for a finger, against the pages of this process and its PostgreSQL.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, BrowserContext, Page, expect

from everyfamily.core.permissions import Role
from everyfamily_postgres.launcher import Server
from tests.factories.demonstration import REFERENCE
from tests.factories.drafted import (
    NOW,
    PASSPHRASE,
    Place,
    begun,
    frozen_now,
    keys,
    saved,
    sealing_key,
    with_a_comma,
    with_keys,
)
from tests.factories.served_here import context_of, served_here
from tests.factories.signed_in import shown_to_be, signed_in
from tests.integration.conftest import database as database
from tests.integration.conftest import database_server as database_server
from tests.journeys.axe import EVERY_RULE, OF_LOOKS, violations
from tests.journeys.browsers import a_browser, follow

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

LETTER = f"/letters/{REFERENCE}/"
PICTURES = os.environ.get("EVERYFAMILY_TEST_PICTURES", "")
"""A folder for pictures of the pages. tools/readme_pictures.py names one."""


@dataclass
class Here:
    """What is served, and where its settings are."""

    base: str
    place: Place
    browser: Browser

    def somebody(self, role: Role, name: str, *, script: bool = True, **where: Any) -> Page:
        """A page of somebody who is signed in."""
        client = signed_in(role, name, **where)
        shown_to_be(client)
        context = context_of(self.browser, client, self.base, java_script_enabled=script)
        context.set_default_timeout(10_000)
        return context.new_page()


@pytest.fixture
def here(database: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    from everyfamily_demo.clock import set_simulated

    # Playwright has an event loop in this thread, in which nothing else runs.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    set_simulated(NOW)
    with (
        with_keys(tmp_path) as place,
        served_here(tmp_path, EVERYFAMILY_CLOCK="database") as base,
        a_browser() as browser,
    ):
        yield Here(base, place, browser)


def with_a_device(context: BrowserContext, page: Page) -> None:
    """A device that asks for a finger and gets one."""
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "isUserVerified": True}})


def reach(page: Page, words: str) -> None:
    """Tab until something that begins with these words, or a field with this label, has the focus."""
    page.wait_for_load_state()
    said = "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || ''"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(said).strip().startswith(words):
            return
    pytest.fail(f"The keyboard does not reach {words!r}.")


def press(page: Page, words: str) -> None:
    """Reach it and press it, with the keyboard only."""
    reach(page, words)
    page.keyboard.press("Enter")


def keep(page: Page, name: str) -> None:
    """Keep a picture of the page, if somebody wants them."""
    if PICTURES:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def look(page: Page, name: str) -> None:
    """What axe and a small phone hold against the page, light and dark."""
    assert page.locator("h1").count() == 1, name
    assert page.locator("script:not([src]), iframe, [style]").count() == 0, name
    held = violations(page, EVERY_RULE)
    page.emulate_media(color_scheme="dark")
    held += violations(page, OF_LOOKS)
    keep(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    keep(page, name)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    keep(page, f"{name}-phone")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert held == [], name


def heading(page: Page) -> Any:
    return expect(page.get_by_role("heading", level=1))


def test_a_letter_is_agreed_by_everybody_who_must(here: Here, tmp_path: Path) -> None:
    refused: list[str] = []
    ruth = here.somebody(Role.SIGNATORY, "Ruth Calloway")
    ruth.on("console", lambda said: refused.append(said.text) if "Security Policy" in said.text else None)
    with_a_device(ruth.context, ruth)
    _a_key_is_made_and_confirmed(here, ruth)
    draft = begun()
    frozen_now(draft)

    # Given a letter that was sent for approval, a signatory presses three times and touches her device.
    ruth.goto(here.base)
    press(ruth, "Read and approve")
    heading(ruth).to_contain_text("Approve: ")
    look(ruth, "approve")
    press(ruth, "Approve with your passkey")
    heading(ruth).to_have_text("You approved these words")
    look(ruth, "approved")
    assert refused == []

    # A delegate leaves a note without a script, and is told that a passkey needs one where it is used.
    ian = here.somebody(Role.DELEGATE, "Supt Frayne", script=False)
    ian.goto(f"{here.base}{LETTER}approve/")
    ian.get_by_label("Leave a note").fill("Ring our front desk before it goes.")
    follow(ian.get_by_role("button", name="Leave the note"))
    expect(ian.get_by_text("Ring our front desk before it goes.")).to_be_visible()
    # A reviewer asks for a change.
    lena = here.somebody(Role.REVIEWER, "Lena Moss")
    lena.goto(f"{here.base}{LETTER}approve/")
    lena.get_by_text("Ask for a change").click()
    follow(lena.get_by_role("button", name="Ask for this change"))
    expect(lena.get_by_text("There are no words")).to_be_visible()
    lena.get_by_label("What should change, and why?").fill("A comma, for two things to do.")
    follow(lena.get_by_role("button", name="Ask for this change"))
    expect(lena.get_by_text("Asks for a change")).to_be_visible()

    # When an author writes one comma, everything that was said is void, and she is told.
    saved(draft, "talk", with_a_comma(draft))
    ruth.goto(here.base)
    expect(ruth.get_by_role("heading", name=f"The words of letter {REFERENCE} changed")).to_be_visible()
    ruth.goto(f"{here.base}{LETTER}approve/")
    expect(ruth.get_by_text("Your approval is void: the words changed")).to_be_visible()
    look(ruth, "void")
    frozen_now(draft)
    ruth.goto(f"{here.base}{LETTER}approve/")
    expect(ruth.get_by_role("heading", name="1 change since you last looked")).to_be_visible()
    keep(ruth, "changed")
    press(ruth, "Approve with your passkey")
    heading(ruth).to_have_text("You approved these words")

    # The council approves elsewhere, with its key file and the command, and uploads the approval without a script.
    judith = here.somebody(Role.SIGNATORY, "Judith Amara", script=False, body="childrens-services")
    judith.goto(f"{here.base}{LETTER}approve/")
    expect(judith.get_by_text("A passkey cannot be used here.")).to_be_hidden()
    follow(judith.get_by_role("link", name="Approve with a key file instead"))
    folder = _downloaded(judith, f"Letter {REFERENCE}", tmp_path / "letter")
    judith.get_by_label("The file approvals/childrens-services.json").set_input_files(_approved_elsewhere(folder))
    follow(judith.get_by_role("button", name="Upload the approval"))
    heading(judith).to_have_text("You approved these words")
    judith.goto(f"{here.base}{LETTER}approve/file/")

    # Then the reviewer has read it, a coordinator seals it, and a worker does so.
    lena.goto(f"{here.base}{LETTER}approve/")
    follow(lena.get_by_role("button", name="I reviewed these words"))
    cora = here.somebody(Role.COORDINATOR, "Cora Finch")
    cora.goto(here.base)
    follow(cora.get_by_role("button", name="Seal it"))
    look(cora, "seal")
    follow(cora.get_by_role("button", name="Seal this letter"))
    heading(cora).to_have_text("The letter is being sealed")
    _a_worker_seals()
    cora.goto(f"{here.base}{LETTER}seal/")
    heading(cora).to_have_text("The letter is sealed")
    # And a stranger proves the printed letter with the published seal.
    _verifies(_downloaded(cora, "Download the letter with its seal", tmp_path / "sealed"), tmp_path)


def _a_key_is_made_and_confirmed(here: Here, ruth: Page) -> None:
    ruth.goto(f"{here.base}/keys/")
    look(ruth, "keys")
    press(ruth, "Make a key")
    heading(ruth).to_have_text("Make a key to approve with")
    look(ruth, "key-new")
    reach(ruth, "What do you call this device or key?")
    ruth.keyboard.press("Control+A")
    ruth.keyboard.type("Force laptop")
    press(ruth, "Make the key")
    heading(ruth).to_have_text("Force laptop")
    fingerprint = ruth.locator(".print.large").inner_text()
    supt = here.somebody(Role.SIGNATORY, "Ada Marsh")
    supt.goto(here.base)
    follow(supt.get_by_role("button", name="See the key"))
    expect(supt.get_by_text(fingerprint)).to_be_visible()
    look(supt, "key")
    follow(supt.get_by_role("button", name="We compared it by phone: confirm"))
    ruth.reload()
    lines = ruth.get_by_label("Lines for the partnership’s file").inner_text()
    _into_the_settings(here.place, lines)


def _into_the_settings(place: Place, lines: str) -> None:
    tables = place.partnership.read_text(encoding="utf-8").split("[[signatories]]\n")
    at = next(n for n, one in enumerate(tables) if n and 'id = "police"' in one)
    table, gap, rest = tables[at].partition("\n\n")
    tables[at] = f"{table}\n\n{lines}\n\n{rest}" if gap else f"{tables[at]}\n{lines}\n"
    place.partnership.write_text("[[signatories]]\n".join(tables), encoding="utf-8")


def _downloaded(page: Page, link: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_text(link, exact=True).click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        archive.extractall(folder)
    return folder


def _approved_elsewhere(folder: Path) -> Path:
    """The approval that the command writes."""
    from everyfamily.cli.main import main

    key, passphrase = folder.parent / "council.pem", folder.parent / "council.txt"
    key.write_bytes(keys()["childrens-services"].to_pem(PASSPHRASE))
    passphrase.write_bytes(PASSPHRASE)
    from everyfamily.core.agreement.seals import digest_of, fingerprint

    mark = fingerprint(digest_of(json.loads((folder / "record.json").read_text(encoding="utf-8"))))
    words = ["approve", str(folder), "--signatory", "childrens-services", "--key", str(key), "--yes"]
    done = CliRunner().invoke(main, [*words, "--passphrase-file", str(passphrase), "--fingerprint", mark])
    assert done.exit_code == 0, done.output
    return folder / "approvals" / "childrens-services.json"


def _a_worker_seals() -> None:
    from everyfamily.letters.actions.sealing import seal_asked
    from everyfamily.letters.models import Sealing

    seal_asked(Sealing.objects.get().pk, lambda: NOW)


def _verifies(folder: Path, place: Path) -> None:
    from everyfamily.cli.main import main

    seals = place / "seals"
    seals.mkdir()
    (folder / "seal.json").rename(seals / f"{REFERENCE}.json")
    words = ["verify", str(folder / "files" / "en" / "letter.pdf"), "--seals", str(seals)]
    done = CliRunner().invoke(main, [*words, "--sealing-key", sealing_key().public_key])
    assert (done.exit_code, "genuine, unchanged" in done.output.lower()) == (0, True), done.output
