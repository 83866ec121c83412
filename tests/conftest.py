"""What holds for every test. Database fixtures stand below; browser journeys need Chromium."""

from __future__ import annotations

import json
import os
import shutil

import pytest

# Mail servers and providers of tests are stand-ins on this machine, and their letters are demonstrations.
os.environ.setdefault("EVERYFAMILY_STAND_INS", "yes")


def chromium() -> str | None:
    """The path of Debian's Chromium, or of the one EVERYFAMILY_CHROMIUM names."""
    named = os.environ.get("EVERYFAMILY_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


_LONG_FIRST = ("tests/faults", "tests/journeys", "tests/integration", "tests/properties")
"""Folders whose files take longest, each before the next: a long file at the end keeps one process waiting."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, in whatever order they are otherwise.

    Skip the browser journeys where there is no Chromium; never under CI, where they must run.
    """
    items.sort(key=_place_of)
    if chromium() is not None or os.environ.get("CI") == "true":
        return
    skip = pytest.mark.skip(reason="there is no Chromium on this machine")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


def _place_of(item: pytest.Item) -> int:
    folder = item.nodeid.rpartition("/")[0]
    return next((at for at, one in enumerate(_LONG_FIRST) if folder.startswith(one)), len(_LONG_FIRST))


def pytest_runtest_setup() -> None:
    from tests.factories.renderings import remember_renderings

    remember_renderings()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of the fault rounds that were played, by kind, whichever process played them."""
    from tests.faults.figures import table

    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    found = [json.loads(value) for one in reports for name, value in one.user_properties if name == "round"]
    if found:
        terminalreporter.section("fault rounds")
        terminalreporter.write("\n".join([*table(found), ""]))
