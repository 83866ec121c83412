"""Reads a file of waivers (TOML): the warnings that everybody who signs has agreed to accept."""

from __future__ import annotations

from pathlib import Path

from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.files.text_files import read_text
from everyfamily.core.files.toml_files import parse_toml
from everyfamily.core.files.waiver_file import WaiverFile


def load_waivers(file: Path) -> tuple[Waiver, ...]:
    """Read a file of waivers; raises TextFileUnreadable or TomlNotValid."""
    return parse_waivers(read_text(file, file.name), file.name)


def parse_waivers(text: str, file: str) -> tuple[Waiver, ...]:
    """The waivers of a file's text, each with its line; raises TomlNotValid."""
    model, places = parse_toml(WaiverFile, text, file)
    return tuple(
        Waiver(
            code=table.code,
            passage=table.passage,
            reason=table.reason,
            agreed_by=table.agreed_by,
            ends_on=table.ends_on,
            language=table.language,
            place=places.place(("waiver", number)),
        )
        for number, table in enumerate(model.waiver)
    )
