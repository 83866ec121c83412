"""Who acts, as a command is told. It goes into the audit trail and is kept with what was decided."""

from __future__ import annotations

import click

LONGEST = 80
"""The longest name that the tables can hold, in characters."""


def named(context: click.Context, parameter: click.Parameter, by: str) -> str:
    """Callback of `--by`: somebody is named, in one line that the tables can hold."""
    said = " ".join(by.split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise click.BadParameter(f"say who acts, in 1 to {LONGEST} characters.", context, parameter)
    return said
