"""When a session ends, and how much script a page may load."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

import everyfamily.staff
from everyfamily.core.session_ends import end_of, is_over

MINUTE, HOUR = 60, 3600


@pytest.mark.parametrize(
    ("began", "seen", "now", "over"),
    [
        (0, 0, 29 * MINUTE, False),
        (0, 0, 30 * MINUTE, True),
        (0, 7 * HOUR + 59 * MINUTE, 8 * HOUR - 1, False),
        (0, 7 * HOUR + 59 * MINUTE, 8 * HOUR, True),
        # A clock that went back: nobody can say how long it was.
        (100, 100, 99, True),
    ],
)
def test_a_session_ends_after_half_an_hour_without_a_page_and_after_eight_hours(
    began: float, seen: float, now: float, over: bool
) -> None:
    assert is_over(began, seen, now) is over


def test_a_page_can_say_when_it_ends_without_another_one_and_at_the_latest() -> None:
    assert end_of(0, HOUR) == (HOUR + 30 * MINUTE, 8 * HOUR)
    assert end_of(0, 8 * HOUR - MINUTE) == (8 * HOUR, 8 * HOUR)


def test_all_scripts_together_are_small() -> None:
    folder = Path(everyfamily.staff.__file__).parent / "static" / "staff"
    sent = sum(len(gzip.compress(one.read_bytes())) for one in folder.glob("*.js"))
    assert 0 < sent <= 45_000


def test_what_templates_load_needs_no_table() -> None:
    """The check by itself has the same templates, and neither a database nor accounts."""
    code = "import everyfamily.staff.templatetags.door_forms, everyfamily.staff.templatetags.own_scripts"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
