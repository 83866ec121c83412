"""The `everyfamily` command. Each command reads files and the clock, calls what is below, and prints."""

from __future__ import annotations

import os
import sys

import click

from everyfamily import __version__
from everyfamily.cli import (
    demo_command,
    families_command,
    family_commands,
    hand_out_commands,
    import_command,
    keep_commands,
    key_commands,
    letters,
    mailbox_commands,
    opt_out_command,
    parents_commands,
    pause_commands,
    reach,
    return_commands,
    rights_commands,
    roll_commands,
    school_commands,
    send_kit_commands,
    task_commands,
    withdraw_commands,
)
from everyfamily.cli.shown import shown
from everyfamily.core.errors import EveryfamilyError

COULD_NOT_RUN = 2


class _Commands(click.Group):
    """Turns what is below into exit codes: 0 done, 1 findings or a forgery, 2 could not run."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except EveryfamilyError as problem:
            where = f"{problem.place}: " if problem.place else ""
            click.echo(shown(f"{where}{problem.code}: {problem.fact}"), err=True)
            click.echo(f"  {shown(problem.fix)}", err=True)
            ctx.exit(COULD_NOT_RUN)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as problem:
            if os.environ.get("EVERYFAMILY_DEBUG") == "1":
                raise
            # Its message may hold somebody's data; its class does not.
            name = type(problem).__name__
            click.echo(
                f"EF001: Something went wrong that we did not foresee: {name}. Please report this.", err=True
            )
            ctx.exit(COULD_NOT_RUN)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="everyfamily")
def main() -> None:
    """A letter to every family: compose, check, agree, reach, account.

    Start with `everyfamily demo`: it makes a letter, has it agreed and sealed, sends it to an invented city on
    this machine, and accounts for every child. Nothing leaves the machine.
    """


for command in (
    demo_command.run_demo,
    letters.compose,
    letters.check,
    letters.key,
    letters.approve,
    letters.seal,
    letters.verify,
    import_command.import_,
    *school_commands.COMMANDS,
    *roll_commands.COMMANDS,
    *rights_commands.COMMANDS,
    *parents_commands.COMMANDS,
    *family_commands.COMMANDS,
    *opt_out_command.COMMANDS,
    *hand_out_commands.COMMANDS,
    reach.send,
    *pause_commands.COMMANDS,
    *withdraw_commands.COMMANDS,
    reach.coverage,
    *families_command.COMMANDS,
    reach.worker,
    *task_commands.COMMANDS,
    *send_kit_commands.COMMANDS,
    *return_commands.COMMANDS,
    *mailbox_commands.COMMANDS,
    *keep_commands.COMMANDS,
    *key_commands.COMMANDS,
):
    main.add_command(command)


if __name__ == "__main__":
    sys.exit(main())
