"""What a school's lead decides about people: restrictions, leavers, deaths, objections."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
