"""What becomes known about a family: children who left or died, and adults who object.

A child is given by the school's own id, and an adult by a number from a list, because a name on a command line stays in
the shell's history.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.rows import as_json_rows, school_id_of
from everyfamily.cli.console.shown import of, value
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError

_by = by_option("Who decides")
_pupil = click.option("--pupil", "own_id", required=True, help="The child's id in the school's own records.")
_pupils = click.option(
    "--pupil",
    "own_ids",
    multiple=True,
    help="A child's id in the school's own records. Repeat it for several.",
)


class WhichChildren(EveryfamilyError):
    """Some children or all proposed ones: give one of the two, not both."""

    code = "EF246"


@click.group()
def leavers() -> None:
    """Say whether children who are not in the newest roll have left."""


@leavers.command(name="list")
@school_option
@json_option
def list_leavers(urn: int, as_json: bool) -> None:
    """Show the children who are proposed as leavers. They stay on the roll until you decide."""
    prepare()
    from everyfamily.people.actions.keeping.leavers import proposed_leavers

    found = proposed_leavers(school_id_of(urn), now=datetime.now(UTC))
    if as_json_rows(found, as_json):
        return
    for child in found:
        in_class = f", class {value(child.class_name)}" if child.class_name else ""
        click.echo(f"child {value(child.own_id)}{in_class}: not in the roll of {child.proposed_at:%-d %B %Y}")
    if not found:
        click.echo("No child is proposed as a leaver.")
        return
    click.echo(f"{of(len(found), 'child')}. Say for each child whether they have left:")
    click.echo(f"  everyfamily leavers confirm --school {urn} --pupil ID --by NAME   (or --all)")
    click.echo(f"  everyfamily leavers keep --school {urn} --pupil ID --by NAME")


@leavers.command()
@school_option
@_pupils
@click.option("--all", "every", is_flag=True, help="All children who are proposed.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day they left. Today if not given.")
@click.option("--although-many", is_flag=True, help="With --all: more than half of the school has left.")
@_by
def confirm(
    urn: int, own_ids: Sequence[str], every: bool, on: datetime | None, although_many: bool, by: Actor
) -> None:
    """Say that they have left. Names and contact values of adults without another child here are deleted at once."""
    if bool(own_ids) == every:
        raise WhichChildren(
            "Say which children have left.", "Give --pupil ID for each, or --all who are proposed."
        )
    prepare()
    from everyfamily.people.actions.keeping.leavers import confirm_leavers

    school_id, now = school_id_of(urn), datetime.now(UTC)
    chosen = None if every else _pupil_numbers(school_id, own_ids, now)
    day: date = on.date() if on else now.date()
    left = confirm_leavers(school_id, pupils=chosen, by=by, on=day, now=now, although_many=although_many)
    click.echo(f"Left: {of(left, 'child')}.")


@leavers.command()
@school_option
@_pupils
@_by
def keep(urn: int, own_ids: Sequence[str], by: Actor) -> None:
    """Say that they have not left, although they are not in the newest roll."""
    if not own_ids:
        raise WhichChildren("Say which children stay.", "Give --pupil ID for each.")
    prepare()
    from everyfamily.people.actions.keeping.leavers import keep_pupils

    school_id, now = school_id_of(urn), datetime.now(UTC)
    kept = keep_pupils(school_id, pupils=_pupil_numbers(school_id, own_ids, now), by=by, now=now)
    if kept:
        click.echo(f"Kept on the roll: {of(kept, 'child')}.")
    else:
        click.echo("None of them was proposed as a leaver: they are already on the roll.")


@click.command()
@school_option
@_pupil
@click.option("--mistake", is_flag=True, help="It was recorded for the wrong child: take it back.")
@_by
def died(urn: int, own_id: str, mistake: bool, by: Actor) -> None:
    """Record that a child has died: from now on no mailing sends anything because of this child."""
    prepare()
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id, record_death, take_back_death

    school_id, now = school_id_of(urn), datetime.now(UTC)
    if mistake:
        take_back_death(school_id, own_id=own_id, by=by, now=now)
        click.echo("Taken back. The next roll brings back what was deleted: import it.")
        return
    record_death(school_id, pupil=pupil_by_own_id(school_id, own_id, now=now), by=by, now=now)
    click.echo("Recorded. Nothing more is sent because of this child.")
    click.echo(
        "Brothers and sisters: an adult who has another child here still gets the letter, unless they object."
    )


@click.command()
@school_option
@_pupil
@click.option("--adult", type=int, help="The adult's number. If not given, the adults of the child are shown.")
@click.option("--lift", is_flag=True, help="The adult wants the letters after all.")
@by_option("Who records it", required=False)
@json_option
def objects(urn: int, own_id: str, adult: int | None, lift: bool, by: Actor, as_json: bool) -> None:
    """Record that an adult wants no more letters of this kind. Do not ask for a reason."""
    prepare()
    from everyfamily.people.actions.decided.objections import (
        adults_of_pupil,
        lift_objection,
        namesakes_of,
        record_objection,
        require_adult_of_pupil,
    )
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id

    school_id, now = school_id_of(urn), datetime.now(UTC)
    pupil = pupil_by_own_id(school_id, own_id, now=now)
    if adult is None:
        found = adults_of_pupil(school_id, pupil=pupil, now=now)
        if not as_json_rows(found, as_json):
            for one in found:
                said = f", objected on {one.objects_at:%-d %B %Y}" if one.objects_at else ""
                click.echo(f"adult {one.adult}: {value(one.name)} ({one.relationship}){said}")
            click.echo("Say which with --adult NUMBER.")
        return
    require_adult_of_pupil(school_id, pupil=pupil, adult=adult)
    change = lift_objection if lift else record_objection
    changed = change(school_id, adult=adult, by=by, now=now)
    if as_json:
        click.echo(json.dumps({"adult": adult, "objects": not lift, "changed": changed}))
    elif not changed:
        click.echo("That was already recorded.")
    else:
        word = (
            "They get letters again. A restriction still counts." if lift else "No more letters go to this adult."
        )
        click.echo(f"Recorded. {word}")
    if not (as_json or lift):
        for other in namesakes_of(school_id, adult=adult, now=now):
            child = value(other.pupil)
            click.echo(
                f"Of the same name, at another address: adult {other.adult} beside child {child}. No letter goes to"
            )
            click.echo("them until somebody decides. If it is the same person, record it for them too:")
            click.echo(f"  everyfamily objects --school {urn} --pupil {child} --adult {other.adult}")
            click.echo(f"If it is somebody else: everyfamily restrictions list --school {urn}, and decide: none.")


def _pupil_numbers(school_id: int, own_ids: Sequence[str], now: datetime) -> list[int]:
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id

    return [pupil_by_own_id(school_id, own_id, now=now) for own_id in own_ids]


COMMANDS: tuple[click.Command, ...] = (leavers, died, objects)
"""In the order of the help."""
