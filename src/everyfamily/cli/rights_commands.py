"""What a school's lead says of its people: that all is right as of now, and who may be written to.

A link is given by a number that a list shows: a name on a command line stays in the shell's history.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from everyfamily.cli.rows import as_json_rows, school_id_of
from everyfamily.cli.shown import of, value
from everyfamily.cli.who_acts import named
from everyfamily.config.start import prepare

_school = click.option("--school", "urn", type=int, required=True, help="The school's URN.")
_by = click.option("--by", required=True, callback=named, help="Who decides; goes to the audit trail.")
_SHARED = {"email": "in the inbox", "text": "on the phone", "post": "at the home"}
NOT_SEEN = (
    "What everyfamily cannot see: what another school knows of a court order, and who else lives in the home that a "
    "copy goes to in a school bag. If an order is new, ring the family's other schools."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value and nothing else.")


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
    click.echo(NOT_SEEN)
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
    links = links_to_review(school_id_of(urn), now=datetime.now(UTC), shown=shown)
    if as_json_rows(links, as_json):
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

    reviewed = review_restriction(school_id_of(urn), link=link, decision=decision, by=by, now=datetime.now(UTC))
    click.echo(f"Link {link} was: {reviewed.was}. It is now: {decision}. Open mailings follow at once.")
    if reviewed.also_held:
        click.echo(
            f"{of(reviewed.also_held, 'link')} of the same name, at another address, may be the same adult: held "
            "until you decide about each."
        )


@restrictions.command(name="shared")
@_school
@_json
def list_shared(urn: int, as_json: bool) -> None:
    """Ways closed because somebody shares them who may not have the letter, with names: for the school's lead."""
    prepare()
    from everyfamily.people.actions.shared_homes import shared_ways

    ways = shared_ways(school_id_of(urn), now=datetime.now(UTC))
    if as_json_rows(ways, as_json):
        return
    for way in ways:
        doubt = ": perhaps another home, only one of the addresses names a flat" if way.is_doubted else ""
        children = ", ".join(value(pupil) for pupil in way.pupils)
        click.echo(
            f"way {way.way}: {value(way.adult_name)} (child {children}), {_SHARED[way.channel]} of somebody who may "
            f"not have the letter{doubt}"
        )
    if not ways:
        click.echo("No way is closed because somebody shares it who may not have the letter.")
        return
    click.echo(f"{of(len(ways), 'way')}. The letter goes to these adults by another way, or not at all.")
    click.echo("If a home is another home, a named person says so, one at a time:")
    click.echo(f'  everyfamily restrictions tell-apart --school {urn} --way NUMBER --by "First Last"')


@restrictions.command(name="tell-apart")
@_school
@click.option("--way", type=int, required=True, help="The home's number in `restrictions shared`.")
@_by
def tell_homes_apart(urn: int, way: int, by: str) -> None:
    """Say that a home is not that of the adult who may not have the letter. It counts for that adult only."""
    prepare()
    from everyfamily.people.actions.shared_homes import tell_apart

    tell_apart(school_id_of(urn), way=way, by=by, now=datetime.now(UTC))
    click.echo(f"Way {way} is another home: letters may go there. Open mailings follow at once.")


COMMANDS: tuple[click.Command, ...] = (attest, restrictions)
"""In the order of the help."""
