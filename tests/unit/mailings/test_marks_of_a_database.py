"""What is asked of a database before Django is set up: is its time simulated, has it only invented schools?"""

from __future__ import annotations

from typing import Any

import pytest

from everyfamily.mailings.installation.clock_mark import has_simulated_clock
from everyfamily.people.invented_schools import holds_only_invented_schools


class Answers:
    """A connection that answers two questions, one after the other."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)

    def execute(self, statement: str) -> Any:
        self._now = self._answers.pop(0)
        return self

    def fetchone(self) -> tuple[object]:
        return (self._now,)


@pytest.mark.parametrize(
    ("there", "some", "expected"), [(None, None, False), ("t", True, True), ("t", False, False)]
)
def test_time_is_simulated_where_a_time_was_written(there: object, some: object, expected: bool) -> None:
    assert has_simulated_clock(Answers(there, some)) is expected


@pytest.mark.parametrize(
    ("there", "real", "expected"), [(None, None, False), ("t", True, False), ("t", False, True)]
)
def test_schools_are_invented_if_none_is_real(there: object, real: object, expected: bool) -> None:
    assert holds_only_invented_schools(Answers(there, real)) is expected
