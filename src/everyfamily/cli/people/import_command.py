"""`everyfamily import`: imports schools and rolls."""

from __future__ import annotations

import click

from everyfamily.cli.people import roll_commands, school_commands


@click.group(name="import")
def import_() -> None:
    """Import schools, official figures and rolls."""


for command in (*school_commands.IMPORTS, *roll_commands.IMPORTS):
    import_.add_command(command)
