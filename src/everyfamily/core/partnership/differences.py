"""What differs between two versions of a partnership's file, place by place, in words; and line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from everyfamily.core.files.toml_files import parse_toml
from everyfamily.core.keys.approval_keys import ED25519, PASSKEY, ApprovalKey
from everyfamily.core.partnership.partnership_file import PartnershipFile
from everyfamily.core.partnership.versions import PartnershipFiles
from everyfamily.core.text.dates import day_in_words, time_in_words

_AROUND = 2
"""Lines that are shown above and below a changed one."""
_TABLES: Mapping[str, str] = {
    "bodies": "Body",
    "signatories": "Signatory",
    "routes": "Route",
    "promises": "Promise",
    "terms": "Term",
    "letters": "letter",
    "schools": "School",
    "site_pages": "Parent site",
    "required_signatories": "Who must sign",
    "prices": "Pounds for one",
    "sending": "When letters go out",
    "name_lines": "name beside the mark",
    "calls_a_day": "calls that the front door can take a day",
    "calls_per_1000": "calls that 1,000 families make",
    "their_reference": "reference",
    "public_key": "fingerprint of the key",
    "keys": "key",
    "rp_id": "site of the passkey",
    "lines_shut": "days on which a local number is not answered",
    "schools_closed": "days on which schools are closed",
    "late_joiners": "earlier letters for new children",
    "exam_weeks": "weeks in which pupils sit exams",
}
"""Keys whose own name would not say what they are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs: "Enquiries, hours". None is what was not there, or is no longer."""

    place: str
    before: str | None
    after: str | None
    drawing: str = ""
    """The file name, if it is a drawing."""


def differences(before: PartnershipFiles | None, after: PartnershipFiles) -> list[Difference]:
    """Every value that differs, in the order of the file; then the drawings. Raises TomlNotValid."""
    was, now = _values(before), _values(after)
    found = [
        Difference(place, _shown(was.get(place)), _shown(now.get(place)))
        for place in [*now, *(place for place in was if place not in now)]
        if was.get(place) != now.get(place)
    ]
    drawn, redrawn = dict(before.drawings) if before else {}, dict(after.drawings)
    return found + [
        Difference(f"Drawing {name}", _drawing(drawn, name), _drawing(redrawn, name), name)
        for name in sorted(drawn.keys() | redrawn.keys())
        if drawn.get(name) != redrawn.get(name)
    ]


def changed_lines(before: PartnershipFiles | None, after: PartnershipFiles) -> list[tuple[str, str]]:
    """The changed lines with two around each: pairs of "+", "-", " " or "…", and the line."""
    was = before.text.splitlines() if before else []
    lines = difflib.unified_diff(was, after.text.splitlines(), n=_AROUND, lineterm="")
    return [("…", "") if line.startswith("@@") else (line[:1], line[1:]) for line in list(lines)[2:]][1:]


def _shown(value: str | ApprovalKey | None) -> str | None:
    """A key as the two people compared it by phone: nobody can compare the key itself."""
    return value.fingerprint if isinstance(value, ApprovalKey) else value


def _values(files: PartnershipFiles | None) -> dict[str, str | ApprovalKey]:
    """Each value of the file by its place in words. A key is whole, so that no other one is taken for it."""
    if files is None:
        return {}
    model, _ = parse_toml(PartnershipFile, files.text, files.file)
    return dict(_flat(model.model_dump(exclude_unset=True), ()))


def _flat(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str | ApprovalKey]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            of_key = _key_of(value) if key == "public_key" else None
            yield from _flat(of_key or inner, (*place, _TABLES.get(key, key.replace("_", " "))))
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        for n, row in enumerate(value, start=1):
            yield from _flat(row, (*place[:-1], f"{place[-1]} {_name_of(row, n)}"))
    else:
        words = ", ".join(place)
        yield words[:1].upper() + words[1:], value if isinstance(value, ApprovalKey) else _in_words(value)


def _key_of(row: Mapping[str, Any]) -> ApprovalKey | None:
    """The key of a signatory's row, or of a row of their keys. None for a row that has none."""
    public_key = row["public_key"]
    if not isinstance(public_key, str):
        return None
    kind = PASSKEY if row.get("kind") == PASSKEY else ED25519
    return ApprovalKey(kind, public_key, row.get("rp_id") or "")


def _name_of(row: Mapping[str, Any], number: int) -> str:
    """What a row is called: its id, a term's season and year, a school's URN, or its place."""
    if "season" in row:
        return f"{row['season']} {row['opens_on'].year}"
    return str(row.get("id") or row.get("urn") or number)


def _in_words(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return day_in_words(value)
        case time():
            return time_in_words(value)
        case list() | tuple():
            return "; ".join(_in_words(one) for one in value) or "none"
    return str(value)


def _drawing(drawings: Mapping[str, str], name: str) -> str | None:
    return f"{len(drawings[name]):,} characters of SVG" if name in drawings else None
