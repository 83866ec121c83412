"""letters: the letters that are written in a browser, from the machine itself. A folder out, an approval in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from everyfamily.cli.console.options import by_option, json_option
from everyfamily.cli.console.shown import shown
from everyfamily.config.start import prepare
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.dates import day_in_words

if TYPE_CHECKING:
    from everyfamily.letters.draft_queries.frozen import FrozenFacts


class NothingFrozen(EveryfamilyError):
    """Nobody has asked for approval of the letter, or its words changed since."""

    code = "EF515"


@click.group()
def letters() -> None:
    """See the letters that are being written, take one out as a folder, and bring in an approval of it."""


@letters.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Show every letter that is or was written here, newest first, and how far it is."""
    prepare()
    from everyfamily.letters.draft_queries.agreeing import drafts_in_brief

    found = drafts_in_brief()
    if as_json:
        rows = [
            {
                "reference": one.facts.reference,
                "pack": one.facts.pack_id,
                "term": one.facts.term,
                "dated": one.facts.dated.isoformat(),
                "state": one.state.value,
                "digest": one.version.digest if one.version is not None else "",
                "waits_for": sorted(one.standing.missing),
            }
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    if not found:
        click.echo("No letter is being written.")
    for one in found:
        waits = f", waits for {' and '.join(sorted(one.standing.missing))}" if one.state.value == "asked" else ""
        day = day_in_words(one.facts.dated)
        click.echo(shown(f"{one.facts.reference}  {one.facts.pack_id}, dated {day}: {one.state}{waits}"))


@letters.command()
@click.argument("reference")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder to write the letter to.")
def folder(reference: str, out: Path) -> None:
    """Write the version of a letter that is frozen for approval, as a folder: with it, approve works anywhere."""
    prepare()
    from everyfamily.letters.draft_queries.agreeing import folder_of
    from everyfamily.letters.files.folder import write_approval, write_letter_folder, write_seal

    version = _frozen(reference)
    files = folder_of(version)
    write_letter_folder(out, files.record, files.artefacts)
    for approval in files.approvals:
        write_approval(out, approval)
    if files.seal is not None:
        write_seal(out, files.seal)
    click.echo(f"{reference}, version {version.number}, fingerprint {fingerprint(version.digest)}: {out}")


@letters.command()
@click.argument("reference")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@by_option("Who brings it in")
def approval(reference: str, file: Path, by: Actor) -> None:
    """Bring in FILE, a signatory's approval of the version that is frozen: approvals/police.json of its folder."""
    from everyfamily.core.files.whole_files import bytes_of
    from everyfamily.letters.files.letter_zip import SEAL_BYTES, approval_in, damaged

    try:
        read = approval_in(bytes_of(file, most=SEAL_BYTES), file.name)
    except OSError as problem:
        raise damaged(file.name) from problem
    prepare()
    from everyfamily.letters.actions.approving import receive_approval
    from everyfamily.letters.draft_queries.agreeing import who_waits
    from everyfamily.mailings.installation import clock

    version = _frozen(reference)
    is_new = receive_approval(version.id, read, by=by, now=clock.now())
    waits = who_waits(version).signatories
    said = f"{reference} is approved by {read.signatory}" if is_new else "This approval was here already"
    click.echo(
        shown(f"{said}. {'It waits for ' + ' and '.join(waits) if waits else 'Everybody has approved it'}.")
    )


def _frozen(reference: str) -> FrozenFacts:
    """The version that is frozen now. Raises DraftNotKnown and NothingFrozen."""
    from everyfamily.letters.draft_queries.drafts import known_draft
    from everyfamily.letters.draft_queries.frozen import current_version

    version = current_version(known_draft(reference).id)
    if version is None or not version.is_done or version.overtaken_at is not None:
        raise NothingFrozen(
            "No words of this letter are frozen for approval, or they changed since.",
            "Ask for approval on the letter's page.",
        )
    return version
