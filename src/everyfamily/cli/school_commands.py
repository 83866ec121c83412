"""Schools: the national list and the council's own lists."""

from __future__ import annotations

import click

IMPORTS: tuple[click.Command, ...] = ()
COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
