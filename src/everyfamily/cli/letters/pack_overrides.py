"""The option --overrides: a partnership's own words on a pack, from its file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import click

from everyfamily.core.files.text_files import read_text
from everyfamily.core.files.toml_files import TomlPlaces
from everyfamily.core.packs.opened_pack import PackFiles
from everyfamily.core.packs.overrides import Overrides, parse_overrides
from everyfamily.core.packs.overriding import with_overrides
from everyfamily.core.packs.packs import Pack

overrides_option = click.option(
    "--overrides",
    "overrides_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file of your own words for some of the pack's passages: docs/howto/override-a-pack.md.",
)


def read_overrides(file: Path) -> tuple[Overrides, TomlPlaces]:
    """The overrides in a file. Raises TextFileUnreadable or TomlNotValid."""
    return parse_overrides(read_text(file, file.name), file.name)


def parsed_with(
    found: PackFiles, overrides_file: Path | None, site_languages: Collection[str] | None = None
) -> Pack:
    """A pack with the overrides in a file, if there is one. Raises what reading and applying raise."""
    pack = found.parsed(site_languages)
    return pack if overrides_file is None else with_overrides(pack, *read_overrides(overrides_file))
