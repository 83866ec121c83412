"""What a school's lead decides about people: restrictions, leavers, deaths, objections.

A child is given by the school's own id and an adult by a number that a list shows: a name on a command line stays in
the shell's history.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

import click

from everyfamily.cli.shown import of, value
from everyfamily.cli.who_acts import named
from everyfamily.config.start import prepare
from everyfamily.core.errors import EveryfamilyError

_school = click.option("--school", "urn", type=int, required=True, help="The school's URN.")
_by = click.option("--by", required=True, callback=named, help="Who decides; goes to the audit trail.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value and nothing else.")
_pupil = click.option("--pupil", "own_id", required=True, help="The child's id in the school's own records.")
_pupils = click.option(
    "--pupil",
    "own_ids",
    multiple=True,
    help="A child's id in the school's own records; may stand more than once.",
)


class WhichChildren(EveryfamilyError):
    """Some children or all who are proposed, not neither and not both."""

    code = "EF246"


@click.command()
@_school
@click.option("--by", required=True, callback=named, help="Name of the school's lead; goes to the audit trail.")
@click.option(
    "--restrictions-checked",
    "checked",
    is_flag=True,
    help="The lead has looked: who is not marked in the school's records has no restriction.",
)
@click.option(
    "--parents-checked",
    is_flag=True,
    help="The lead has looked: who is listed without a word of responsibility or care is a parent or carer.",
)
@_json
def attest(urn: int, by: str, checked: bool, parents_checked: bool, as_json: bool) -> None:
    """A school's lead says that its restrictions, leavers and deaths are right as of now.

    It counts for 24 hours: a wave that begins later holds the school until its lead attests again. Where the file said
    nothing of restrictions, families hold until the lead says so too, with --restrictions-checked. Where it said
    nothing of responsibility and care, adults wait until the lead says that they are parents or carers, with
    --parents-checked.
    """
    prepare()
    from everyfamily.people.actions import attest_school
    from everyfamily.people.actions.responsibility import attest_parents, unclear_count
    from everyfamily.people.actions.restrictions import attest_restrictions, links_not_said
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn)
    now = datetime.now(UTC)
    attest_school(school.id, by=by, now=now)
    lifted = attest_restrictions(school.id, by=by, now=now) if checked else 0
    parents = attest_parents(school.id, by=by, now=now) if parents_checked else 0
    left, unclear = links_not_said(school.id), unclear_count(school.id)
    if as_json:
        counts = {"lifted": lifted, "not_said": left, "parents": parents, "parents_not_said": unclear}
        click.echo(json.dumps({"attested_at": now.isoformat()} | counts))
        return
    click.echo(f"Attested for {school.name}; it counts for 24 hours.")
    if school.sends != "us":
        click.echo("This school sends the letter itself, so nothing of ours waits for it.")
    if lifted:
        click.echo(f"{of(lifted, 'link')} said nothing; by your word they have no restriction.")
    elif checked:
        click.echo("No link waited for this word about restrictions, so nothing changed.")
    elif left:
        click.echo(
            f"{of(left, 'link')} said nothing of restrictions: they hold. Look in the school's records, then attest "
            "with --restrictions-checked."
        )
    if parents_checked and not parents:
        click.echo("No link waited for this word about parents and carers, so nothing changed.")
    elif parents_checked:
        click.echo(
            f"{of(parents, 'link')} said neither responsibility nor care; by your word they are parents or carers."
        )
    if unclear:
        click.echo(
            f"Of {of(unclear, 'link')} nobody has said that the adult is a parent or carer: they wait. See them with "
            f"`everyfamily parents list --school {urn}`"
            + ("." if parents_checked else "; if all are, attest with --parents-checked.")
        )
    click.echo(f"Who still waits for a decision: everyfamily restrictions list --school {urn}")


@click.group()
def restrictions() -> None:
    """Who may be written to: what waits for the lead's decision, and the decision."""


