"""rehearse: open a mailing now, at any hour, only for the people on a list."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.hints import steps_as_lines
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError

_OPEN = timedelta(days=42)


class NoRehearsalList(EveryfamilyError):
    """A rehearsal without a list could write to anybody."""

    code = "EF964"


class NobodyToRehearseWith(EveryfamilyError):
    """No school here sends by everyfamily. A rehearsal would go to nobody, and a letter has only one rehearsal."""

    code = "EF965"


_AGAIN = (
    "A letter is rehearsed once in a database. For another rehearsal set EVERYFAMILY_HOME and EVERYFAMILY_OUTBOX to "
    "empty folders."
)


@click.command()
@click.argument("letter", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--sealing-key", required=True, help="Public half of the sealing key, as `everyfamily key` printed it."
)
@by_option("Who starts it", required=False)
@json_option
def rehearse(letter: Path, sealing_key: str, by: Actor, as_json: bool) -> None:
    """Open the mailing of a sealed LETTER as a rehearsal: now, at any hour, only to the people on a list.

    EVERYFAMILY_REHEARSAL names the list: a file with the addresses and numbers of your own staff, one on each
    line. Workers write to nobody else: if a letter would go to anybody who is not on the list, the mailing
    pauses. Give a rehearsal its own database (EVERYFAMILY_HOME): docs/howto/set-up-your-area.md.
    """
    prepare()
    from django.conf import settings

    from everyfamily.channels.rehearsal import read_rehearsal
    from everyfamily.cli.mailings.opening import sealed_in
    from everyfamily.core.calendar.sending_window import REHEARSAL
    from everyfamily.mailings.actions.planning.opened_steps import uncertain_steps
    from everyfamily.mailings.actions.planning.opening import MailingIsOpen, open_mailing
    from everyfamily.mailings.actions.planning.starting import take_in
    from everyfamily.people.queries import open_schools

    if not settings.EVERYFAMILY_REHEARSAL:
        raise NoRehearsalList(
            "There is no list of people who may be written to in the rehearsal.",
            "Write the addresses and numbers of your own staff into a file, one a line, and set "
            "EVERYFAMILY_REHEARSAL to it, here and for every worker.",
        )
    only = read_rehearsal(Path(settings.EVERYFAMILY_REHEARSAL))
    schools = [school.id for school in open_schools() if school.sends == "us"]
    if not schools:
        raise NobodyToRehearseWith(
            "No school in this database sends by everyfamily, so the rehearsal would go to nobody.",
            "Import a school and a roll of your own staff first (docs/howto/set-up-your-area.md), then rehearse.",
        )
    now = datetime.now(UTC)
    core = take_in(sealed_in(letter, sealing_key), by=by, now=now)
    try:
        opened = open_mailing(
            reference=core.reference,
            term=core.term,
            waves=dict.fromkeys(schools, (1, now)),
            closes_at=now + _OPEN,
            reply_mailbox=core.reply_mailbox,
            reply_owner=core.reply_owner,
            by=by,
            now=now,
            sending=REHEARSAL,
        )
    except MailingIsOpen as problem:
        raise MailingIsOpen(problem.fact, _AGAIN) from None
    if as_json:
        click.echo(json.dumps(asdict(opened) | {"rehearsal": len(only.values)}))
        return
    click.echo(
        f"Mailing {opened.id} is open, as a rehearsal. Addresses and numbers on your list: {len(only.values):,}."
    )
    click.echo(
        f"Paper is {'printed to the outbox' if only.paper else 'not printed: the list does not say paper'}."
    )
    for line in steps_as_lines(uncertain_steps(core.reference, opened)):
        click.echo(line)
    click.echo("Start `everyfamily worker`. Anybody else on a roll pauses it before anything is sent to them.")


COMMANDS: tuple[click.Command, ...] = (rehearse,)
"""In the order of the help."""
