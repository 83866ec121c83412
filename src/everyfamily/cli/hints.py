"""Which command to type for an error, a row of a roll, a task or a next step, by its code. The layers below name no
command (hints.toml)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from string import Template

from everyfamily.core.next_steps import Step


def _of(table: str) -> Mapping[str, str]:
    # Every command imports this module, and most need no hint.
    from everyfamily.core.files.data_tables import load_table

    found: Mapping[str, str] = load_table(__file__)[table]
    return found


def hint(code: str) -> str:
    """What to type, or "" where the words say it already."""
    return _of("codes").get(code, "")


_LEFT_TO_SAY = {"urn": "URN", "letter": "LETTER", "reference": "REFERENCE"}


def typed(step: Step) -> str:
    """What to type for a step, or "" if there is nothing to do here."""
    if step.next is None:
        return ""
    return Template(_of("steps")[step.next.name]).substitute(_LEFT_TO_SAY | dict(step.values))


def in_words(step: Step) -> str:
    """The step's sentence, with what to type."""
    return f"{step.sentence} ({typed(step)})" if step.next is not None else step.sentence


def steps_as_lines(steps: Iterable[Step]) -> Iterator[str]:
    """A line for each step. One that belongs to the sentence before it begins with what to type."""
    for step in steps:
        yield f"  {typed(step)}   ({step.sentence})" if step.is_item else in_words(step)
