"""send, coverage, worker: commands that need the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.config.log_lines import keep_words_out_of_crashes
from everyfamily.config.security_log import this_is_a_service
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor

_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("letter", type=_folder)
@click.option(
    "--sealing-key", required=True, help="Public half of the sealing key, as `everyfamily key` printed it."
)
@click.option(
    "--opens",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="Earliest time of the first wave, in London time. A correction begins now.",
)
@click.option(
    "--partnership",
    "partnership_file",
    type=_file,
    help="The partnership's file: its terms and [sending] say which days letters go out, and to how many.",
)
@click.option(
    "--schools-a-day",
    type=click.IntRange(min=1),
    default=60,
    help="Number of schools in one wave, if the file does not say what the front door can take.",
)
@click.option(
    "--corrects",
    metavar="REFERENCE",
    help="Reference of a withdrawn letter: send to exactly the people who had it.",
)
@click.option(
    "--replaces",
    metavar="REFERENCE",
    help="Reference of a withdrawn letter: send to everybody who did not have it.",
)
@click.option(
    "--plan",
    "only_plan",
    is_flag=True,
    help="Show the waves and what schools still need, without opening the mailing.",
)
@by_option("Who starts it", required=False)
@json_option
def send(
    letter: Path,
    sealing_key: str,
    opens: datetime | None,
    partnership_file: Path | None,
    schools_a_day: int,
    corrects: str | None,
    replaces: str | None,
    only_plan: bool,
    by: Actor,
    as_json: bool,
) -> None:
    """Open the mailing of a sealed LETTER. Workers (`everyfamily worker`) begin each wave when its time comes.

    Waves go out on school mornings of the letter's own term (not in the first two or last five school days, not
    when a local number is shut), to as many families a day as the front door can take calls from. Anything that
    follows, such as a text after a bounce, keeps to the same days and hours.

    --plan refuses everything that opening would refuse. It names the schools that have no roll, that have not
    attested, and that send the letter themselves.

    --corrects and --replaces follow a letter that was wrong and is withdrawn. Together they cover everyone
    once. A correction is sent on any day from 9am to 6pm (docs/howto/withdraw-and-correct.md).
    """
    if corrects is not None and replaces is not None:
        raise click.UsageError(
            "A letter either corrects or replaces. Give only one of them, and send a second letter for the other."
        )
    if corrects is not None and only_plan:
        raise click.UsageError("A correction has no waves to plan: it goes out at once.")
    if corrects is None and (opens is None or partnership_file is None):
        raise click.UsageError("Give --opens and --partnership.")
    prepare()
    if corrects is not None:
        from everyfamily.cli.mailings.follow_up import send_correction

        send_correction(letter, corrects=corrects, sealing_key=sealing_key, by=by, as_json=as_json)
        return
    assert opens is not None and partnership_file is not None
    from everyfamily.cli.mailings.opening import ToOpen, open_and_say, show_plan
    from everyfamily.core.calendar.sending_window import LONDON
    from everyfamily.mailings.installation import clock

    opens_at = opens.replace(tzinfo=LONDON)
    asked = ToOpen(letter, sealing_key, opens_at, partnership_file, schools_a_day, replaces, by)
    do = show_plan if only_plan else open_and_say
    do(asked, clock.now(), as_json=as_json)


@click.command()
@click.option("--html", "html", type=click.Path(path_type=Path), help="Write the page here.")
@click.option("--csv", "csv_file", type=click.Path(path_type=Path), help="Write the table here.")
@click.option("--reference", help="Reference of the letter. If not given, the mailing that began last.")
@click.option(
    "--live", is_flag=True, help="Page and table as of now, for the operator and not for the partnership."
)
@json_option
def coverage(html: Path | None, csv_file: Path | None, reference: str | None, live: bool, as_json: bool) -> None:
    """Account for every child of a mailing.

    The terminal and --json show the figures as of now, exact and for the whole area. The page and the table are
    what the partnership sees: one account a day, as of 06:00, in bands. `everyfamily families` shows a school
    its own children.
    """
    prepare()
    from everyfamily.cli.accounts.account import show_coverage

    show_coverage(
        reference=reference, html=html, csv_file=csv_file, as_json=as_json, live=live, now=datetime.now(UTC)
    )


@click.command()
@click.option(
    "--for",
    "works_for",
    type=click.Choice(["all", "mailings", "screens"]),
    default="all",
    show_default=True,
    help="What it does: everything, only mailings, or only what people ask for on screens.",
)
def worker(works_for: str) -> None:
    """Run a worker: it begins waves, sends, uses the next way after a failure, and rescues what a crash left.

    It also does what people ask for on screens. With a worker of its own for that (--for screens), nobody there
    waits for a wave. Stop it with Ctrl-C.
    """
    this_is_a_service()
    prepare(migrate=False)
    from everyfamily.mailings.edges.worker import WorksFor, run_worker
    from everyfamily.mailings.installation.carriers import carriers

    keep_words_out_of_crashes()
    kind = WorksFor(works_for)
    if kind is not WorksFor.SCREENS:
        # Settings of carriers that are not valid are refused before anybody believes that letters go out.
        carriers()
    click.echo("The worker has started. Ctrl-C stops it after the page in hand.", err=True)
    run_worker(kind)
