"""Send kits for schools that send the letter themselves."""

from __future__ import annotations

import json
from pathlib import Path

import click

from everyfamily.cli.console.options import json_option
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.letters.files.send_kit import sealed_kit, write_kit


@click.command(name="send-kit")
@click.argument("letter", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder, or a file ending in .zip.")
@click.option(
    "--only",
    type=click.Choice([str(one) for one in Version]),
    help="Of a letter with two versions, the kit of schools that need only this one.",
)
@json_option
def send_kit(letter: Path, out: Path, only: str | None, as_json: bool) -> None:
    """Write the kit of a sealed LETTER, for all schools that send it themselves. It is the same for all of them."""
    seal, kit = sealed_kit(letter, Version(only) if only is not None else None)
    write_kit(out, kit)
    reference = str(seal.record["reference"])
    if as_json:
        click.echo(json.dumps({"reference": reference, "out": str(out), "files": sorted(kit)}))
        return
    size = sum(len(data) for data in kit.values()) / 1_000_000
    click.echo(f"The kit of {reference}: {len(kit)} files, {size:.1f} MB, in {out}")
    click.echo(
        "Give it to each school that sends the letter itself. start-here.html says which file is for what."
    )


COMMANDS: tuple[click.Command, ...] = (send_kit,)
"""In the order of the help."""
