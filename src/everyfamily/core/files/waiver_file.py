"""The structure of a file of waivers: warnings that everybody who signs has agreed to accept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import Field

from everyfamily.core.files.toml_files import StrictModel

FILE = "waivers.toml"
"""The name of the file that is written here. It is under a letter's digest, as the place of each waiver."""


class WaiverTable(StrictModel):
    """One agreed exception: one rule, in one passage, for a reason, until a day."""

    code: str = Field(pattern="^[A-Z]{2}[0-9]{3}$", description="The rule's code, such as RD001.")
    passage: str = Field(
        description='What the exception is for: a passage of the pack ("what/1"), or in a document from outside '
        'its place ("paragraph 4", "page 2, paragraph 3", "line 12").'
    )
    reason: str = Field(
        description="Why the warning is accepted, in a sentence that everyone who signs would repeat."
    )
    agreed_by: tuple[str, ...] = Field(
        min_length=1, description="Everybody who agreed: for a letter of ours the ids of all its signatories."
    )
    ends_on: date = Field(description="The last day that the exception counts.")
    language: str | None = Field(
        default=None, description="One language of the letter, such as pl; left out: every language."
    )


class WaiverFile(StrictModel):
    """A file of waivers."""

    waiver: tuple[WaiverTable, ...] = Field(min_length=1, description="The exceptions.")


def waivers_text(waivers: Sequence[WaiverTable]) -> str:
    """A file of these waivers. "" if there are none."""
    return "".join(f"{line}\n" for one in waivers for line in ("[[waiver]]", *_lines(one), ""))


def _lines(one: WaiverTable) -> Iterator[str]:
    yield f"code = {_spelt(one.code)}"
    yield f"passage = {_spelt(one.passage)}"
    if one.language is not None:
        yield f"language = {_spelt(one.language)}"
    yield f"reason = {_spelt(one.reason)}"
    yield f"agreed_by = {_spelt(list(one.agreed_by))}"
    yield f"ends_on = {one.ends_on.isoformat()}"


def _spelt(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
