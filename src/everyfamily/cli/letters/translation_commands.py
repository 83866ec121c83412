"""everyfamily translations: how far each language of a pack is."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from everyfamily.cli.console.options import json_option
from everyfamily.cli.console.shown import shown
from everyfamily.core.packs.packs import load_pack
from everyfamily.core.packs.site_pack import load_site_pack
from everyfamily.core.packs.translation_states import TranslationState, states_of, states_of_texts

_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group()
def translations() -> None:
    """Look after the languages of a content pack: see how far each is."""


@translations.command(name="list")
@click.argument("pack", type=_folder)
@json_option
def list_(pack: Path, as_json: bool) -> None:
    """Show each translation of PACK, who read it, and the digests to write into its table in pack.toml."""
    english, states = _states(pack)
    if as_json:
        rows = [asdict(one) | {"state": one.words} for one in states]
        click.echo(json.dumps({"english": english, "translations": rows}, ensure_ascii=False))
        return
    for part, digest in english.items():
        click.echo(f'en  {part}: english_digest = "{digest}"')
    for one in states:
        click.echo(shown(f"{one.language}  {one.part}: {one.words}. Translated by {one.translator}."))
        if one.own_digest is not None:
            click.echo(f'    checked_digest = "{one.own_digest}"')


def _states(pack: Path) -> tuple[dict[str, str | None], list[TranslationState]]:
    """The digest of the English of each part, and each translation."""
    if (pack / "site.toml").is_file():
        pages = load_site_pack(pack).texts
        return {"pages": pages["en"].english_digest}, list(states_of_texts("pages", pages))
    read = load_pack(pack)
    english = {"letter": read.texts["en"].english_digest}
    english |= {
        part: texts["en"].english_digest for part, texts in (("site", read.site), ("short", read.short)) if texts
    }
    return english, states_of(read)
