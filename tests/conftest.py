"""What holds for every test. Database fixtures are below; browser journeys need Chromium."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.factories.homes import place
from tests.factories.made_once import begin_a_run, end_the_run

# Mail servers and providers of tests are stand-ins on this machine, and their letters are demonstrations.
os.environ.setdefault("EVERYFAMILY_STAND_INS", "yes")
os.environ["TMPDIR"] = tempfile.tempdir = str(place())
begin_a_run()
# While tests are collected nearly everything that is made stays: to look through it again and again took long.
gc.disable()
# Workers of tests have little to do and are waited for.
os.environ.setdefault("EVERYFAMILY_POLLING_SECONDS", "0.1")


# No example fails for being slow: machines are busy. The same examples each time, so that a change is judged by itself;
# `make nightly` and EVERYFAMILY_EXAMPLES=new look for new ones, and for three times as many.
settings.register_profile(
    "the same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow])
EXAMPLES = os.environ.get("EVERYFAMILY_EXAMPLES", "the same")
settings.load_profile(EXAMPLES)


def chromium() -> str | None:
    """The path of Debian's Chromium, or of the one EVERYFAMILY_CHROMIUM names."""
    named = os.environ.get("EVERYFAMILY_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


_LONG_FIRST = (
    # Seconds of processor time that each takes, all its processes together.
    "tests/journeys/test_run.py",  # 55
    "tests/journeys/test_a_letter_from_plan_to_site.py",  # 25
    "tests/integration/database/test_nothing_personal_is_written.py",  # 25
    "tests/faults/test_short_rounds_of_machines.py",  # 24
    "tests/journeys/test_doors_in_a_browser.py",  # 20
    "tests/journeys/test_the_worst_hour.py",  # 18
    "tests/integration/database/test_access_walk.py",  # 18
    "tests/integration/database/test_keeping.py",  # 17
    "tests/integration/database/test_workers_in_trouble.py",  # 16
    "tests/journeys/test_parent_site_accessible.py",  # 15
    "tests/integration/database/test_restore.py",  # 14
    "tests/journeys/test_parent_site_leaving.py",  # 13
    "tests/integration/database/test_paper_pages.py",  # 12
    "tests/integration/database/test_corrections.py",  # 12
    "tests/journeys/test_parent_site_every_page.py",  # 11
    "tests/journeys",
    "tests/integration",
    "tests/properties",
)
"""Files and folders that take longest, each before the next: a long file at the end keeps one process waiting."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, in whatever order the tests are otherwise.

    Skip the browser journeys where there is no Chromium; never under CI, where they must run.
    """
    items.sort(key=_place_of)
    for item in items:
        if EXAMPLES == "the same" and "hypothesis" in item.keywords and "nightly" not in item.keywords:
            _try_a_third(item.obj)  # type: ignore[attr-defined]
    if chromium() is not None or os.environ.get("CI") == "true":
        return
    skip = pytest.mark.skip(reason="there is no Chromium on this machine")
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(skip)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close the browsers of this process. What the run shares goes with the process that began it: the others have
    ended by now."""
    if (browsers := sys.modules.get("tests.journeys.browsers")) is not None:
        browsers.end_browsers()
    if not hasattr(session.config, "workerinput"):
        end_the_run()


def pytest_collection_finish() -> None:
    """Leave what was collected out of what Python looks through again and again for what can go: most of it stays."""
    gc.collect()
    gc.freeze()
    gc.enable()


def _try_a_third(test: Any) -> None:
    """Of the examples that a property asks for, but ten at least."""
    asked: settings = test._hypothesis_internal_use_settings
    fewer = min(asked.max_examples, max(asked.max_examples // 3, 10))
    test._hypothesis_internal_use_settings = settings(asked, max_examples=fewer)


def _place_of(item: pytest.Item) -> int:
    return next((at for at, one in enumerate(_LONG_FIRST) if item.nodeid.startswith(one)), len(_LONG_FIRST))


def pytest_runtest_setup() -> None:
    from tests.factories.remembered import remember

    remember()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The ten files that took longest, and the figures of the fault rounds that were played, by kind, whichever
    process played them."""
    from tests.factories.slowest import slowest_files
    from tests.faults.figures import table

    everything = [report for reports in terminalreporter.stats.values() for report in reports]
    timed = [(one.nodeid, one.duration) for one in everything if isinstance(one, pytest.TestReport)]
    if lines := slowest_files(timed):
        terminalreporter.section("the slowest files")
        terminalreporter.write("\n".join([*lines, ""]))
    reports = [report for name in ("passed", "failed") for report in terminalreporter.stats.get(name, [])]
    found = [json.loads(value) for one in reports for name, value in one.user_properties if name == "round"]
    if found:
        terminalreporter.section("fault rounds")
        terminalreporter.write("\n".join([*table(found), ""]))
