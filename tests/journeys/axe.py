"""What axe-core holds against a page that is open in a browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another scheme can change, and what another width or another scheme can.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "region"]
RUN = """rules => axe.run({resultTypes: ['violations'], selectors: false, runOnly: rules})
  .then(found => found.violations.map(one => [one.id, ...one.nodes.map(node => node.html.slice(0, 120))]))"""


def violations(page: Page, rules: list[str]) -> list[list[str]]:
    """What axe holds against the page: a rule and where, each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[list[str]] = page.evaluate(RUN, rules)
    return found
