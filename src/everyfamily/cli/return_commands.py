"""Returns of schools that send themselves: links, reminders, the page."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
