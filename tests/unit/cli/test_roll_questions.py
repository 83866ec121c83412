"""Questions about an export are asked at a terminal, and said elsewhere without a family's values."""

from __future__ import annotations

import click
from click.testing import CliRunner

from everyfamily.cli.people.roll_questions import ask, questions_as_lines
from everyfamily.core.rolls.model.question import CLOSES, Candidate, Question

QUESTIONS = (
    Question(CLOSES, (Candidate("XQ", 1, ("R", "S")), Candidate("YQ", 2, ()))),
    Question("EMAIL", (Candidate("Mailbox", 1, ("marked@example.com",)),)),
)


def test_numbers_are_asked_for_until_they_are_some() -> None:
    found: dict[tuple[str, int], str] = {}

    @click.command()
    def asking() -> None:
        found.update(ask(QUESTIONS))

    said = CliRunner().invoke(asking, input="3\nnone\n1, 2\n0\n")
    assert said.exit_code == 0
    assert found == {("xq", 1): CLOSES, ("yq", 2): CLOSES, ("mailbox", 1): "-"}
    assert "XQ: R, S" in said.output
    assert "YQ: blank in the first rows" in said.output
    assert "Give numbers from 0 to 2." in said.output


def test_a_report_says_the_question_and_no_value() -> None:
    said = "\n".join(questions_as_lines(QUESTIONS))
    assert '[["XQ", 1, "NOT_TO_WRITE"], ["YQ", 2, "NOT_TO_WRITE"]]' in said
    assert "YQ (number 2 of that name)" in said
    assert "marked" not in said
