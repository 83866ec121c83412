"""After the database was restored to an earlier moment (docs/howto/back-up-and-restore.md)."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import of
from everyfamily.cli.console.who_acts import named
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor

if TYPE_CHECKING:
    from everyfamily.mailings.actions.restoring.after_restore import AfterRestore
    from everyfamily.mailings.queries.uncertain import UncertainSchool

_by = by_option("Who does it")

_LOST = (
    "Everything that people told the database since then is lost, and no command can bring it back. Ask for it now:",
    "  schools: restrictions, objections, leavers and deaths since then. Each lead must attest again",
    "           (everyfamily attest): until then nothing goes out at that school.",
    "  adults:  who asked to be forgotten, or opted out, since then (everyfamily forget-adult, opt-out).",
    "  letters: which were withdrawn or closed since then (everyfamily withdraw, close).",
    "  files:   rolls, lists of schools and returns that came in since then.",
)


@click.command(name="after-restore")
@_by
@click.option(
    "--taken-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    help="When the dump was taken, or the moment recovered to, in UTC. By default the database's own last moment.",
)
@click.option(
    "--not-restored",
    is_flag=True,
    help="The database was not restored: the workers only stopped for a time, or the marker was lost or moved.",
)
@click.option("--why", help="With --not-restored: how you know, in a few words.")
@json_option
def after_restore(
    by: Actor, taken_at: datetime | None, not_restored: bool, why: str | None, as_json: bool
) -> None:
    """Use this after the database was restored to an earlier moment: hold back what may have been sent since.

    Stop every worker first. Open mailings pause, and what may have been sent since waits for a person
    (everyfamily uncertain). Leads must attest again. Carriers that can be asked are asked, and purges are run
    again. You can repeat this.
    """
    if not_restored != bool(why) or (not_restored and taken_at is not None):
        raise click.UsageError("--not-restored and --why go together, and without --taken-at.")
    prepare()
    from everyfamily.cli.operation.noted_heads import set_heads_aside
    from everyfamily.mailings.actions.restoring import after_restore as action
    from everyfamily.mailings.installation.carriers import carriers, outbox

    now = datetime.now(UTC)
    if not_restored:
        code = action.not_restored(by=by, why=str(why), now=now)
        if as_json:
            click.echo(json.dumps({"asked_because_of": code}))
            return
        click.echo("Noted: the database was not restored. You can start workers again.")
        return
    at = taken_at.replace(tzinfo=UTC) if taken_at else None
    done = action.after_restore(by=by, now=now, carriers=carriers(), outbox=outbox(), taken_at=at)
    set_heads_aside()
    if as_json:
        click.echo(json.dumps({**asdict(done), "restored_to": done.restored_to.isoformat()}))
        return
    _say(done)


def _say(done: AfterRestore) -> None:
    click.echo(f"The database is as of {done.restored_to:%-d %B %Y, %H:%M} UTC. Workers may start again.")
    click.echo(f"Paused: {of(done.mailings, 'mailing')}, {of(done.schools, 'school')} in them.")
    if done.carriers_have or done.never_had:
        click.echo(
            f"Carriers were asked: they have {of(done.carriers_have, 'message')}, and never had {done.never_had:,}."
        )
    click.echo(f"Not known whether it went: {of(done.uncertain, 'adult')}. Decide: everyfamily uncertain")
    if done.purged:
        click.echo(f"Purged again: {of(done.purged, 'value')}.")
    for line in _LOST:
        click.echo(line)


@click.command()
@click.option("--reference", help="The letter's reference. If not given, every mailing is listed.")
@click.option("--school", "urn", type=int, help="Only one school, by its URN.")
@click.option("--channel", type=click.Choice(["email", "text", "post", "pupil post"]), help="Only one way.")
@click.option("--had-it", is_flag=True, help="They had it: nothing more is sent to them.")
@click.option(
    "--send", is_flag=True, help="They did not have it: their letter is sent when the mailing continues."
)
@click.option("--why", help="How you know, without names.")
@click.option("--by", callback=named, help="Who decides. Shown in the audit trail.")
@json_option
def uncertain(
    reference: str | None,
    urn: int | None,
    channel: str | None,
    had_it: bool,
    send: bool,
    why: str | None,
    by: Actor | None,
    as_json: bool,
) -> None:
    """See which letters may have been sent before a restore, and say whether they were.

    Without --had-it or --send, this lists the schools, with counts. Before you decide, look at what the carrier
    says, the mail server's log and the print house's slips. If nobody can find out, it is better to say
    --had-it.
    """
    if had_it and send:
        raise click.UsageError("Give --had-it or --send, not both.")
    decides = had_it or send
    if decides and not (reference and why and by):
        raise click.UsageError("Give --reference, --why and --by.")
    prepare()
    from everyfamily.mailings.actions.restoring.uncertain import decide_uncertain
    from everyfamily.mailings.queries.mailings import mailing_of_letter
    from everyfamily.people.queries import school_by_urn

    if not decides or by is None:
        _list(reference, urn, as_json)
        return
    mailing = mailing_of_letter(str(reference))
    done = decide_uncertain(
        mailing.id,
        had_it=had_it,
        why=str(why),
        by=by,
        now=datetime.now(UTC),
        school_id=school_by_urn(urn).id if urn is not None else None,
        channel=channel,
    )
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    what = (
        "they had it, and nothing more is sent to them"
        if had_it
        else "their letter is sent when the mailing continues"
    )
    click.echo(f"{of(done.adults, 'adult')} at {of(done.schools, 'school')}: {what}.")
    if done.left:
        click.echo(f"Still uncertain in this mailing: {of(done.left, 'adult')}.")
    elif mailing.state == "paused":
        click.echo(f'To resume it: everyfamily resume --reference {reference} --by "First Last"')


def _list(reference: str | None, urn: int | None, as_json: bool) -> None:
    from everyfamily.mailings.queries.uncertain import count_uncertain, uncertain_mailings

    found: dict[str, list[UncertainSchool]] = {}
    for letter, mailing_id in uncertain_mailings():
        if reference in (None, letter):
            rows = [row for row in count_uncertain(mailing_id) if urn in (None, row.urn)]
            found |= {letter: rows} if rows else {}
    if as_json:
        click.echo(json.dumps({letter: [asdict(row) for row in rows] for letter, rows in found.items()}))
        return
    if not found:
        click.echo("Nothing waits for a decision after a restore.")
    for letter, rows in found.items():
        click.echo(f"{letter}: {of(sum(row.uncertain for row in rows), 'adult')} at {of(len(rows), 'school')}.")
        for row in rows:
            ways = ", ".join(f"{channel or 'no way yet'} {count:,}" for channel, count in row.by_channel)
            click.echo(
                f"  school {row.urn}: {row.uncertain:,} uncertain ({ways or 'none'}); {row.had_it:,} had it"
            )
        click.echo(
            f"Decide: everyfamily uncertain --reference {letter} --had-it (or --send) [--school URN] [--channel WAY] "
            '--why "..." --by "First Last"'
        )


COMMANDS: tuple[click.Command, ...] = (after_restore, uncertain)
"""In the order of the help."""
