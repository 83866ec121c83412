"""An adult wants no letters by one way, and the next way follows."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.rows import as_json_rows, school_id_of
from everyfamily.cli.console.shown import value
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError


class WhichChannel(EveryfamilyError):
    """An adult was given without a channel, or the other way round."""

    code = "EF650"


@click.command(name="opt-out")
@school_option
@click.option("--pupil", "own_id", required=True, help="The child's id in the school's own records.")
@click.option("--adult", type=int, help="The adult's number. If not given, the adults of the child are shown.")
@click.option("--channel", type=click.Choice(["email", "text", "post"]), help="The way that they do not want.")
@click.option("--undo", is_flag=True, help="The adult may be written to by this way again.")
@by_option("Who records it")
@json_option
def opt_out(
    urn: int, own_id: str, adult: int | None, channel: str | None, undo: bool, by: Actor, as_json: bool
) -> None:
    """Record that an adult wants nothing by email, text or post. The letter then goes by the next way. This
    also counts for new addresses and numbers.

    To stop all letters to an adult, use `everyfamily objects`.
    """
    prepare()
    from everyfamily.people.actions.decided.objections import adults_of_pupil, require_adult_of_pupil
    from everyfamily.people.actions.decided.opt_outs import opt_out as record
    from everyfamily.people.actions.decided.opt_outs import opt_outs_of, undo_opt_out
    from everyfamily.people.actions.keeping.leavers import pupil_by_own_id

    if (adult is None) != (channel is None):
        raise WhichChannel(
            "An adult and a channel belong together.", "Give both --adult NUMBER and --channel, or neither."
        )
    school_id, now = school_id_of(urn), datetime.now(UTC)
    pupil = pupil_by_own_id(school_id, own_id, now=now)
    if adult is None or channel is None:
        found = adults_of_pupil(school_id, pupil=pupil, now=now)
        outs = opt_outs_of(school_id, adults=[one.adult for one in found])
        if as_json_rows(outs, as_json):
            return
        by_adult = {one.adult: one.channels for one in outs}
        for one in found:
            said = f", no {' and no '.join(by_adult[one.adult])}" if by_adult[one.adult] else ""
            click.echo(f"adult {one.adult}: {value(one.name)} ({one.relationship}){said}")
        click.echo("Say which with --adult NUMBER --channel email, text or post.")
        return
    require_adult_of_pupil(school_id, pupil=pupil, adult=adult)
    changed = (undo_opt_out if undo else record)(school_id, adult=adult, channel=channel, by=by, now=now)
    if as_json:
        click.echo(json.dumps({"adult": adult, "channel": channel, "opted_out": not undo, "changed": changed}))
    elif not changed:
        click.echo("They had not opted out of this channel." if undo else "That was already recorded.")
    elif undo:
        click.echo(f"Recorded. This adult may be written to by {channel} again.")
    else:
        click.echo(f"Recorded. Nothing more goes to this adult by {channel}. The letter goes by the next way.")


COMMANDS: tuple[click.Command, ...] = (opt_out,)
"""In the order of the help."""
