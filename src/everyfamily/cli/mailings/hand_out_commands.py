"""What a school says about the copies that its classes took home."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.rows import as_json_rows, school_id_of
from everyfamily.cli.console.shown import value
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError


class WhichCopies(EveryfamilyError):
    """A filled-in list or a class: give one of the two, not both."""

    code = "EF656"


class SheetNotWritten(EveryfamilyError):
    """The sheet cannot be written there."""

    code = "EF365"


@click.group(name="hand-outs")
def hand_outs() -> None:
    """See which copies for children to take home the school has not reported on, and record what it says."""


@hand_outs.command(name="list")
@school_option
@click.option("--class", "group", help="One class, with the school's own ids of its children.")
@json_option
def list_hand_outs(urn: int, group: str | None, as_json: bool) -> None:
    """Show, by class, the copies that nobody has yet said were handed over or not."""
    prepare()
    from everyfamily.mailings.actions.paper.hand_outs import hand_outs_waiting

    found = hand_outs_waiting(school_id_of(urn), now=datetime.now(UTC))
    if group is not None:
        found = [one for one in found if one.group.casefold() == group.casefold()]
    else:
        found = [replace(one, pupils=()) for one in found]
    if as_json_rows(found, as_json):
        return
    for one in found:
        stop = ". WITHDRAWN: bin them" if one.is_withdrawn else ""
        click.echo(
            f"{one.reference}, {_called(one.group)}: {_copies(one.copies)}, since {one.since:%-d %B %Y}{stop}"
        )
        for pupil in one.pupils:
            click.echo(f"  child {value(pupil)}")
        if one.keep_back and not one.is_withdrawn:
            children = ", ".join(value(pupil) for pupil in one.keep_back)
            click.echo(f"  KEEP BACK, nobody at home may have it now: child {children}")
    if not found:
        click.echo("No copy is waiting for the school to report on it.")
        return
    if any(one.is_withdrawn for one in found):
        click.echo("Say first which classes had handed theirs over before, then that the rest is binned:")
        click.echo(f"  everyfamily hand-outs binned --school {urn} --by NAME")
    click.echo("Say what was handed over:")
    click.echo(f"  everyfamily hand-outs record hand-out-list.csv --school {urn} --by NAME")
    click.echo(f"  everyfamily hand-outs record --school {urn} --class CLASS --on DAY [--except ID,ID] --by NAME")


@hand_outs.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@school_option
@click.option("--class", "group", help="A whole class, instead of a list.")
@click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day the copies were handed over. Today if not given.",
)
@click.option("--except", "without", help="With --class: children who got no copy, as ID,ID.")
@by_option("Who says so")
@json_option
def record(
    file: Path | None,
    urn: int,
    group: str | None,
    on: datetime | None,
    without: str | None,
    by: Actor,
    as_json: bool,
) -> None:
    """Record what was handed over, from a filled-in hand-out list or for a whole class.

    Yes counts as confirmed. After no, the letter goes by the next way. You can repeat this: nothing counts twice.
    """
    if (file is None) == (group is None) or (file is not None and without is not None):
        raise WhichCopies(
            "Say what is meant: a hand-out list or a class.",
            "Give a file, or --class with --except for those who got no copy.",
        )
    prepare()
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs, words_for_class
    from everyfamily.mailings.messages.hand_out_lists import read_hand_out_list
    from everyfamily.people.edges.roll_imports import read_file

    school_id, now = school_id_of(urn), datetime.now(UTC)
    day: date | None = on.date() if on else None
    if file is not None:
        words = read_hand_out_list(read_file(file), file=file.name)
        words = [replace(word, on=word.on or day) for word in words]
    else:
        words = words_for_class(
            school_id, group=group or "", on=day or now.date(), without=_ids(without), now=now
        )
    recorded = record_hand_outs(school_id, words, by=by, now=now, file=file.name if file else "")
    if as_json:
        click.echo(json.dumps(asdict(recorded)))
        return
    click.echo(
        f"Recorded: {_copies(recorded.handed_over)} handed over, {recorded.not_handed_over:,} not handed over, "
        f"{recorded.came_back:,} came back."
    )
    if recorded.before:
        click.echo(f"{_copies(recorded.before)} were recorded before, and nothing changed.")
    if recorded.not_handed_over or recorded.came_back:
        click.echo("Families without a copy are written to by the next way.")
    if not words:
        click.echo("The list is still empty: write yes, no or returned under handed_over.")


@hand_outs.command(name="bin-sheet")
@school_option
@click.option("--reference", required=True, help="Reference of the withdrawn letter.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF to write.")
def write_bin_sheet(urn: int, reference: str, out: Path) -> None:
    """Write a sheet for a school that has copies of a withdrawn letter. It lists them by class and names no child."""
    prepare()
    from everyfamily.mailings.messages.bin_sheets import bin_sheet
    from everyfamily.mailings.queries.mailings import mailing_of_letter

    pdf = bin_sheet(mailing_of_letter(reference).id, school_id_of(urn), now=datetime.now(UTC))
    try:
        out.write_bytes(pdf)
    except OSError as problem:
        raise SheetNotWritten(
            f"The sheet could not be written ({(problem.strerror or 'unknown reason').lower()}).",
            "Name a file in a folder that is there and that you may write to.",
        ) from problem
    click.echo(f"Print it and give it to the school today: {out}")


@hand_outs.command()
@school_option
@by_option("Who says so")
@json_option
def binned(urn: int, by: Actor, as_json: bool) -> None:
    """Record that the school has binned every copy of withdrawn letters that was not handed over.

    First record the classes that had already handed out their copies: `everyfamily hand-outs record`. Their
    families get the correction. The others get the letter that replaces it.
    """
    prepare()
    from everyfamily.mailings.actions.paper.hand_outs import record_hand_outs, words_to_bin

    school_id = school_id_of(urn)
    recorded = record_hand_outs(school_id, words_to_bin(school_id), by=by, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"binned": recorded.not_handed_over}))
        return
    click.echo(f"Recorded: {_copies(recorded.not_handed_over)} binned. Nobody had them, and the task is closed.")


def _ids(without: str | None) -> Sequence[str]:
    return [one.strip() for one in (without or "").split(",") if one.strip()]


def _copies(count: int) -> str:
    return f"{count:,} copy" if count == 1 else f"{count:,} copies"


def _called(group: str) -> str:
    return f"class {value(group)}" if group else "no class in the school's file"


COMMANDS: tuple[click.Command, ...] = (hand_outs,)
"""In the order of the help."""
