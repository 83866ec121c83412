"""Story: the first administrator comes in from the command line, invites a colleague, and both find their way.

A real Chromium, without JavaScript, against the product as it is served, with the database of the test process.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from everyfamily_postgres.launcher import Server
from tests.factories.authenticator_app import code_of
from tests.factories.demonstration import PARTNERSHIP
from tests.factories.links import link_to
from tests.factories.served_here import served_here
from tests.factories.tenants import Tenants
from tests.integration.conftest import database as database
from tests.integration.conftest import database_server as database_server
from tests.journeys.axe import EVERY_RULE, OF_COLOURS, violations
from tests.journeys.browsers import a_browser, follow

pytestmark = [pytest.mark.browser, pytest.mark.database, pytest.mark.slow]

PASSWORD = "harbour lantern sixty toast"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 800}, "java_script_enabled": False}


EVERYFAMILY = [sys.executable, "-m", "everyfamily.cli.main"]


@dataclass
class Doors:
    """The served product, and how the command line invites."""

    base: str
    settings: dict[str, str]
    tenants: Tenants

    def mailed(self, address: str) -> str:
        """The link in the one email that waits, which goes to this address."""
        # Playwright has this thread's loop, and Django asks the database nothing beside one.
        with ThreadPoolExecutor(1) as beside:
            return self.base + beside.submit(_mailed, address, self.settings["EVERYFAMILY_SECRET_KEY"]).result()

    def invitation(self, name: str, email: str) -> str:
        """What the command prints, at this machine's own address."""
        command = [*EVERYFAMILY, "createadmin", "--name", name, "--email", email, "--by", "Ines Ortega"]
        done = subprocess.run(command, env=self.settings, capture_output=True, text=True)
        found = re.search(rf"{self.base}/invitations/\S+", done.stdout)
        assert found, done.stderr
        return found[0]


def _settings(tenants: Tenants, folder: Path) -> dict[str, str]:
    """Of the product as a command, but for its address."""
    return {
        **os.environ,
        "EVERYFAMILY_PARTNERSHIP": str(PARTNERSHIP),
        "EVERYFAMILY_SECRET_KEY": "a key of this test that is long enough to be one",
        "EVERYFAMILY_SIGN_IN_KEY_FILE": str(folder / "sign-in.key"),
        "EVERYFAMILY_OWN_SIGN_IN_FILE": str(tenants.eastmere.written(folder)),
        "EVERYFAMILY_STAND_INS": "yes",
    }


@pytest.fixture
def doors_by_command(database: Server, tmp_path: Path) -> Iterator[Doors]:
    """The product as it is served, on the database of this test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    tenants = Tenants().start()
    base = f"http://localhost:{port}"
    settings = _settings(tenants, tmp_path) | {"EVERYFAMILY_BASE_URL": base}
    command = [*EVERYFAMILY, "web", "--port", str(port)]
    without = {name: value for name, value in settings.items() if name != "EVERYFAMILY_OWNER_URL"}
    with subprocess.Popen(command, env=without, stderr=subprocess.PIPE, text=True) as served:
        assert served.stderr is not None
        line = served.stderr.readline()
        assert "answer on" in line, line + served.stderr.read()
        yield Doors(base, settings, tenants)
        served.terminate()
        served.wait(30)
    tenants.stop()


@pytest.fixture
def doors(database: Server, tmp_path: Path) -> Iterator[Doors]:
    """The same, served by this process, which need not start and stretches passwords hardly."""
    from everyfamily.config.own_sign_in import own_sign_ins

    tenants = Tenants().start()
    settings = _settings(tenants, tmp_path)
    own = {
        "EVERYFAMILY_OWN_SIGN_INS": own_sign_ins(settings),
        "EVERYFAMILY_PARTNERSHIP": settings["EVERYFAMILY_PARTNERSHIP"],
        "EVERYFAMILY_CLOCK": settings.get("EVERYFAMILY_CLOCK", "system"),
        "SECRET_KEY": settings["EVERYFAMILY_SECRET_KEY"],
    }
    with served_here(tmp_path, **own) as base:
        yield Doors(base, settings | {"EVERYFAMILY_BASE_URL": base}, tenants)
    tenants.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with a_browser() as opened:
        yield opened


def come_in(page: Page, link: str) -> str:
    """Accept an invitation: a password, an app, and the codes kept. Returns the app's secret."""
    page.goto(link)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    secret = (page.locator(".code").text_content() or "").replace(" ", "")
    assert secret
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    follow(page.get_by_role("button", name="I have kept them"))
    return secret


