"""A next step on the command line: its sentence, and what to type, with the values that it knows."""

from __future__ import annotations

import pytest

from everyfamily.cli.hints import in_words, steps_as_lines, typed
from everyfamily.core.next_steps import Next, Step

LEAVERS = "everyfamily leavers list --school"


@pytest.mark.parametrize(
    ("step", "line"),
    [
        (Step("Nobody has it."), "Nobody has it."),
        (Step("Say who left.", Next.SAY_WHO_LEFT, {"urn": 900001}), f"Say who left. ({LEAVERS} 900001)"),
        (Step("Say who left.", Next.SAY_WHO_LEFT), f"Say who left. ({LEAVERS} URN)"),
        (
            Step("who has left", Next.SAY_WHO_LEFT, {"urn": 900001}, is_item=True),
            f"  {LEAVERS} 900001   (who has left)",
        ),
    ],
)
def test_a_step_is_one_line(step: Step, line: str) -> None:
    assert [*steps_as_lines([step])] == [line]


@pytest.mark.parametrize("which", Next)
def test_every_step_can_be_typed_without_its_values(which: Next) -> None:
    assert "$" not in typed(Step("", which))
    assert in_words(Step("Done.", which)).startswith("Done. (")
