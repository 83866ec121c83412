"""Keys: the master key, the schools' keys, rotation, destruction."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
"""In the order of the help."""
