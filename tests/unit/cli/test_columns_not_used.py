"""An import's report says of a column that nobody knows what is true: only words that close count in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from everyfamily.cli.people import roll_commands


def test_a_column_of_no_use_is_still_looked_at_for_words_that_close() -> None:
    report: Any = SimpleNamespace(
        held=False, ignored=("House colour",), questions=(), set_aside=(), hidden=(0, 0)
    )
    (line,) = roll_commands.report_as_lines(report)
    assert line == "  Not used, except for words that may keep an adult away: House colour"
