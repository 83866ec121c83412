"""Withdraw a letter: stop it everywhere, say who has it, and say whom a person must tell what was wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.rows import school_id_of
from everyfamily.cli.console.shown import of, value
from everyfamily.cli.console.who_acts import named
from everyfamily.cli.hints import in_words, steps_as_lines
from everyfamily.cli.letters.letter_commands import open_key
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.letters.files.withdrawal_notices import publish_withdrawal

if TYPE_CHECKING:
    from everyfamily.core.next_steps import Step
    from everyfamily.mailings.actions.ending.withdrawing import Withdrawn

_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHOWN = 20
"""Schools that the terminal names. --json has all."""


@click.command()
@click.option("--reference", required=True, help="The letter's reference.")
@click.option("--why", required=True, help="What is wrong, in a few words without names. People will see it.")
@by_option("Who withdraws it")
@click.option(
    "--agreed-by", callback=named, help="Who agreed to it: somebody else. Without it, it is only stopped."
)
@click.option(
    "--seals",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of published seals: publish the withdrawal there too, for the site and `everyfamily verify`.",
)
@click.option(
    "--key", "key_file", type=_file, help="With --seals: the partnership's sealing key, which signs the notice."
)
@click.option("--passphrase-file", type=_file, help="Read the passphrase from this file instead of asking.")
@json_option
def withdraw(
    reference: str,
    why: str,
    by: Actor,
    agreed_by: Actor | None,
    seals: Path | None,
    key_file: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Withdraw a sealed letter, for good. Every worker stops sending it before its next message.

    It takes two people: --by asks for it, and --agreed-by is somebody else who agreed. With one name the letter is
    stopped at once, and a second person withdraws it on its page, or with this command.

    What a carrier has taken in cannot be called back: people who have the letter get a correction
    (docs/howto/withdraw-and-correct.md). To stop for a time, use `everyfamily pause`. You can repeat this:
    nothing changes, and --seals with --key publishes it.
    """
    if (seals is None) is not (key_file is None):
        raise click.UsageError("--seals and --key belong together.")
    prepare()
    from everyfamily.accounts.queries import who_watches
    from everyfamily.letters.queries import is_withdrawn
    from everyfamily.mailings.actions.ending.asking import ask_to_withdraw
    from everyfamily.mailings.actions.ending.withdrawing import withdraw as withdraw_now

    now = datetime.now(UTC)
    if agreed_by is None and not is_withdrawn(reference):
        ask_to_withdraw(reference, why=why, by=by, now=now, tell_to=who_watches().tell)
        click.echo(f"{reference} is stopped: nothing more of it is sent. A second person withdraws it for good:")
        click.echo("on its page, or repeat this with --agreed-by.")
        return
    done = withdraw_now(reference, why=why, by=by, now=now, agreed_by=agreed_by)
    published = False
    if seals is not None and key_file is not None:
        # Only now, because the letter is stopped whether or not somebody has the key at hand.
        key = open_key(key_file, passphrase_file)
        publish_withdrawal(seals, reference, key=key, withdrawn_at=done.letter.at)
        published = True
    if as_json:
        click.echo(json.dumps(asdict(done) | {"published": published}, default=datetime.isoformat))
        return
    before = f" already, by {done.letter.by} on {done.letter.at:%-d %B %Y}" if done.letter.before else ""
    click.echo(f"{reference} is withdrawn{before}.")
    from everyfamily.mailings.actions.ending import withdrawal_steps as steps

    said = [steps.publishing(is_published=published), *steps.who_has_it(done), *steps.in_print(done, reference)]
    lines = [
        *steps_as_lines(said),
        *_copies(steps.copies_in_schools(done), done, reference),
        *_schools(steps.schools_that_send(done), done),
        *steps_as_lines(steps.putting_it_right(done, reference)),
    ]
    click.echo("\n".join(lines))


def _copies(step: Step | None, done: Withdrawn, reference: str) -> Iterator[str]:
    """What to do about the copies, and each school's sheet."""
    if step is None:
        return
    yield in_words(step)
    for one in done.to_bin[:_SHOWN]:
        yield (
            f"  {one.urn}: {one.copies:,}   everyfamily hand-outs bin-sheet --school {one.urn} --reference {reference} "
            f"--out bin-{one.urn}.pdf"
        )
    if len(done.to_bin) > _SHOWN:
        yield f"  and {len(done.to_bin) - _SHOWN} more (--json names all)"


def _schools(step: Step | None, done: Withdrawn) -> Iterator[str]:
    if step is None:
        return
    yield in_words(step)
    for what, filed, stopped in (
        ("have sent it", True, False),
        ("may have sent it", False, False),
        ("say that they have not sent it", False, True),
    ):
        found = ((school.has_filed, school.has_stopped and not school.has_filed) for school in done.to_tell)
        urns = [
            school.urn for school, is_so in zip(done.to_tell, found, strict=True) if is_so == (filed, stopped)
        ]
        if urns:
            more = f" and {len(urns) - _SHOWN} more (--json names all)" if len(urns) > _SHOWN else ""
            yield f"  {what}: {', '.join(str(urn) for urn in urns[:_SHOWN])}{more}"


