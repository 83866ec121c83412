"""`python -m everyfamily_postgres start|stop|status`: look after the embedded database by hand."""

from __future__ import annotations

import click

from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.launcher import Server, find, start

NOT_RUNNING = 3  # the usual exit code of `status` commands
COULD_NOT_RUN = 2


@click.group()
def main() -> None:
    """Look after everyfamily's own PostgreSQL (in EVERYFAMILY_HOME or the usual place)."""


@main.command("start")
def start_command() -> None:
    """Start it, or find it running."""
    _tell(start())


@main.command("stop")
def stop_command() -> None:
    """Stop it cleanly."""
    server = find()
    if server is None:
        click.echo("The database was not running.")
        return
    server.stop()
    click.echo("The database has stopped.")


@main.command("status")
@click.pass_context
def status_command(context: click.Context) -> None:
    """Say whether it runs; exit code 3 if not."""
    server = find()
    if server is None:
        click.echo("The database is not running.")
        context.exit(NOT_RUNNING)
    _tell(server)


def _tell(server: Server) -> None:
    folders = server.folders
    click.echo(f"The database is running as {folders.account.name}.")
    click.echo(f"Its data are in {folders.data}, its log in {folders.log}, its socket in {server.socket_dir}.")


if __name__ == "__main__":
    try:
        main()
    except EveryfamilyError as error:
        click.echo(f"{error.code} {error}", err=True)
        raise SystemExit(COULD_NOT_RUN) from error
