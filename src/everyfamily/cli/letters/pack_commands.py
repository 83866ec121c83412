"""pack: begin, check, compare, read through and share the words on one topic."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import click

from everyfamily.cli.console.shown import of
from everyfamily.cli.letters.pack_check_command import pack_check
from everyfamily.cli.letters.pack_diff_command import pack_diff
from everyfamily.cli.letters.pack_overrides import overrides_option, parsed_with, read_overrides
from everyfamily.core.agreement.seals import fingerprint
from everyfamily.core.calendar.year_groups import LAST_YEAR
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.text_files import decode
from everyfamily.core.files.whole_files import AS_USUAL, written
from everyfamily.core.packs.opened_pack import open_pack
from everyfamily.core.packs.outline import outline
from everyfamily.core.packs.overrides import begun_overrides
from everyfamily.core.packs.pack_review import review_of
from everyfamily.core.packs.pack_zip import zip_of_pack
from everyfamily.rendering.pack_page import render_pack_page

_pack = click.Path(path_type=Path, exists=True)
_ID = re.compile(r"[a-z][a-z0-9-]*")


class SomethingThere(EveryfamilyError):
    """There is something at the place that a pack was to be written to. It is never overwritten."""

    code: ClassVar[str] = "EF183"


@click.group()
def pack() -> None:
    """Write, check, compare and share content packs: the words on one topic."""


pack.add_command(pack_check)
pack.add_command(pack_diff)


@pack.command()
@click.argument("pack_id", metavar="ID")
@click.option("--title", required=True, help='What the topic is called among staff, such as "Water safety".')
@click.option(
    "--out", type=click.Path(path_type=Path), help="The folder to make. packs/ID of this folder if not given."
)
@click.option(
    "--card-first", is_flag=True, help="For a letter to put up: its numbers come first, and it has no one topic."
)
@click.option(
    "--secondary-from",
    type=click.IntRange(1, LAST_YEAR),
    metavar="YEAR",
    help="For a letter in two versions: the year group, such as 7, below which families get the primary version.",
)
def new(pack_id: str, title: str, out: Path | None, card_first: bool, secondary_from: int | None) -> None:
    """Begin the pack ID, with what belongs in it.

    Every file and every section is there. ID is in small letters with hyphens, such as water-safety. Nothing
    that is there already is changed.
    """
    if not _ID.fullmatch(pack_id):
        raise click.BadParameter("Use small letters, digits and hyphens, such as water-safety.", param_hint="ID")
    if not title.strip() or "\n" in title:
        raise click.BadParameter("Write the title in one line.", param_hint="--title")
    folder = out if out is not None else Path("packs") / pack_id
    if folder.exists():
        raise SomethingThere(
            "There is something of this name already.", "Name another folder.", SourceLocation(str(folder))
        )
    folder.mkdir(parents=True)
    today = datetime.now(UTC).date()
    begun = outline(pack_id, title.strip(), today, card_first=card_first, secondary_from=secondary_from)
    for name, text in begun.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"{folder} is written. What belongs in each section is in it, after TO FILL IN.")
    click.echo(f"See what is left to write: everyfamily pack check {folder}")


@pack.command(name="zip")
@click.argument("folder", metavar="PACK", type=_pack)
@click.argument("out", type=click.Path(path_type=Path))
def zip_(folder: Path, out: Path) -> None:
    """Write PACK as one file OUT to send to others.

    The same pack gives the same bytes, on any machine. Its digest is in it, and is checked when it is read.
    Tell the other side the digest by another way.
    """
    if out.exists():
        raise SomethingThere(
            "There is something of this name already.", "Name another file.", SourceLocation(str(out))
        )
    found = open_pack(folder)
    read = found.parsed()
    with written(out, mode=AS_USUAL) as file:
        file.write(zip_of_pack(found.files, read.id))
    click.echo(f"{out}: {read.id} {read.about.version}, digest {fingerprint(read.digest)}")


@pack.command()
@click.argument("folder", metavar="PACK", type=_pack)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The page to write, such as water.html."
)
@overrides_option
def docs(folder: Path, out: Path, overrides_file: Path | None) -> None:
    """Write the page for those who review PACK.

    It has every sentence with its sources. First comes what a person must confirm before it is printed, then
    what managers must agree to. Print it, or send it: it is one file. A page that is there already is written
    again.
    """
    found = open_pack(folder)
    day = datetime.now(UTC).date()
    read = parsed_with(found, overrides_file)
    own = read_overrides(overrides_file) if overrides_file is not None else None
    review = review_of(read, decode(found.files["sources.toml"], "sources.toml"), day, own)
    page = render_pack_page(review, fingerprint(found.digest), day)
    with written(out, mode=AS_USUAL) as file:
        file.write(page.encode())
    click.echo(
        f"{out}: {of(len(review.to_confirm), 'source')} to confirm, {of(len(review.promises), 'promise')} to agree."
    )


@pack.command()
@click.argument("folder", metavar="PACK", type=_pack)
@click.argument("passages", metavar="PASSAGE...", nargs=-1, required=True)
@click.option("--language", default="en", help="Their language. English if not given.")
def override(folder: Path, passages: tuple[str, ...], language: str) -> None:
    """Begin a file of your own words for a PACK.

    It is printed with these passages in the pack's words, for you to change. A passage is named by its id, such
    as now/4: `everyfamily pack docs` shows them.
    """
    click.echo(begun_overrides(open_pack(folder).parsed(), passages, language), nl=False)


COMMANDS: tuple[click.Command, ...] = (pack,)
"""In the order of the help."""