@click.command(name="tell-schools")
@json_option
def tell(as_json: bool) -> None:
    """Send now the emails that tell schools that a letter is withdrawn. The worker sends them too.

    They go to each school's own mailbox, never to a family, and say: stop sending it, or bin the copies. A
    school may not read its email in time, so ring it as well.
    """
    prepare()
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.actions.telling.school_notices import tell_schools
    from everyfamily.mailings.installation.carriers import carriers

    carrier = carriers().get(Channel.EMAIL)
    done = tell_schools(carrier, datetime.now(UTC)) if carrier is not None else None
    figures = {name: getattr(done, name, 0) for name in ("sent", "failed", "unknown", "no_mailbox")}
    if as_json:
        click.echo(json.dumps(figures))
        return
    click.echo(
        f"Sent to schools: {figures['sent']}. Failed: {figures['failed']}. "
        f"Not known whether it went: {figures['unknown']}."
    )
    if figures["no_mailbox"]:
        click.echo(f"Without a mailbox: {of(figures['no_mailbox'], 'school')}. Only your call reaches them.")


@click.command(name="stopped-in-print")
@click.argument("manifests", type=_file, nargs=-1)
@click.option("--reference", required=True, help="The letter's reference.")
@click.option(
    "--number", "numbers", multiple=True, help="One copy: its reference in the manifest. You can repeat this."
)
@by_option("Who says so")
def stopped_in_print(manifests: tuple[Path, ...], reference: str, numbers: tuple[str, ...], by: Actor) -> None:
    """Say which letters the print house stopped or took out: nobody had them.

    Without MANIFESTS and --number, see which copies it should take out today because of a decision since. Tell it
    the numbers, never why. MANIFESTS are the .csv files of whole bundles of a withdrawn letter. Their families get
    the replacement, not the correction.
    """
    prepare()
    if not manifests and not numbers:
        from everyfamily.mailings.actions.planning.take_outs import copies_to_take_out
        from everyfamily.mailings.queries.mailings import mailing_of_letter

        copies = copies_to_take_out(mailing_of_letter(reference).id, datetime.now(UTC))
        click.echo("\n".join(copies) or "No copy is to be taken out today.")
        return
    from everyfamily.channels.post.manifests import rows_of
    from everyfamily.mailings.actions.paper.stopped_print import print_was_stopped

    rows = [row for file in manifests for row in rows_of(file.read_bytes())]
    messages = [*numbers, *(row.get("reference") or "" for row in rows)]
    uuids = [one for one in messages if _UUID.fullmatch(one)]
    moved = print_was_stopped(
        reference, uuids if len(uuids) == len(messages) else [], by=by, now=datetime.now(UTC)
    )
    click.echo(f"Recorded: {of(moved, 'letter')} not posted.")


@click.group()
def owed() -> None:
    """See who had a wrong letter and may not be written to now, and record whether a named person told them."""


@owed.command(name="list")
@school_option
@json_option
def list_owed(urn: int, as_json: bool) -> None:
    """Show the adults at one school, with names, for its lead."""
    prepare()
    from everyfamily.mailings.actions.ending.to_tell import people_to_tell

    rows = people_to_tell(school_id_of(urn), now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, default=date.isoformat))
        return
    for row in rows:
        pupils = ", ".join(value(pupil) for pupil in row.pupils)
        click.echo(
            f"task {row.task}: child {pupils}, {value(row.adult_name)}: had the wrong letter, may not have "
            f"{row.reference} ({row.why}). Due {row.due_on:%-d %B %Y}"
        )
    if not rows:
        click.echo("Nobody at this school waits for it.")
        return
    click.echo(f"{of(len(rows), 'adult')}. Decide about each, then say what you did:")
    click.echo(f'  everyfamily owed settle --school {urn} --task NUMBER told --by "First Last"   (or "not told")')


@owed.command()
@school_option
@click.option("--task", type=int, required=True, help="The task's number in the list.")
@click.argument("outcome", type=click.Choice(["told", "not told"]))
@by_option("Who told them, or decided not to")
def settle(urn: int, task: int, outcome: str, by: Actor) -> None:
    """Record that you told them what was wrong, or decided that it is better not to."""
    prepare()
    from everyfamily.mailings.actions.ending.to_tell import settle_person_to_tell

    settle_person_to_tell(school_id_of(urn), task=task, outcome=outcome, by=by, now=datetime.now(UTC))
    click.echo(f"Task {task} is closed: {outcome}.")


COMMANDS: tuple[click.Command, ...] = (withdraw, tell, stopped_in_print, owed)
"""In the order of the help."""
