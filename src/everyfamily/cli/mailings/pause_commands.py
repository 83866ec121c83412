"""Stop a mailing, or one school's part of it, and resume it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.cli.console.options import by_option
from everyfamily.cli.console.who_acts import named
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import Channel

_reference = click.option("--reference", required=True, help="The letter's reference.")
_school = click.option(
    "--school", "urn", type=int, help="Only one school's part, by its URN. All schools if not given."
)


@click.command()
@_reference
@_school
@click.option("--why", required=True, help="What is wrong, in a few words without names. People will see it.")
@by_option("Who stops it")
def pause(reference: str, urn: int | None, why: str, by: Actor) -> None:
    """Stop sending: every worker stops before its next message. What a carrier has taken in cannot be called back."""
    prepare()
    from everyfamily.mailings.actions.sending.pausing import pause_mailing, pause_school
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.people.queries import school_by_urn

    mailing, now = mailing_of_letter(reference), datetime.now(UTC)
    school = f" --school {urn}" if urn is not None else ""
    if urn is None:
        pause_mailing(mailing.id, why=why, by=by, now=now)
        click.echo(f"The mailing of {reference} is paused.")
    else:
        pause_school(mailing.id, school_by_urn(urn).id, why=why, by=by, now=now)
        click.echo(f"School {urn} is paused in the mailing of {reference}.")
    click.echo(f'To resume it: everyfamily resume --reference {reference}{school} --by "First Last"')


@click.command()
@_reference
@_school
@by_option("Who has looked at what stopped it")
@click.option("--agreed-by", callback=named, help="Who agreed, if somebody else paused the mailing.")
@click.option(
    "--unknown",
    "unknown",
    metavar="CHANNEL=WHAT",
    multiple=True,
    help="For messages that may or may not have been sent, such as email=went: went, never-went or next-way.",
)
@click.option(
    "--taken",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The provider's log, or a part of it. Messages whose reference is in it count as accepted.",
)
def resume(
    reference: str,
    urn: int | None,
    by: Actor,
    agreed_by: Actor | None,
    unknown: tuple[str, ...],
    taken: Path | None,
) -> None:
    """Resume a paused mailing, or one school's part, when you have solved the problem that stopped it.

    A mailing that somebody else paused takes two people: --by, and --agreed-by.

    `everyfamily coverage` says what is paused. Workers then send what was written down.

    If nobody knows whether some messages were sent, you are told how many. Say with --unknown what should
    happen to them. Ask the provider first (docs/channels/unknown.md).
    """
    prepare()
    from everyfamily.mailings.actions.sending.pausing import resume_mailing, resume_school
    from everyfamily.mailings.actions.sending.unknowns import Unknowns
    from everyfamily.mailings.installation import clock
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.people.queries import school_by_urn

    said = {channel: Unknowns(what) for channel, what in _said(unknown).items()}
    # Whether a number may be printed is asked by the clock that the workers have.
    mailing, now = mailing_of_letter(reference), clock.now()
    if urn is not None:
        if not resume_school(mailing.id, school_by_urn(urn).id, by=by, now=now):
            click.echo(f"Nothing to do: school {urn} is not paused in the mailing of {reference}.")
            return
        click.echo(f"School {urn} continues in the mailing of {reference}.")
        if mailing.state == "paused":
            click.echo("But the whole mailing is paused: nothing is sent until that is resumed too.")
        return
    if mailing.state != "paused":
        click.echo(f"Nothing to do: the mailing of {reference} is {mailing.state}.")
        return
    references = _references(taken) if taken is not None else frozenset()
    settled = resume_mailing(mailing.id, by=by, now=now, unknown=said, taken=references, agreed_by=agreed_by)
    if taken is not None:
        click.echo(f"The provider's log has {settled.taken:,} of the unknown messages: they count as accepted.")
    for channel, number in settled.others.items():
        click.echo(f"{number:,} unknown by {channel}: {_SETTLED[said[channel]]}")
    click.echo(f"The mailing of {reference} continues. Workers send within a minute (`everyfamily worker`).")


_SETTLED = {
    "went": "they count as accepted.",
    "never-went": "they are sent again.",
    "next-way": "each family is written to by its next way, when the wait is over.",
}


_REFERENCE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def _references(log: Path) -> frozenset[str]:
    """Our references in a log, anywhere in a line: a Message-ID begins with one."""
    with log.open(encoding="utf-8", errors="replace") as file:
        return frozenset(found.lower() for line in file for found in _REFERENCE.findall(line))


def _said(words: tuple[str, ...]) -> dict[Channel, str]:
    """What was said about each channel. Raises click.UsageError."""
    found: dict[Channel, str] = {}
    for word in words:
        name, _, what = word.partition("=")
        if name not in {channel.value for channel in Channel} or what not in _SETTLED:
            raise click.UsageError(
                f"--unknown takes a channel ({', '.join(Channel)}), = and one of: {', '.join(_SETTLED)}."
            )
        found[Channel(name)] = what
    return found


COMMANDS: tuple[click.Command, ...] = (pause, resume)
"""In the order of the help."""
