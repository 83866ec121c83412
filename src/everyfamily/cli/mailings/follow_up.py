"""Send the letter that follows a wrong one: a correction at once, to exactly those who had it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import click

from everyfamily.cli.console.shown import of
from everyfamily.cli.mailings.uncertain_lines import lines_on_uncertain
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import urgent_as_data
from everyfamily.core.letter.nothing_invented import require_letter_of_real_people
from everyfamily.letters.actions import record_sealed_letter
from everyfamily.letters.files.folder import read_artefacts, read_seal
from everyfamily.letters.files.record import letter_of
from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
from everyfamily.mailings.installation.stand_ins import require_carried
from everyfamily.mailings.queries.mailings import mailing_of_letter
from everyfamily.mailings.queries.returns import return_standings
from everyfamily.people.queries import open_schools

_OPEN = timedelta(days=42)
"""How long a correction waits for those whom no way has reached yet."""


def follows_as(kind: Literal["correction", "replacement"], reference: str) -> Follows:
    """The mailing of the wrong letter; raises MailingNotKnown."""
    return Follows(mailing_of_letter(reference).id, kind)


def send_correction(letter: Path, *, corrects: str, sealing_key: str, by: Actor, as_json: bool) -> None:
    """Open the mailing of a sealed correction: every school at once, by day and on any day."""
    now = datetime.now(UTC)
    follows = follows_as("correction", corrects)
    sealed = read_seal(letter / "seal.json")
    core = letter_of(sealed.record)
    require_letter_of_real_people(core)
    require_carried(demonstration=core.demonstration)
    record_sealed_letter(sealed, read_artefacts(letter, sealed.record), sealing_key=sealing_key, by=by, now=now)
    opened = open_mailing(
        reference=core.reference,
        term=core.term,
        waves={school.id: (1, now) for school in open_schools() if school.sends == "us"},
        closes_at=now + _OPEN,
        reply_mailbox=core.reply_mailbox,
        reply_owner=core.reply_owner,
        by=by,
        now=now,
        sending=urgent_as_data(),
        follows=follows,
    )
    themselves = [school.urn for school in return_standings(opened.id)]
    if as_json:
        click.echo(json.dumps(asdict(opened) | {"corrects": corrects, "send_themselves": themselves}))
        return
    click.echo(f"Mailing {opened.id} is open. It goes to the adults who had {corrects}, and to nobody else.")
    click.echo("It goes out between 9am and 6pm, today if it is earlier: start `everyfamily worker`.")
    click.echo(
        "Adults who had it and may not be written to now, for each school's lead: everyfamily owed list --school URN"
    )
    for line in lines_on_uncertain(core.reference, opened):
        click.echo(line)
    if themselves:
        urns = ", ".join(str(urn) for urn in themselves)
        click.echo(f"Send themselves: {of(len(themselves), 'school')} ({urns}).")
        click.echo(
            "Each gets a mail with the new kit behind a link, and files a new return there, once you give:"
        )
        click.echo(f"  everyfamily returns open --reference {core.reference} --due DAY --closes DAY")
        click.echo("The kit for handing over by another way:")
        click.echo(f"  everyfamily send-kit {letter} --out kit-{core.reference}")
