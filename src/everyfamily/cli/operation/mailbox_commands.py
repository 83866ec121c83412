"""mailboxes: whether the bounce and the reply mailbox can be read, and how much is in each."""

from __future__ import annotations

import json

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.errors import EveryfamilyError

_NAMES = {"bounces": "EVERYFAMILY_BOUNCE_MAILBOX", "replies": "EVERYFAMILY_REPLY_MAILBOX"}


@click.command()
@json_option
def mailboxes(as_json: bool) -> None:
    """Sign in to the mailboxes of bounces and replies, and count what is in them. It reads, marks and moves nothing.

    Exit code 1 when one of those that are set cannot be read.
    """
    prepare(migrate=False)
    from django.conf import settings

    from everyfamily.channels.email.mailbox_address import mailbox_at

    found: dict[str, dict[str, int] | str | None] = {}
    for name, about in (("bounces", settings.EVERYFAMILY_BOUNCES), ("replies", settings.EVERYFAMILY_REPLIES)):
        if not about["mailbox"]:
            found[name] = None
            continue
        mailbox = mailbox_at(about["mailbox"], about["password"])
        try:
            found[name] = mailbox.count()
        except EveryfamilyError as problem:
            found[name] = f"{problem.code}: {problem}"
        finally:
            mailbox.close()
    click.echo(json.dumps(found) if as_json else "\n".join(_line(name, what) for name, what in found.items()))
    if any(isinstance(what, str) for what in found.values()):
        raise click.exceptions.Exit(1)


def _line(name: str, what: dict[str, int] | str | None) -> str:
    if what is None:
        return f"{name}: not read. Set {_NAMES[name]} (docs/howto/read-bounces-and-replies.md)."
    if isinstance(what, str):
        return shown(f"{name}: {what}")
    if name == "replies":
        return f"{name}: {what['inbox']} in the inbox."
    return f"{name}: {what['inbox']} to read, {what['done']} done, {what['set-aside']} for a person to look at."


COMMANDS = (mailboxes,)
