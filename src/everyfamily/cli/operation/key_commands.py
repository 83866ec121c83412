"""Keys: the master key, the schools' keys, rotation, destruction."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from everyfamily.cli.console.options import by_option, json_option, school_option
from everyfamily.cli.console.shown import of
from everyfamily.cli.console.who_acts import named
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError

_by = by_option("Who does it", required=False)


class DestructionNotConfirmed(EveryfamilyError):
    """What cannot be undone needs an extra word."""

    code = "EF416"


class SecondNotNamed(EveryfamilyError):
    """A school's key is destroyed by two people."""

    code = "EF663"


class WhichSchools(EveryfamilyError):
    """One school or all of them: give one of the two, not both."""

    code = "EF417"


@click.command(name="master-key")
@click.argument("out", type=click.Path(path_type=Path))
def make_master_key(out: Path) -> None:
    """Make the key that wraps the schools' keys, in the file OUT. Keep it outside the data folder, and keep a copy."""
    from everyfamily.people.keys.master_key_file import make_key_file

    make_key_file(out, os.environ)
    click.echo(f"Set EVERYFAMILY_MASTER_KEY_FILE={out.resolve()} on every machine that uses the database.")


@click.group()
def keys() -> None:
    """See the master key's versions and each school's own key, and renew, rotate or destroy them."""


@keys.command()
@json_option
def status(as_json: bool) -> None:
    """Show what each version of the master key wraps, and which schools have no key or a destroyed one."""
    prepare()
    from everyfamily.mailings.actions.keys.master_key import wrapped_by_version
    from everyfamily.people.keys.school_keys import keys_of_schools, master_key

    master = master_key()
    schools = list(keys_of_schools())
    without = [key.urn for key in schools if key.state is None]
    destroyed = [key.urn for key in schools if key.state and key.state.destroyed_at]
    versions = wrapped_by_version()
    if as_json:
        rows = [
            {
                "version": version,
                "here": version in master.versions,
                "schools": wrapped.schools,
                "mailings": wrapped.mailings,
            }
            for version, wrapped in versions.items()
        ]
        click.echo(
            json.dumps(
                {"newest": master.version, "master_keys": rows, "without_key": without, "destroyed": destroyed}
            )
        )
        return
    for version, wrapped in versions.items():
        here = "newest" if version == master.version else "here" if version in master.versions else "NOT HERE"
        click.echo(
            f"Master key {version} ({here}): wraps the keys of {of(wrapped.schools, 'school')}, "
            f"{of(wrapped.mailings, 'mailing')}."
        )
    click.echo(f"Without a key, because no roll came in: {_urns(without)}.")
    click.echo(f"Destroyed: {_urns(destroyed)}.")


def _urns(urns: list[int]) -> str:
    shown = ", ".join(map(str, urns[:20])) + (" and more" if len(urns) > 20 else "")
    return f"{len(urns)} ({shown})" if urns else "none"


@keys.command(name="new-master")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--although-lost",
    is_flag=True,
    help="Say that no file has the version any more that was made but is not in FILE.",
)
@_by
def new_master(file: Path, although_lost: bool, by: Actor) -> None:
    """Add the next version of the master key to the key FILE. New keys are wrapped by it from now on."""
    prepare()
    from everyfamily.mailings.actions.keys.master_key import add_master_version

    version = add_master_version(file, by=by, now=datetime.now(UTC), although_lost=although_lost)
    click.echo(f"{file.name} now has version {version}, next to the older ones.")
    click.echo("Copy it to every machine that uses the database, then run `everyfamily keys rewrap`.")


@keys.command()
@_by
@json_option
def rewrap(by: Actor, as_json: bool) -> None:
    """Wrap the key of every school and every mailing by the newest master key. You can stop this and run it again."""
    prepare()
    from everyfamily.mailings.actions.keys.master_key import rewrap_every_key, wrapped_by_version
    from everyfamily.people.keys.school_keys import master_key

    done = rewrap_every_key(by=by, now=datetime.now(UTC))
    unused = [
        version
        for version, wrapped in wrapped_by_version().items()
        if version != master_key().version and not wrapped.schools and not wrapped.mailings
    ]
    if as_json:
        click.echo(json.dumps({"schools": done.schools, "mailings": done.mailings, "unused": unused}))
        return
    click.echo(
        f"Wrapped again by version {master_key().version}: {of(done.schools, 'school')}, "
        f"{of(done.mailings, 'mailing')}."
    )
    for version in unused:
        click.echo(
            f"Version {version} is no longer used. Older backups need it: keep a copy for as long as you keep "
            f"them, then run `everyfamily keys forget-master {version}`."
        )


