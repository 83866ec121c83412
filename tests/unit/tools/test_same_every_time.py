"""What tools/same_every_time.py reads in a run's report, and what it says of several runs."""

from __future__ import annotations

from pathlib import Path

from tests.factories.slowest import slowest_files
from tools.same_every_time import differing, outcomes

REPORT = """<testsuites><testsuite>
<testcase classname="tests.a" name="test_good"/>
<testcase classname="tests.a" name="test_bad"><failure message="no"/></testcase>
<testcase classname="tests.a" name="test_left_out"><skipped/></testcase>
<testcase classname="tests.a" name="test_untidy"/>
<testcase classname="tests.a" name="test_untidy"><error message="at its end"/></testcase>
</testsuite></testsuites>"""


def test_a_test_whose_end_was_an_error_has_failed(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert outcomes(report) == {
        "tests.a::test_good": "passed",
        "tests.a::test_bad": "failed",
        "tests.a::test_left_out": "skipped",
        "tests.a::test_untidy": "failed",
    }


def test_a_test_that_failed_once_is_listed_and_one_that_is_always_skipped_is_not() -> None:
    runs = [
        {"not_passed": {"one": "failed", "never": "skipped"}},
        {"not_passed": {"never": "skipped", "sometimes": "skipped"}},
        {"not_passed": {"never": "skipped"}},
    ]
    assert differing(runs) == {"one": "1 failed, 2 passed", "sometimes": "2 passed, 1 skipped"}


def test_the_slowest_files_are_said_after_a_long_run_only() -> None:
    timed = [("tests/a.py::one", 100.0), ("tests/b.py::one", 90.0), ("tests/a.py::two[::]", 20.5)]
    assert slowest_files(timed) == [" 120.5 s  tests/a.py", "  90.0 s  tests/b.py"]
    assert slowest_files(timed[1:]) == []