@restrictions.command(name="list")
@_school
@click.option("--stale", "which", flag_value="stale", help="Those closed or opened by a person over a term ago.")
@click.option("--closed", "which", flag_value="closed", help="Every link that is not open, decided or not.")
@_json
def list_restrictions(urn: int, which: str | None, as_json: bool) -> None:
    """Links that wait for a decision, with names: for the school's lead."""
    prepare()
    from everyfamily.people.actions.restrictions import LinksShown, links_to_review

    shown = LinksShown(which or "waiting")
    links = links_to_review(_school_id(urn), now=datetime.now(UTC), shown=shown)
    if _as_json(links, as_json):
        return
    for link in links:
        why = f" ({link.reason})" if link.reason else ""
        when = f", since {link.since:%-d %B %Y}" if link.since else ""
        who = f", decided by {link.reviewed_by}" if link.reviewed_by else ""
        click.echo(
            f"link {link.link}: child {value(link.pupil)}, {value(link.adult_name)} ({link.relationship}): "
            f"{link.restriction}{why}{when}{value(who, blank='')}"
        )
    _say_how_to_decide(urn, len(links), shown.value)


def _say_how_to_decide(urn: int, count: int, shown: str) -> None:
    words = {"waiting": "waits for a decision", "stale": "is to be looked at again", "closed": "is closed"}
    if not count:
        click.echo(f"No link {words[shown]}.")
        return
    click.echo(f"{of(count, 'link')}. A link is one adult beside one child. To decide about one:")
    click.echo(f'  everyfamily restrictions decide --school {urn} --link NUMBER none --by "First Last"')
    click.echo('  (or hold, or "do not send")')


@restrictions.command()
@_school
@click.option("--link", type=int, required=True, help="The link's number in the list.")
@click.argument("decision", type=click.Choice(["none", "hold", "do not send"]))
@_by
def decide(urn: int, link: int, decision: str, by: str) -> None:
    """Decide about one link. What was closed is opened by a named person only."""
    prepare()
    from everyfamily.people.actions.restrictions import review_restriction

    reviewed = review_restriction(_school_id(urn), link=link, decision=decision, by=by, now=datetime.now(UTC))
    click.echo(f"Link {link} was: {reviewed.was}. It is now: {decision}. Open mailings follow at once.")
    if reviewed.also_held:
        click.echo(
            f"{of(reviewed.also_held, 'link')} of the same name, at another address, may be the same adult: held "
            "until you decide about each."
        )


@click.group()
def leavers() -> None:
    """Children whom the newest roll did not have: have they left?"""


@leavers.command(name="list")
@_school
@_json
def list_leavers(urn: int, as_json: bool) -> None:
    """Children who are proposed as left. They stay on the roll until you say."""
    prepare()
    from everyfamily.people.actions.leavers import proposed_leavers

    found = proposed_leavers(_school_id(urn), now=datetime.now(UTC))
    if _as_json(found, as_json):
        return
    for child in found:
        in_class = f", class {value(child.class_name)}" if child.class_name else ""
        click.echo(f"child {value(child.own_id)}{in_class}: not in the roll of {child.proposed_at:%-d %B %Y}")
    if not found:
        click.echo("No child is proposed as left.")
        return
    click.echo(f"{of(len(found), 'child')}. Say of each whether it has left:")
    click.echo(f"  everyfamily leavers confirm --school {urn} --pupil ID --by NAME   (or --all)")
    click.echo(f"  everyfamily leavers keep --school {urn} --pupil ID --by NAME")


@leavers.command()
@_school
@_pupils
@click.option("--all", "every", is_flag=True, help="All who are proposed.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day they left; today without it.")
@click.option("--although-many", is_flag=True, help="With --all: more than half of the school has left.")
@_by
def confirm(
    urn: int, own_ids: Sequence[str], every: bool, on: datetime | None, although_many: bool, by: str
) -> None:
    """They have left. Adults without another child here lose their name and contact values at once."""
    if bool(own_ids) == every:
        raise WhichChildren(
            "Say which children have left.", "Give --pupil ID for each, or --all who are proposed."
        )
    prepare()
    from everyfamily.people.actions.leavers import confirm_leavers

    school_id, now = _school_id(urn), datetime.now(UTC)
    chosen = None if every else _pupil_numbers(school_id, own_ids, now)
    day: date = on.date() if on else now.date()
    left = confirm_leavers(school_id, pupils=chosen, by=by, on=day, now=now, although_many=although_many)
    click.echo(f"Left: {of(left, 'child')}.")


