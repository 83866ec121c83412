"""Who acts, as a command is told: it goes to the audit trail and is shown beside what was decided."""

from __future__ import annotations

import os

import click

from everyfamily.core.actors import LONGEST, Actor


def operator() -> str:
    """Whoever is logged in on this machine, for commands that need nobody's own word."""
    return os.environ.get("USER") or "operator"


def named(context: click.Context | None, parameter: click.Parameter | None, by: str | None) -> Actor | None:
    """Callback of `--by`: somebody is named, in one line that the tables can hold. None where `--by` is not needed."""
    if by is None:
        return None
    said = " ".join(by.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise click.BadParameter(f"say who acts, in 1 to {LONGEST} characters.", context, parameter)
    return Actor.typed(said)
