"""How long data is kept: closing, purge, and what an adult may ask for.

No name, address or number is given on a command line, because it would stay in the shell's history.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.private_files import write_private
from everyfamily.cli.console.shown import of
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.files.handed_over import as_json as json_of

if TYPE_CHECKING:
    from everyfamily.mailings.actions.ending.keeping import PurgeReport

_by = by_option("Who does it", required=False)
_adult = click.option("--adult", type=int, required=True, help="The adult's number, from `find-adult`.")


@click.command(name="close")
@click.option("--reference", required=True, help="The letter's reference.")
@click.option(
    "--although",
    metavar="REASON",
    default="",
    help="Why you close it before all answers and all work are done. Shown in the audit trail: name nobody.",
)
@_by
@json_option
def close(reference: str, although: str, by: Actor, as_json: bool) -> None:
    """Close a mailing whose work is done: destroy its key, so that nothing connects two schools any more.

    This is refused while people have something to decide or do, unless --although says why. Decisions about a
    school's own people stay open for its lead. Coverage stays the same. Contact values are purged some days
    later, by the worker or `everyfamily purge`. If this is interrupted, run it again.
    """
    prepare()
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.queries.mailings import mailing_of_letter

    mailing = mailing_of_letter(reference)
    done = close_mailing(mailing.id, by=by, now=datetime.now(UTC), although=although)
    if as_json:
        click.echo(json.dumps({"reference": reference, **asdict(done)}))
        return
    click.echo(f"The mailing of {reference} is closed, and its key destroyed.")
    click.echo(f"Deliveries that were still waited for: {done.settled}. Attempts cut loose: {done.attempts_cut}.")
    if done.tasks_closed:
        click.echo(f"Tasks for a person that were closed with it: {done.tasks_closed}.")
    if done.never_began:
        urns = ", ".join(map(str, done.never_began))
        click.echo(f"Nobody got the letter at {of(len(done.never_began), 'school')} (not attested): {urns}.")


@click.command(name="purge")
@click.option("--school", "urn", type=int, help="Only this school, if it is due.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, without deleting it.")
@_by
@json_option
def purge(urn: int | None, dry_run: bool, by: Actor, as_json: bool) -> None:
    """Delete names, contact values and ids of children that no mailing needs, and what carriers left here.

    The worker does the same every night on its own machine.
    """
    prepare()
    from everyfamily.mailings.actions.ending.keeping import purge_due
    from everyfamily.mailings.installation.carriers import outbox
    from everyfamily.people.queries import school_by_urn

    school_id = school_by_urn(urn).id if urn is not None else None
    now = datetime.now(UTC)
    report = purge_due(now, outbox=outbox(), by=by, school_id=school_id, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps(_purge_json(report, dry_run)))
    else:
        for line in _purge_lines(report, dry_run):
            click.echo(line)
    if report.files.left:
        sys.exit(1)


def _purge_json(report: PurgeReport, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        **asdict(report.total),
        "schools": [{"school": urn, **asdict(purged)} for urn, purged in report.schools.items()],
        "files": asdict(report.files),
        "letter_files": report.letter_files,
        "closes_finished": report.closes_finished,
        "cleaned_up": report.cleaned_up,
    }


def _purge_lines(report: PurgeReport, dry_run: bool) -> Iterator[str]:
    went = "Would go" if dry_run else "Gone"
    total = report.total
    yield (
        f"{went}: {of(total.contact_values, 'contact value')}, {of(total.names, 'name')} and "
        f"{of(total.pupil_ids, 'child id')}, at {of(len(report.schools), 'school')}."
    )
    files = report.files
    yield f"{went} from the outbox: {of(files.lines, 'message')} and {of(files.folders, 'folder')} of letters."
    if report.letter_files:
        yield f"{went}: {of(report.letter_files, 'file')} of versions of letters that count for nothing any more."
    if report.closes_finished:
        yield f"Closes that had been cut off and are finished: {report.closes_finished}."
    if not report.cleaned_up:
        yield "Ask the database's owner to run VACUUM. Until then old versions of the rows stay in their files."
    if report.files.left:
        yield f"Files or folders that could not be changed: {files.left:,}. Look at their rights and run it again."


@click.command(name="find-adult")
@school_option
@json_option
def find_adult(urn: int, as_json: bool) -> None:
    """Find an adult's number by email address, mobile number or whole name, or by the own id of their child.

    The command asks for it and does not show it as you type, or reads it from standard input. It also finds
    adults after a purge.
    """
    prepare()
    from everyfamily.people.actions.keeping.subject_access import find_adults
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    if sys.stdin.isatty():
        wanted = click.prompt(
            "Email address, mobile number, whole name, or a child's own id", hide_input=True, err=True
        )
    else:
        wanted = sys.stdin.readline()
    found = find_adults(school.id, wanted, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([asdict(adult) for adult in found]))
    elif not found:
        click.echo("Nobody at this school fits that.")
    for adult in () if as_json else found:
        purged = "; name and values are purged" if adult.purged else ""
        click.echo(
            f"Adult {adult.adult}: {adult.children} link{'s' * (adult.children != 1)} to children{purged}."
        )
    if not found:
        sys.exit(1)


@click.command(name="subject-access")
@school_option
@_adult
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Write JSON here, and text next to it.",
)
@_by
@json_option
def write_subject_access(urn: int, adult: int, out: Path, by: Actor, as_json: bool) -> None:
    """Write everything about one adult to a file that only you can read. The audit trail notes this.

    docs/howto/answer-a-subject-access-request.md says what to check before you hand it over.
    """
    prepare()
    from everyfamily.mailings.actions.ending.record_text import record_text
    from everyfamily.mailings.actions.ending.subject_access import subject_access, title_of
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    found = subject_access(school.id, adult, by=by, now=datetime.now(UTC))
    text = out.with_name(f"{out.name}.txt")
    write_private(out, json_of(found))
    write_private(text, record_text(found, title=title_of(adult, school.urn)))
    if as_json:
        click.echo(json.dumps({"json": str(out), "text": str(text)}))
        return
    click.echo(f"Written: {out} and {text}. Only you can read them. Delete them when you have handed them over.")
    click.echo("Ask the school's lead to read them first, because they say where a child goes to school.")


@click.command(name="forget-adult")
@school_option
@_adult
@_by
def forget(urn: int, adult: int, by: Actor) -> None:
    """Delete one adult's name and contact values now, and send no more letters to them.

    Hashes, links and outcomes stay, because they keep restrictions. The school's next roll fills the values in
    again, but the adult still counts as objecting. docs/howto/answer-a-subject-access-request.md says what to
    tell the adult.
    """
    prepare()
    from everyfamily.people.actions.keeping.forgetting import forget_adult
    from everyfamily.people.actions.keeping.purging import clean_up_after_purge
    from everyfamily.people.queries import school_by_urn

    purged = forget_adult(school_by_urn(urn).id, adult, by=by, now=datetime.now(UTC))
    clean_up_after_purge()
    click.echo(
        f"Gone: {purged.contact_values} contact values and {purged.names} name. No more letters go to adult {adult}."
    )


COMMANDS: tuple[click.Command, ...] = (close, purge, find_adult, write_subject_access, forget)
"""In the order of the help."""
