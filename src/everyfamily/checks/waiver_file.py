"""Reads a file of waivers (TOML): the warnings that everybody who signs has agreed to let stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field

from everyfamily.checks.waivers import Waiver
from everyfamily.core.text_files import read_text
from everyfamily.core.toml_files import StrictModel, parse_toml


class WaiverTable(StrictModel):
    """One agreed exception: one rule, in one passage, for a reason, until a day."""

    code: str = Field(pattern="^[A-Z]{2}[0-9]{3}$", description="The rule's code, such as RD001.")
    passage: str = Field(
        description='What the exception is for: a passage of the pack ("what/1"), or in a document from outside '
        'its place ("paragraph 4", "page 2, paragraph 3", "line 12").'
    )
    reason: str = Field(description="Why the warning may stand, in a sentence that all who sign would repeat.")
    agreed_by: tuple[str, ...] = Field(
        min_length=1, description="Everybody who agreed: for a letter of ours the ids of all its signatories."
    )
    ends_on: date = Field(description="The last day on which the exception counts.")
    language: str | None = Field(
        default=None, description="One language of the letter, such as pl; left out: every language."
    )


class WaiverFile(StrictModel):
    """A file of waivers."""

    waiver: tuple[WaiverTable, ...] = Field(min_length=1, description="The exceptions.")


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
