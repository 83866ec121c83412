"""The record that a letter's digest covers, and the way back from it to the letter.

The record holds the whole letter, the digest of every rendered artefact with its gaps open, the route records, the
findings and waivers with the rule set's version, the engine and the template. What is sent is made only from the
record, so nothing can be sent that the digest did not cover.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from pydantic import TypeAdapter

from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import keys_in, keys_row
from everyfamily.core.letter.letters import Followed, Letter
from everyfamily.core.partnership.routes import Route

GUIDE = "README.txt"
"""The send kit's guide, which is in no language's folder."""
GUIDE_PAGE = "start-here.html"
"""The same guide, as a page."""
OTHER_LANGUAGES = "other-languages.html"
"""The small set in every language on one page, beside the guide. Not in letters without one."""

PRIMARY_FOLDER = "primary/"
"""Before the names of the files of a primary version: "primary/en/letter.pdf"."""
SECONDARY_FOLDER = "secondary/"
"""Before the names of the guide for a school that has only the secondary version. Its other files have none."""

_LETTER = TypeAdapter(Letter)
_WAIVERS = TypeAdapter(tuple[Waiver, ...])
_ROUTES = TypeAdapter(tuple[Route, ...])


class SignatoryWithoutKey(EveryfamilyError):
    """A signatory in the partnership's file has no public key, so nobody could approve."""

    code = "EF305"


def build_record(
    letter: Letter,
    artefacts: Mapping[str, bytes],
    *,
    findings: Sequence[Mapping[str, Any]],
    waivers: Sequence[Waiver],
    rule_set: str,
    templates: Mapping[str, str],
) -> dict[str, Any]:
    """Lay out what is approved and sealed, as plain JSON values. Raises SignatoryWithoutKey.

    `templates` is the version of each template, by its name in the record.
    """
    return {
        "format": "everyfamily letter 1",
        "reference": letter.reference,
        "letter": _letter_row(letter),
        "artefacts": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(artefacts.items())},
        "engine": {
            "typst": version("typst"),
            "word": version("python-docx"),
            **templates,
        },
        "rule_set": rule_set,
        "findings": [dict(finding) for finding in findings],
        "waivers": _WAIVERS.dump_python(tuple(waivers), mode="json"),
        "required_signatories": [_required(letter, index) for index in range(len(letter.signatories))],
    }


def _letter_row(letter: Letter) -> dict[str, Any]:
    row: dict[str, Any] = _LETTER.dump_python(letter, mode="json")
    # So that a letter without these keeps the digest that older versions gave it.
    for name in (
        *("follows", "overridden", "languages", "short", "from_year"),
        *("secondary_from", "primary", "short_primary"),
    ):
        if not row[name]:
            del row[name]
    row["signatories"] = [
        {name: value for name, value in one.items() if name != "keys"} | keys_row(who.keys)
        for one, who in zip(row["signatories"], letter.signatories, strict=True)
    ]
    for text in (*row["texts"].values(), *row.get("primary", {}).values()):
        if text["press"] is None:
            del text["press"]
    for route in row["routes"]:
        for name in ("form", "email", "text", "hours_confirmed_on", "hours_confirmed_by"):
            if route[name] is None:
                del route[name]
    return row


def _required(letter: Letter, index: int) -> dict[str, Any]:
    signatory = letter.signatories[index]
    if not signatory.keys:
        raise SignatoryWithoutKey(
            f"{signatory.organisation} has no public_key in the partnership's file, and no passkey.",
            "Make its key and write the public half there.",
        )
    row = {name: getattr(signatory, name) for name in ("id", "organisation", "name", "title")}
    return row | keys_row(signatory.keys)


def letter_of(record: Mapping[str, Any]) -> Letter:
    """Rebuild the letter that a record holds. Raises ValidationError, KeyError or TypeError if it holds none."""
    held = record["letter"]
    return _LETTER.validate_python({**held, "signatories": [_with_keys(row) for row in held["signatories"]]})


def routes_in(rows: object) -> tuple[Route, ...]:
    """The routes of a record, from their rows in it."""
    return _ROUTES.validate_python(rows)


def _with_keys(row: object) -> object:
    if not isinstance(row, dict):
        return row
    try:
        return {**row, "keys": keys_in(row)}
    except ValueError as problem:
        raise TypeError("not a signatory's keys") from problem


def followed_in(record: Mapping[str, Any]) -> Followed | None:
    """Which letter the record's letter says it follows, without reading the whole letter."""
    said = record["letter"].get("follows")
    if not isinstance(said, dict) or said.get("kind") not in ("correction", "replacement"):
        return None
    return Followed(str(said.get("reference")), said["kind"])


def from_year_in(record: Mapping[str, Any]) -> int:
    """The first year group that the record's letter is offered to, without reading the whole letter."""
    said = record["letter"].get("from_year", EVERY_YEAR)
    return said if isinstance(said, int) else EVERY_YEAR


def secondary_from_in(record: Mapping[str, Any]) -> int | None:
    """The year from which the record's letter has its secondary version, without reading the whole letter. None if it
    has one version."""
    said = record["letter"].get("secondary_from")
    return said if isinstance(said, int) else None


def folder_of(version: Version | None) -> str:
    """What comes before the names of a version's files."""
    return PRIMARY_FOLDER if version is Version.PRIMARY else ""


def waivers_of(record: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Rebuild the waivers that a record holds. A person who approves the record agrees to them."""
    return _WAIVERS.validate_python(record["waivers"])
