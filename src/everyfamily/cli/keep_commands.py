"""How long what is kept: closing, purge, export for a subject access request."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
