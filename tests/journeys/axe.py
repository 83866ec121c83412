"""What axe-core holds against a page that is open in a browser."""

from __future__ import annotations

from weakref import WeakSet

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What another scheme can change, and what another width or another scheme can.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "region"]
RUN = """rules => axe.run({resultTypes: ['violations'], selectors: false, runOnly: rules})
  .then(found => found.violations.map(one => [one.id, ...one.nodes.map(node => node.html.slice(0, 120))]))"""

_having: WeakSet[BrowserContext] = WeakSet()


def violations(page: Page, rules: list[str]) -> list[list[str]]:
    """What axe holds against the page: a rule and where, each.

    The page's context has axe from then on in whatever it opens: to send it to each page took twice as long.
    """
    if page.context not in _having:
        page.context.add_init_script(Axe().axe_script)
        _having.add(page.context)
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[list[str]] = page.evaluate(RUN, rules)
    return found
