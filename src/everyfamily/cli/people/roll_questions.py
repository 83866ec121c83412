"""Questions about a school's export: asked in a terminal, or printed with how to answer them in a file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.shown import shown
from everyfamily.cli.console.who_acts import named
from everyfamily.core.rolls.layout.questions import answers_of, for_the_lead
from everyfamily.core.rolls.model.question import CLOSES, Question

if TYPE_CHECKING:
    from everyfamily.core.actors import Actor
    from everyfamily.core.adults.right_file import FileQuestion
    from everyfamily.core.rolls.layout.questions import Answers


def ask(questions: Sequence[Question]) -> Answers:
    """Ask each question in the terminal. The first values of each column are shown, and kept nowhere."""
    answers: dict[tuple[str, int], str] = {}
    for question in questions:
        click.echo(question.sentence)
        for number, one in enumerate(question.candidates, start=1):
            values = ", ".join(shown(value) for value in one.values) or "blank in the first rows"
            click.echo(f"  {number}  {shown(one.heading)}: {values}")
        answers |= answers_of(question, _chosen(len(question.candidates)))
    return answers


def who_says_it_is_right(asked: Sequence[FileQuestion], by: Actor | None) -> Actor | None:
    """Ask in the terminal whether a file that is held is the right one, and who says so. None: nobody does."""
    for one in asked:
        click.echo(one.words)
    if not click.confirm("Is it the right file, as the school’s lead says?"):
        return None
    return by or named(None, None, click.prompt("Who says so (first and last name)", type=str))


def who_says_it_means_nothing(questions: Sequence[Question], answers: Answers, by: Actor | None) -> Actor | None:
    """Ask in the terminal which lead says that a column keeps nobody away, if an answer says so and nobody is named."""
    if by or not for_the_lead((), questions, answers):
        return by
    click.echo("Only the school’s lead can say that one of these columns keeps nobody away.")
    return named(None, None, click.prompt("Who says so (first and last name)", type=str))


def _chosen(count: int) -> list[int]:
    while True:
        said = click.prompt("Their numbers, with commas between them (0: none of them)", type=str)
        words = said.replace(",", " ").split()
        if words and all(word.isascii() and word.isdigit() and int(word) <= count for word in words):
            return [int(word) - 1 for word in words if int(word)]
        click.echo(f"Give numbers from 0 to {count}.")


def questions_as_lines(questions: Sequence[Question]) -> Iterator[str]:
    """What must be asked, and the file that would answer it, without the value of any cell."""
    for question in questions:
        yield f"Answer once: {question.sentence}"
        for one in question.candidates:
            yield f"  {shown(one.heading)}" + (
                f" (number {one.occurrence} of that name)" if one.occurrence > 1 else ""
            )
        if question.about == CLOSES:
            yield "  Until then the file frees nobody: whom it says nothing else of waits for the lead."
        example = [[one.heading, one.occurrence, question.about] for one in question.candidates]
        yield f"  Answer with --map FILE --save-mapping, and in FILE ({question.about} for yes, - for no):"
        yield f"  {json.dumps(example, ensure_ascii=False)}"