@keys.command()
@_by
def reseal(by: Actor) -> None:
    """Encrypt second factors again under the newest key for sign-in. You can stop this and run it again."""
    prepare()
    from everyfamily.staff.doors.sealing_again import seal_again

    done = seal_again(by=by, now=datetime.now(UTC))
    click.echo(
        f"Encrypted again under the key for sign-in of today: {of(done, 'secret')}. None needs an earlier key now."
    )


@keys.command(name="forget-master")
@click.argument("version", type=int)
@_by
def forget_master(version: int, by: Actor) -> None:
    """Take VERSION of the master key out of the key file, once nothing is wrapped by it."""
    prepare()
    from everyfamily.mailings.actions.keys.master_key import forget_master_version

    forget_master_version(version, by=by, now=datetime.now(UTC))
    click.echo(
        f"Version {version} is no longer in the key file. Backups that it wrapped cannot be read with this file."
    )


@keys.command()
@click.option("--school", "urn", type=int, help="The school's URN.")
@click.option("--all", "every", is_flag=True, help="Every school that has a key.")
@_by
@json_option
def rotate(urn: int | None, every: bool, by: Actor, as_json: bool) -> None:
    """Give a school a new key for its values, and encrypt every value again, in one transaction for each school."""
    if (urn is None) != every:
        raise WhichSchools("Give one school, or all of them.", "Give --school URN, or --all.")
    prepare()
    from everyfamily.people.actions.keeping.key_rotation import clean_up_after_key_change, rotate_school_key

    chosen = _with_key() if urn is None else {urn: _school_id(urn)}
    values = 0
    for number, (which, school_id) in enumerate(chosen.items(), start=1):
        rotation = rotate_school_key(school_id, by=by, now=datetime.now(UTC))
        values += rotation.values
        if not as_json:
            click.echo(
                f"{number} of {len(chosen)}: school {which} has key {rotation.version}; values encrypted again: "
                f"{rotation.values}."
            )
    clean_up_after_key_change()
    if as_json:
        click.echo(json.dumps({"schools": len(chosen), "values": values}))


@keys.command()
@school_option
@click.option("--yes", is_flag=True, help="Confirm: this cannot be undone.")
@click.option("--agreed-by", callback=named, help="Who agreed to it: somebody else.")
@click.option(
    "--although-open",
    is_flag=True,
    help="Also while a mailing with this school is open, for a key that does not open any more.",
)
@_by
def destroy(urn: int, yes: bool, agreed_by: Actor | None, although_open: bool, by: Actor) -> None:
    """Destroy a school's key: nobody can read the data of its people any more, and its mailings are on hold.

    It takes two people: --by asks for it, and --agreed-by is somebody else who agreed. A school's own people can do it
    in a browser.
    """
    if not yes:
        raise DestructionNotConfirmed(
            f"This makes everything about the people of school {urn} unreadable, for good.",
            "Note its restrictions first (`everyfamily restrictions list --closed`), then run it again with --yes.",
        )
    if agreed_by is None:
        raise SecondNotNamed("Two people must agree to this, and one is named.", "Name the other: --agreed-by.")
    prepare()
    from everyfamily.mailings.actions.keys.destroying import destroy_school_key
    from everyfamily.people.actions.keeping.key_rotation import clean_up_after_key_change

    school_id = _school_id(urn)
    destroy_school_key(school_id, by=by, agreed_by=agreed_by, now=datetime.now(UTC), although_open=although_open)
    clean_up_after_key_change()
    click.echo(
        f"The key of school {urn} is destroyed. Backups of the database still have it, wrapped, until you delete them."
    )


@keys.command()
@school_option
@_by
@json_option
def renew(urn: int, by: Actor, as_json: bool) -> None:
    """Give a school whose key was destroyed a new one, so that its roll can be imported again."""
    prepare()
    from everyfamily.people.actions.keeping.key_rotation import renew_school_key

    lost = renew_school_key(_school_id(urn), by=by, now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps({"children": lost.children, "restrictions": lost.restrictions}))
        return
    click.echo(
        f"School {urn} has a new key. Import its roll; {of(lost.children, 'child')} of the old one left the roll."
    )
    click.echo(
        f"Links that were on hold or not to be sent to, and are not known any more: {lost.restrictions}. The lead must "
        "look at the new roll's restrictions before anything is sent."
    )


def _school_id(urn: int) -> int:
    from everyfamily.people.queries import school_by_urn

    return school_by_urn(urn).id


def _with_key() -> dict[int, int]:
    from everyfamily.people.keys.school_keys import keys_of_schools

    return {key.urn: key.school_id for key in keys_of_schools() if key.state and key.state.master_version}


COMMANDS: tuple[click.Command, ...] = (make_master_key, keys)
"""In the order of the help."""
