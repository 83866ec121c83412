"""partnership: the settings as versions, from the machine itself. In a browser the same is done at /settings/."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import shown
from everyfamily.cli.console.who_acts import named
from everyfamily.cli.operation.signatory_key_commands import endorse_key, key_fingerprint, sign_keys
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_in_words, time_in_words


class NoSettings(EveryfamilyError):
    """No version of the settings is stored."""

    code = "EF432"


class VersionNotStored(EveryfamilyError):
    """No version of the settings has this number."""

    code = "EF682"


class FolderNotEmpty(EveryfamilyError):
    """The settings would be written over other files."""

    code = "EF433"


@click.group()
def partnership() -> None:
    """Keep the partnership's file as versions: bring one in, write the newest out, see who changed what."""


@partnership.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option(
    "--agreed-by",
    callback=named,
    help="Who else agreed, if it changes who signs or what families ring.",
)
@by_option("Who changes the settings")
def import_(file: Path, dry_run: bool, agreed_by: Actor | None, by: Actor) -> None:
    """Put FILE and the drawings next to it in force. From then on the newest version counts, and not the file."""
    from everyfamily.core.partnership.differences import differences
    from everyfamily.core.partnership.versions import files_at

    files, read = files_at(file)
    prepare()
    from everyfamily.accounts.queries import who_watches
    from everyfamily.mailings.installation import clock
    from everyfamily.partnership.actions import import_settings
    from everyfamily.partnership.queries import in_force

    try:
        before = in_force()
    except EveryfamilyError as problem:
        click.echo(shown(f"What is in force cannot be read: {problem.fact}"), err=True)
        before = None
    found = differences(before.files, files) if before else []
    for one in found:
        click.echo(shown(f"{one.place}: {one.before or 'nothing'} -> {one.after or 'nothing'}"))
    if dry_run:
        click.echo(f"{of(len(found), 'difference')}. Nothing was changed.")
        return
    version = import_settings(files, read, by, agreed_by, clock.now(), watch=who_watches())
    click.echo(f"Version {version} is in force, with {of(len(found), 'difference')} from what was before.")


@partnership.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--version", "wanted", type=int, help="An earlier version, by its number in the history.")
def export(folder: Path, wanted: int | None) -> None:
    """Write a version into FOLDER, the newest one if none is named: the file and its drawings, as other commands take
    them."""
    prepare()
    from everyfamily.partnership.queries import newest_version, version_files

    version = wanted if wanted is not None else newest_version()
    files = version_files(version) if version is not None else None
    if files is None and wanted is not None:
        raise VersionNotStored("There is no version of this number.", "Look at the history for its number.")
    if files is None:
        raise NoSettings("No version of the settings is stored.", "Bring the partnership's file in first.")
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FolderNotEmpty("The folder is not empty.", "Choose a new folder.")
    (folder / "partnership.toml").write_text(files.text, encoding="utf-8")
    for name, drawing in files.drawings:
        (folder / name).write_text(drawing, encoding="utf-8")
    click.echo(f"Version {version} is in {folder}: partnership.toml and {of(len(files.drawings), 'drawing')}.")


@partnership.command()
@json_option
def history(as_json: bool) -> None:
    """Show every version of the settings, newest first: when, by whom, and its fingerprint."""
    prepare()
    from everyfamily.partnership.queries import versions

    found = versions(limit=10_000)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=datetime.isoformat, ensure_ascii=False))
        return
    if not found:
        click.echo("No version of the settings is stored.")
    for one in found:
        at = one.at.astimezone(LONDON)
        asked = f", asked for by {one.asked_by}" if one.asked_by else ""
        when = f"{day_in_words(at.date())}, {time_in_words(at.time())}"
        click.echo(shown(f"Version {one.id}  {when}  by {one.by}{asked}  {one.digest[:12]}"))


partnership.add_command(sign_keys)
partnership.add_command(endorse_key)
partnership.add_command(key_fingerprint)
