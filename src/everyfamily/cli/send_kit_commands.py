"""Send kits for schools that send themselves."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
