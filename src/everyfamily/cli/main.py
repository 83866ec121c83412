"""The `everyfamily` command. Each command reads files and the clock, calls lower layers, and prints."""

from __future__ import annotations

import os
import sys

import click

from everyfamily import __version__
from everyfamily.cli.commands import COMMANDS
from everyfamily.cli.console.database_trouble import trouble_of
from everyfamily.cli.console.shown import shown
from everyfamily.cli.console.unusable_paths import place_not_usable
from everyfamily.cli.hints import hint
from everyfamily.config.core_dumps import leave_no_core_dump
from everyfamily.core.errors import EveryfamilyError

COULD_NOT_RUN = 2


class _Commands(click.Group):
    """Imports a command when it is called, and turns errors from lower layers into exit codes.

    0 done, 1 findings or a forgery, 2 could not run, 75 cannot run now but may in a while.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        return COMMANDS[cmd_name].load()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in sorted(COMMANDS)])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except EveryfamilyError as problem:
            _say(problem)
            ctx.exit(problem.exits_with)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as problem:
            if os.environ.get("EVERYFAMILY_DEBUG") == "1":
                raise
            if (known := trouble_of(problem)) is not None:
                _say(known)
                ctx.exit(known.exits_with)
            if isinstance(problem, OSError) and (known := place_not_usable(problem)) is not None:
                _say(known)
                ctx.exit(known.exits_with)
            # The message may hold somebody's data. The class does not.
            name = type(problem).__name__
            click.echo(
                f"EF001: Something went wrong that we did not foresee: {name}. Please report this.", err=True
            )
            ctx.exit(COULD_NOT_RUN)


def _say(problem: EveryfamilyError) -> None:
    where = f"{problem.place}: " if problem.place else ""
    click.echo(shown(f"{where}{problem.code}: {problem.fact}"), err=True)
    click.echo(f"  {shown(problem.fix)}", err=True)
    if more := hint(problem.code):
        click.echo(f"  {more}", err=True)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="everyfamily")
def main() -> None:
    """A letter to every family: compose, check, agree, reach, account.

    Start with `everyfamily demo`: it makes a letter, has it agreed and sealed, sends it to an invented city on
    this machine, and accounts for every child. Nothing leaves the machine.
    """
    # Any command may hold a school's key, or a signatory's.
    leave_no_core_dump()


if __name__ == "__main__":
    sys.exit(main())