@leavers.command()
@_school
@_pupils
@_by
def keep(urn: int, own_ids: Sequence[str], by: str) -> None:
    """They have not left, although the newest roll did not have them."""
    if not own_ids:
        raise WhichChildren("Say which children stay.", "Give --pupil ID for each.")
    prepare()
    from everyfamily.people.actions.leavers import keep_pupils

    school_id, now = _school_id(urn), datetime.now(UTC)
    kept = keep_pupils(school_id, pupils=_pupil_numbers(school_id, own_ids, now), by=by, now=now)
    if kept:
        click.echo(f"Kept on the roll: {of(kept, 'child')}.")
    else:
        click.echo("None of them was proposed as left: they are on the roll already.")


@click.command()
@_school
@_pupil
@click.option("--mistake", is_flag=True, help="It was recorded of the wrong child: take it back.")
@_by
def died(urn: int, own_id: str, mistake: bool, by: str) -> None:
    """A child has died: nothing more is sent because of this child, in any mailing, from this moment."""
    prepare()
    from everyfamily.people.actions.leavers import pupil_by_own_id, record_death, take_back_death

    school_id, now = _school_id(urn), datetime.now(UTC)
    if mistake:
        take_back_death(school_id, own_id=own_id, by=by, now=now)
        click.echo("Taken back. What was cleared comes back with the next roll: import it.")
        return
    record_death(school_id, pupil=pupil_by_own_id(school_id, own_id, now=now), by=by, now=now)
    click.echo("Recorded. Nothing more is sent because of this child.")
    click.echo(
        "Brothers and sisters: an adult who has another child here still gets the letter, unless they object."
    )


@click.command()
@_school
@_pupil
@click.option("--adult", type=int, help="The adult's number; without it, the adults of the child are shown.")
@click.option("--lift", is_flag=True, help="The adult wants the letters after all.")
@click.option(
    "--by",
    default=lambda: os.environ.get("USER", "operator"),
    callback=named,
    help="Who records it; goes to the audit trail.",
)
@_json
def objects(urn: int, own_id: str, adult: int | None, lift: bool, by: str, as_json: bool) -> None:
    """An adult wants no more letters of this kind. No reason is asked."""
    prepare()
    from everyfamily.people.actions.leavers import pupil_by_own_id
    from everyfamily.people.actions.objections import (
        adults_of_pupil,
        lift_objection,
        namesakes_of,
        record_objection,
        require_adult_of_pupil,
    )

    school_id, now = _school_id(urn), datetime.now(UTC)
    pupil = pupil_by_own_id(school_id, own_id, now=now)
    if adult is None:
        found = adults_of_pupil(school_id, pupil=pupil, now=now)
        if not _as_json(found, as_json):
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
        click.echo("That was recorded before.")
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
            click.echo("them until somebody says. If it is the same person, record it of them too:")
            click.echo(f"  everyfamily objects --school {urn} --pupil {child} --adult {other.adult}")
            click.echo(f"If it is somebody else: everyfamily restrictions list --school {urn}, and decide: none.")


def _school_id(urn: int) -> int:
    from everyfamily.people.queries import school_by_urn

    return school_by_urn(urn).id


def _pupil_numbers(school_id: int, own_ids: Sequence[str], now: datetime) -> list[int]:
    from everyfamily.people.actions.leavers import pupil_by_own_id

    return [pupil_by_own_id(school_id, own_id, now=now) for own_id in own_ids]


def _as_json(rows: Sequence[object], as_json: bool) -> bool:
    if as_json:
        click.echo(json.dumps([_plain(asdict(row)) for row in rows], ensure_ascii=False))  # type: ignore[call-overload]
    return as_json


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


COMMANDS: tuple[click.Command, ...] = (attest, restrictions, leavers, died, objects)
"""In the order of the help."""