_SHOWN: set[str] = set()


def show_a_code(page: Page, secret: str) -> None:
    """Prove who one is, for the act that waits. A code counts once, so somebody who needs two waits for the next."""
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Enter your code")
    while (code := code_of(secret)) in _SHOWN:
        page.wait_for_timeout(500)
    _SHOWN.add(code)
    page.get_by_label("Code").fill(code)
    follow(page.get_by_role("button", name="Continue"))


def _with_a_device(context: BrowserContext, page: Page) -> None:
    """A device that asks for a finger and gets one."""
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "isUserVerified": True}})


def _what_the_policy_refuses(page: Page) -> list[str]:
    """What a page's policy refused to load or run, from now on."""
    refused: list[str] = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None,
    )
    return refused


def _is_warned_before_the_session_ends(page: Page) -> None:
    """Two minutes before, with a button that keeps it. What was typed stays in sight when it has ended."""
    page.clock.install()
    page.goto(page.url.replace("/me/", "/me/again/"))
    warning = page.get_by_text("You will be signed out in 2 minutes.")
    page.clock.fast_forward(27 * 60 * 1000)
    expect(warning).not_to_be_visible()
    expect(page.get_by_role("button", name="Stay signed in")).not_to_be_visible()
    page.clock.fast_forward(75 * 1000)
    expect(warning).to_be_visible()
    assert violations(page, EVERY_RULE) == []
    _press(page, "Stay signed in")
    expect(warning).not_to_be_visible()
    page.get_by_label("Password").fill("harbour")
    page.clock.fast_forward(31 * 60 * 1000)
    expect(page.get_by_text("You were signed out.")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_value("harbour")


def _reach(page: Page, words: str) -> None:
    """Tab until something with these words, or a field with this label, has the focus."""
    page.wait_for_load_state()
    said = "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText || ''"
    for _ in range(40):
        page.keyboard.press("Tab")
        if words == page.evaluate(said).strip():
            return
    pytest.fail(f"The keyboard does not reach {words!r}.")


def _press(page: Page, words: str) -> None:
    """Reach it and press it, with the keyboard only."""
    _reach(page, words)
    page.keyboard.press("Enter")


def test_the_first_administrator_invites_a_colleague_who_comes_in(
    browser: Browser, doors_by_command: Doors
) -> None:
    doors = doors_by_command
    # Given an administrator whom somebody at the machine invited
    ada = _context(browser, PHONE)
    page = ada.new_page()
    secret = come_in(page, doors.invitation("Ada Clarke", "ada@eastmere.example"))
    # Then a page that adds a way in asks who it is, and one that needs a script says what to do instead
    page.goto(f"{doors.base}/me/passkeys/new/")
    expect(page.get_by_text("You are about to make a passkey")).to_be_visible()
    show_a_code(page, secret)
    expect(page.get_by_text("A passkey cannot be used here.")).to_be_visible()
    page.goto(doors.base)
    # And the desk says that one administrator is too few
    expect(page.get_by_role("heading", level=1)).to_have_text("2 things wait for you")
    # When a coordinator is invited
    page.get_by_text("Invite somebody").first.click()
    page.get_by_label("First and last name").fill("Ben Frost")
    page.get_by_label("Work email").fill("ben@eastmere.example")
    page.get_by_label("Coordinator").check()
    page.get_by_role("button", name="Send the invitation").click()
    # And shown to be themselves, for this invitation
    expect(page.get_by_text("You are about to invite somebody to the partnership")).to_be_visible()
    show_a_code(page, secret)
    expect(page.get_by_role("heading", level=1)).to_have_text("We are sending the link to ben@eastmere.example")
    link = doors.mailed("ben@eastmere.example")
    assert link not in page.content()
    page.get_by_role("link", name="See whether it has gone").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have sent the link to ben@eastmere.example")
    # Then the colleague comes in with it and a passkey, by the keyboard only, and sees their own desk
    ben = _context(browser, PHONE | {"java_script_enabled": True})
    other = ben.new_page()
    refused = _what_the_policy_refuses(other)
    _with_a_device(ben, other)
    other.goto(link)
    _reach(other, "Choose a password")
    other.keyboard.type(PASSWORD)
    _press(other, "Continue")
    expect(other.get_by_role("heading", level=1)).to_have_text("Set up your second factor")
    _press(other, "Make a passkey")
    expect(other.get_by_role("heading", level=1)).to_have_text("Make a passkey")
    _press(other, "Make a passkey")
    expect(other.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    _press(other, "I have kept them")
    expect(other.get_by_text("Ben Frost")).to_be_visible()
    # And signs in again by one press, and is where they were going
    _press(other, "Sign out")
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign out?")
    _reach(other, "Sign out")
    _press(other, "Sign out")
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    other.goto(f"{doors.base}/me/")
    _press(other, "Sign in with a passkey")
    expect(other.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(other.get_by_text("only on one device")).to_be_visible()
    # And shows the passkey again, however short a time ago it was, before the recovery codes are shown
    _press(other, "See them")
    expect(other.get_by_text("You are about to see your recovery codes")).to_be_visible()
    _press(other, "Use your passkey")
    expect(other.get_by_role("heading", level=1)).to_have_text("Keep your recovery codes")
    other.goto(f"{doors.base}/me/")
    _is_warned_before_the_session_ends(other)
    assert refused == []
    # And the link is worth nothing more
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text("This invitation has ended")
    # And a third comes with the sign-in of their own council, where they took a second step
    doors.tenants.eastmere.claims = {"amr": ["pwd", "mfa"]}
    third = _context(browser, PHONE).new_page()
    third.goto(doors.invitation("Cleo Marsh", "cleo@eastmere.example"))
    third.get_by_role("button", name="Use Eastmere Council").click()
    expect(third.get_by_text("Cleo Marsh")).to_be_visible()
    third.context.clear_cookies()
    third.goto(f"{doors.base}/sign-in/")
    third.get_by_role("button", name="Sign in with Eastmere Council").press("Enter")
    expect(third.get_by_text("Cleo Marsh")).to_be_visible()
    third.context.close()
    # And signing out ends it
    other.goto(f"{doors.base}/sign-out/")
    follow(other.get_by_role("button", name="Sign out"))
    other.goto(doors.base)
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    ada.close()
    ben.close()


def test_every_page_of_the_doors_can_be_used_by_everybody(browser: Browser, doors: Doors) -> None:
    """Nothing that axe knows of, no sideways scroll on the smallest phone, nothing from elsewhere, light and dark."""
    page = browser.new_page(viewport={"width": 320, "height": 700})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    found: dict[str, list[list[str]]] = {}

    def look(name: str) -> None:
        found[name] = violations(page, EVERY_RULE)
        page.emulate_media(color_scheme="dark")
        found[name] += violations(page, OF_COLOURS)
        page.emulate_media(color_scheme="light")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
        assert page.locator("h1").count() == 1, name
        assert page.locator("script:not([src]), iframe, [style]").count() == 0, name

    link = doors.invitation("Ada Clarke", "ada@eastmere.example")
    page.goto(link)
    look("invitation")
    follow(page.get_by_role("button", name="Continue"))
    look("invitation with a problem")
    page.get_by_label("Choose a password").fill(PASSWORD)
    follow(page.get_by_role("button", name="Continue"))
    look("second factor")
    secret = (page.locator(".code").text_content() or "").replace(" ", "")
    page.get_by_label("Code").fill(code_of(secret))
    follow(page.get_by_role("button", name="Continue"))
    look("recovery codes")
    # Playwright has this thread's loop, and Django asks the database nothing beside one.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(_gives_a_role, "ada@eastmere.example").result()
    page.goto(doors.base)
    look("desk")
    # A notice is dismissed with the keyboard.
    expect(page.get_by_role("heading", name="You have a new role: viewer")).to_be_visible()
    page.get_by_role("button", name="I have seen this").press("Enter")
    expect(page.get_by_text("To know")).to_have_count(0)
    # Every address that somebody may open without more is looked at in test_run.py.
    for path in ("/sign-out/", "/no/"):
        page.goto(doors.base + path)
        look(path)
    page.goto(f"{doors.base}/settings/change/")
    follow(page.get_by_role("button", name="See what it would change"))
    look("settings without a file")
    # The drawing alone is more than any other page takes.
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>' + " " * 150_000
    drawn = {"name": "logo-police.svg", "mimeType": "image/svg+xml", "buffer": svg.encode()}
    text = PARTNERSHIP.read_text(encoding="utf-8").replace('name = "Tom Garrowby"', 'name = "Ruth Calder"')
    file = {"name": "partnership.toml", "mimeType": "application/toml", "buffer": text.encode()}
    page.get_by_label("The partnership’s file").set_input_files([file])  # type: ignore[list-item]
    page.get_by_label("New logos and signatures").set_input_files([drawn])  # type: ignore[list-item]
    page.get_by_role("button", name="See what it would change").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 settings would change")
    expect(page.get_by_text("ask a colleague")).to_be_visible()
    look("a change of the settings")
    page.goto(f"{doors.base}/me/")
    page.get_by_role("button", name="Use Eastmere Council").click()
    expect(page.get_by_text("You are about to use another sign-in from now on")).to_be_visible()
    look("a code for another sign-in")
    show_a_code(page, secret)
    expect(page.get_by_text("You sign in with")).to_be_visible()
    look("account with an own sign-in")
    page.goto(f"{doors.base}/me/again/own-sign-in/")
    look("signing in again")
    page.goto(f"{doors.base}/audit/verify/")
    follow(page.get_by_role("button", name="Check now"))
    look("a check that waits for a worker")
    follow(page.get_by_role("link", name="Stop the check"))
    look("stop the check")
    follow(page.get_by_role("button", name="Stop the check"))
    look("a check that was stopped")
    page.context.clear_cookies()
    _look_at_own_sign_in(page, doors, look)
    for path in ("/sign-in/", link.removeprefix(doors.base)):
        page.goto(doors.base + path)
        look(path if path == "/sign-in/" else "invitation that has ended")
    assert found == {name: [] for name in found}
    # Only the council's own sign-in, to which somebody chose to go, is elsewhere.
    assert all(url.startswith((doors.base, doors.tenants.eastmere.issuer)) for url in asked)
    # The pages of problems are no complaint of the browser's about what a page loads or may load.
    assert [one for one in complaints if "the server responded with a status of" not in one] == []
    assert any(url.endswith(".woff2") for url in asked)
    page.close()


def _look_at_own_sign_in(page: Page, doors: Doors, look: Callable[[str], None]) -> None:
    """The pages on the way to a council's own sign-in, and back from it to no account."""
    tenant = doors.tenants.eastmere

    def go(until: str) -> None:
        page.goto(f"{doors.base}/sign-in/")
        page.get_by_role("button", name="Sign in with Eastmere Council").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(until)

    page.route("**/authorize?*", lambda route: route.fulfill(status=204))
    go("Going on to Eastmere Council")
    look("going on")
    page.unroute_all()
    tenant.person = "subject-2"
    go("Nobody has invited this account")
    look("nobody invited")
    tenant.fault = "keys broken"
    go("The Eastmere Council sign-in does not answer")
    look("no answer")
    tenant.fault = ""


def _mailed(address: str, key: str) -> str:
    from django.db import connection
    from django.test import override_settings

    with override_settings(SECRET_KEY=key):
        path = link_to(address)
    connection.close()
    return path


def _gives_a_role(email: str) -> None:
    """A role that somebody with an account gets later, as a notice says on their desk."""
    from django.db import connection

    from everyfamily.accounts.models import Account, Membership

    now = datetime.now(UTC)
    yesterday = now - timedelta(days=1)
    Account.objects.filter(email=email).update(made_at=yesterday)
    Membership.objects.filter(account__email=email).update(given_at=yesterday)
    account = Account.objects.get(email=email)
    Membership.objects.create(account=account, role="viewer", given_by="Ines Ortega", given_at=now)
    connection.close()


def _context(browser: Browser, how: dict[str, Any]) -> BrowserContext:
    return browser.new_context(**how)
