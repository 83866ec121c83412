"""pack diff: what differs between two versions of a pack."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import of, shown
from everyfamily.cli.letters.pack_in_git import pack_at
from everyfamily.core.packs.opened_pack import open_pack
from everyfamily.core.packs.pack_changes import Listed, PackChanges, PassageChange, Rise, changes_of

FINDINGS = 1
_pack = click.Path(path_type=Path, exists=True)
_RISES = {
    Rise.FIRST: "the first number of its version: a partnership must look again at what it agrees to and prints",
    Rise.SECOND: "the second number of its version: words or facts are other ones",
    Rise.THIRD: "the third number of its version: nothing that people read is another one",
}


@click.command(name="diff")
@click.argument("old", type=_pack)
@click.argument("new", type=_pack, required=False)
@click.option(
    "--since", help="With one folder: compare it with this version in git. What is committed if not given."
)
@json_option
def pack_diff(old: Path, new: Path | None, since: str | None, as_json: bool) -> None:
    """Compare two versions of a pack, word by word.

    OLD and NEW are folders or zips. With OLD only, it is compared with what git has of it.
    Exit 0 if its version rose as it must, also if nothing differs, 1 if it did not, 2 if one could not be read.
    """
    if new is not None and since is not None:
        raise click.UsageError("--since is for one folder.")
    before = open_pack(old) if new is not None else pack_at(old, since or "HEAD")
    after = open_pack(new if new is not None else old)
    changes = changes_of(before.parsed(), after.parsed())
    if as_json:
        row = asdict(changes) | {
            "must_rise": changes.must_rise.name.lower(),
            "version_is_right": changes.version_is_right,
        }
        click.echo(json.dumps(row, ensure_ascii=False))
    else:
        for line in _lines(changes):
            click.echo(line)
    sys.exit(0 if changes.version_is_right else FINDINGS)


def _lines(changes: PackChanges) -> Iterator[str]:
    if changes.same_digest:
        yield "Both are the same pack."
        return
    for file, own in groupby(changes.passages, key=lambda one: one.file):
        yield click.style(shown(file), bold=True)
        yield from (line for one in own for line in _passage(one))
    for listed in changes.lists:
        yield from _list(listed)
    for name, before, after in changes.fields:
        yield shown(f"{name}: {before} -> {after}")
    for translation in changes.stale:
        yield f"Translation {translation} was made of the old English: it is a draft again."
    yield ""
    yield "A letter made from it has another digest. Letters that are sealed stay as they are."
    was, now = changes.versions
    version = f"The version is still {now}." if was == now else f"The version was {was}, and is {now}."
    yield f"{of(len(changes.passages), 'passage')} changed. {version}"
    if not changes.version_is_right:
        yield f"Raise {_RISES[changes.must_rise]}."


def _passage(one: PassageChange) -> Iterator[str]:
    yield shown(f"  {one.id}")
    if all(kind == "same" for kind, _ in one.runs):
        yield shown("      " + " ".join(words for _, words in one.runs))
    else:
        yield "      " + " ".join(_run(kind, shown(words)) for kind, words in one.runs)
    if one.braces[0] != one.braces[1]:
        yield shown(f"      {{{one.braces[0]}}} -> {{{one.braces[1]}}}")


def _run(kind: str, words: str) -> str:
    """Marked with signs as well as in colour, so that it can be read without one."""
    if kind == "gone":
        return click.style(f"[-{words}-]", fg="red")
    return click.style(f"{{+{words}+}}", fg="green") if kind == "new" else words


def _list(one: Listed) -> Iterator[str]:
    for word, names in (("new", one.came), ("gone", one.went), ("changed", one.changed)):
        if names:
            yield shown(f"{one.what}: {word}: {', '.join(names)}")
