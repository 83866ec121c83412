"""A page as somebody uses it who has only a keyboard: each stop of Tab is in sight, is marked, and comes in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

_MOST_STOPS = 90
_MENU = ("Letters", "Year", "Lines", "Parent site")
_STOP = r"""() => {
  const at = document.activeElement, before = window.stopBefore;
  if (!at || at === document.body) return ["", ""];
  window.stopBefore = at;
  const wrong = [], box = at.getBoundingClientRect(), label = at.labels?.[0];
  const marked = (one, part) => {
    const style = getComputedStyle(one, part);
    return style.boxShadow !== "none" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0);
  };
  // A date has stops within, which the browser marks itself.
  if (before !== at && !marked(at) && !(label && marked(label, "::before"))) wrong.push("has no mark");
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
  const shown = document.elementFromPoint(x, y);
  const isThere = shown && (at.contains(shown) || shown.contains(at) && shown !== document.documentElement
    && shown !== document.body || label?.contains(shown));
  if (box.bottom <= 0 || box.top >= innerHeight || !isThere) wrong.push("is not in sight");
  if (at.tabIndex > 0) wrong.push("has a place of its own in the order");
  if (before?.isConnected && before !== at && innerWidth < 640 && !before.matches(".govuk-skip-link")
      && before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING
      && box.top < before.getBoundingClientRect().top - 4) wrong.push("is above the stop before it");
  const said = label?.innerText || at.innerText || at.getAttribute("aria-label") || "";
  return [said.replace(/\s+/g, " ").replace(/ :/g, ":").trim(), wrong.join(", ")];
}"""
"""What has the focus after Tab: its words, and what is wrong with it as a stop."""


def reach(page: Page, words: str) -> None:
    """Tab until something that begins with these words, or a field with this label, has the focus. On a page that was
    just opened, past the menu, unless it is in the menu."""
    page.wait_for_load_state()
    stops = []
    if words not in _MENU and page.evaluate("document.activeElement === document.body"):
        page.keyboard.press("Tab")
        assert page.evaluate(_STOP) == ["Skip to main content", ""], page.url
        page.keyboard.press("Enter")
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        said, wrong = page.evaluate(_STOP)
        assert not wrong, f"{said!r} {wrong} on {page.url}"
        if said.startswith(words):
            return
        stops.append(said)
    pytest.fail(f"The keyboard does not reach {words!r} on {page.url}, only {stops}.")


def press(page: Page, words: str, key: str = "Enter") -> None:
    """Reach it and press it, where no other page opens or where something else is waited for."""
    reach(page, words)
    page.keyboard.press(key)


def go(page: Page, words: str) -> None:
    """Reach it, press it, and wait until the page that it opens is there."""
    reach(page, words)
    with page.expect_event("domcontentloaded", timeout=60_000):
        page.keyboard.press("Enter")


def write(page: Page, label: str, words: str) -> None:
    """Type into the field with this label, over what is in it."""
    reach(page, label)
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def add(page: Page, label: str, words: str) -> None:
    """Type at the end of what is in the field with this label."""
    reach(page, label)
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def with_a_device(context: BrowserContext, page: Page) -> None:
    """A device that asks for a finger and gets one."""
    tools = context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "isUserVerified": True}})
