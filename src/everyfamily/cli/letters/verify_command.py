"""verify: is this letter real?"""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import shown
from everyfamily.core.partnership.partnership import load_partnership
from everyfamily.letters.files.key_lists import read_key_list
from everyfamily.letters.files.verification import Proof, Verdict, verify_file, verify_seal

FINDINGS = 1
_folder = click.Path(path_type=Path, exists=True, file_okay=False)
_file = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("what")
@click.option(
    "--seals",
    type=_folder,
    help="Folder of published seals: a letter's seal.json under its reference, as in ES-2703-K7R4.json.",
    default=Path("seals"),
)
@click.option("--sealing-key", help="The partnership's public sealing key (base64), as you know it.")
@click.option(
    "--partnership",
    "partnership_file",
    type=_file,
    help="The partnership's file, to check whose keys approved it.",
)
@click.option(
    "--signatory-keys",
    "keys_file",
    type=_file,
    help="The signed list of signatories' keys. By default the one among the seals, if there is one.",
)
@json_option
def verify(
    what: str,
    seals: Path,
    sealing_key: str | None,
    partnership_file: Path | None,
    keys_file: Path | None,
    as_json: bool,
) -> None:
    """Verify WHAT: a reference (ES-2703-K7R4), or a file: PDF, .eml, .html, .txt.

    Exit 1 for a forgery, and for a letter that was withdrawn, which was ours but must not be used any more.
    """
    path = Path(what)
    known = None
    if partnership_file is not None:
        known = {who.id: who.keys for who in load_partnership(partnership_file).signatories}
    # os.path.exists: if a name is too long for a file, it says no, where Path.exists would raise.
    is_file = os.path.exists(path) or len(path.parts) > 1  # noqa: PTH110
    ask = partial(verify_file, path) if is_file else partial(verify_seal, what)
    keys = read_key_list(keys_file, sealing_key=sealing_key) if keys_file is not None else None
    verdict = ask(seals, sealing_key=sealing_key, signatories=known, keys=keys)
    if as_json:
        click.echo(json.dumps(verdict.as_row(), ensure_ascii=False))
    else:
        _say(verdict)
    genuine = verdict.proof in (Proof.GENUINE, Proof.SEALED_WORDS)
    sys.exit(0 if genuine and not verdict.is_withdrawn else FINDINGS)


def _say(verdict: Verdict) -> None:
    # A forged letter must not be able to write its own verdict.
    click.secho(shown(verdict.sentence), bold=True)
    for line in verdict.details:
        click.echo(f"  {shown(line)}")
