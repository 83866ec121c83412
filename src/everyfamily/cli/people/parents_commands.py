"""Who is a parent or carer, if the school's file says neither responsibility nor care."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.shown import value
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor

_link = click.option("--link", type=int, required=True, help="The link's number in the list.")
_by = by_option("Who decides")


@click.group()
def parents() -> None:
    """List the adults whom the school's file does not call parents or carers, and say whether they are."""


@parents.command(name="list")
@school_option
@click.option("--said", is_flag=True, help="Show those whom a person has decided about, to find a mistake.")
@json_option
def list_unclear(urn: int, said: bool, as_json: bool) -> None:
    """Show adults who wait because nobody has said that they are a parent or carer, with names, for the
    school's lead."""
    prepare()
    from everyfamily.people.actions.decided.responsibility import unclear_links
    from everyfamily.people.queries import school_by_urn

    links = unclear_links(school_by_urn(urn).id, now=datetime.now(UTC), said=said)
    if as_json:
        click.echo(json.dumps([asdict(link) for link in links], ensure_ascii=False))
        return
    for link in links:
        click.echo(
            f"link {link.link}: child {value(link.pupil)}, {value(link.adult_name)} ({value(link.relationship)}): "
            f"responsibility {link.parental_responsibility}, care {link.has_care}"
            + (f"; {value(link.said_by)} said {link.said}" if link.said else "")
        )
    if not links:
        click.echo("Nobody has said it of anyone." if said else "No adult waits for this.")
        return
    click.echo(
        f"{len(links):,} link{'s' if len(links) > 1 else ''}. A link is one adult of one child. To decide about one:"
    )
    click.echo(f'  everyfamily parents confirm --school {urn} --link NUMBER --by "First Last"')
    click.echo("  (or deny)")
    if not said:
        click.echo(
            "If the list has only parents and carers, you can decide about all of them at once:\n"
            f'  everyfamily attest --school {urn} --by "First Last" --parents-checked'
        )


@parents.command()
@school_option
@_link
@_by
def confirm(urn: int, link: int, by: Actor) -> None:
    """Say that this adult is a parent or carer of this child. A restriction still counts."""
    _say(urn, link, by, is_one=True)
    click.echo(f"Link {link}: a parent or carer. Open mailings follow at once.")


@parents.command()
@school_option
@_link
@_by
def deny(urn: int, link: int, by: Actor) -> None:
    """Say that this adult is not a parent or carer of this child, for example an emergency contact, and gets no
    letter."""
    _say(urn, link, by, is_one=False)
    click.echo(f"Link {link}: not a parent or carer. No letter goes about this child.")


def _say(urn: int, link: int, by: Actor, *, is_one: bool) -> None:
    prepare()
    from everyfamily.people.actions.decided.responsibility import say_parent_or_carer
    from everyfamily.people.queries import school_by_urn

    say_parent_or_carer(school_by_urn(urn).id, link=link, is_one=is_one, by=by, now=datetime.now(UTC))


COMMANDS: tuple[click.Command, ...] = (parents,)
"""In the order of the help."""
