"""What a list of schools did, and the state of the schools, as lines for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from everyfamily.core.schools.gias_rows import NotASchool
from everyfamily.core.schools.school_record import SchoolChanges, SchoolRecord, Succession
from everyfamily.core.text.dates import day_in_words
from everyfamily.people.edges.school_imports import SchoolsImport

_LISTED = 40
"""Names under one heading before the rest becomes a number. --json has all."""
_FIRST = 5
"""Rows named for each reason or code."""


def as_json(done: SchoolsImport, *, dry_run: bool) -> dict[str, Any]:
    """The import as one JSON value."""
    changes = done.changes
    return {
        "format": done.format,
        "dry_run": dry_run,
        "rows": done.rows,
        "schools": done.schools,
        "set_aside": [
            {"row": one.row, "code": one.code, "message": one.message, "whole_row": one.whole_row}
            for one in done.set_aside
        ],
        "opened": [_name(school) for school in [*changes.opened, *changes.begun]],
        "proposed_to_open": [_name(school) for school in changes.proposed],
        "closed": [_name(school) for school in changes.closed],
        "proposed_to_close": [_name(school) for school in changes.closing],
        "reopened": [_name(school) for school in changes.reopened],
        "converted": [{"from": one.closing[0], "to": one.following[0]} for one in changes.converted],
        "followed": [_succession(one) for one in changes.followed],
        "perhaps_converted": [_succession(one) for one in changes.perhaps_converted],
        "contradicted": [_succession(one) for one in changes.contradicted],
        "renamed": [{"urn": new.urn, "from": old.name, "to": new.name} for old, new in changes.renamed],
        "changed": changes.changed,
        "phone_differs": [_name(school) for school in changes.phone_differs],
        "missing": [_name(school) for school in changes.missing],
        "unchanged": changes.unchanged,
        "left_out": done.left_out,
        "areas": [{"code": code, "name": name} for code, name in done.areas.items()],
        "areas_said": done.areas_said,
        "status_doubts": [asdict(doubt) for doubt in changes.status_doubts],
        "not_schools": [
            {
                "reason": reason,
                "count": len(rows),
                "rows": [{"row": r.row, "urn": r.urn, "name": r.name} for r in rows],
            }
            for reason, rows in _by_reason(done)
        ],
        "without_links": done.without_links,
    }


def _name(school: SchoolRecord) -> dict[str, Any]:
    return {"urn": school.urn, "name": school.name}


def _succession(one: Succession) -> dict[str, Any]:
    return {"from": list(one.closing), "to": list(one.following)}


def as_lines(done: SchoolsImport, *, dry_run: bool) -> Iterator[str]:
    """The import in lines: counts first, then names, then what a person must look at."""
    changes = done.changes
    yield f"{done.format}: {done.rows:,} rows{_areas(done)}, {done.schools:,} of them schools that are not closed."
    yield _counts(changes) + "."
    yield from _named("New, with children today", changes.opened)
    yield from _named("Have opened", changes.begun)
    yield from _named(
        "New, to open later, and not counted yet. Ask each when its first children come", changes.proposed
    )
    yield from _named("Closed", changes.closed)
    heading = (
        "Proposed to close. They have children until then. Ask each when they leave, and to which school they go"
    )
    yield from _under(heading, [_with_end(school) for school in changes.closing])
    yield from _named("Open again", changes.reopened)
    renames = [f"{new.urn}: {old.name} is now {new.name}" for old, new in changes.renamed]
    yield from _under("Renamed", renames)
    yield from _conversions(changes)
    yield from _for_a_person(done)
    yield from _no_schools(done)
    yield from _aside(done)
    if dry_run:
        yield "This was a dry run: nothing was written."


def _areas(done: SchoolsImport) -> str:
    """ " of area 341 (Liverpool), which is known here; no --la was given"."""
    if not done.areas:
        return ""
    which = " and ".join(f"{code}{f' ({name})' if name else ''}" for code, name in done.areas.items())
    return f" of area {which}{'' if done.areas_said else ' (no --la was given)'}"


def _with_end(school: SchoolRecord) -> str:
    end = f", to close on {day_in_words(school.closed_on)}" if school.closed_on else ""
    return f"{school.urn} {school.name}{end}"


def _by_reason(done: SchoolsImport) -> list[tuple[str, list[NotASchool]]]:
    """Rows that did not become a school, by reason, most first."""
    reasons: dict[str, list[NotASchool]] = {}
    for row in done.not_schools:
        reasons.setdefault(row.reason, []).append(row)
    return sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _no_schools(done: SchoolsImport) -> Iterator[str]:
    if done.not_schools:
        yield f"Rows that did not become a school: {len(done.not_schools):,} (--json names all)"
    for reason, rows in _by_reason(done):
        names = [" ".join(str(word) for word in (row.urn or f"row {row.row}", row.name) if word) for row in rows]
        more = f"; and {len(names) - _FIRST:,} more" if len(names) > _FIRST else ""
        yield f"  {len(rows):,} {_reason(reason, done)}: {'; '.join(names[:_FIRST])}{more}"


def _reason(reason: str, done: SchoolsImport) -> str:
    if reason in done.left_out:
        return f"{reason}, a type without children of the area on a roll"
    return f"set aside, {reason}" if reason.isupper() else reason


def _counts(changes: SchoolChanges) -> str:
    counts = {
        "new": len(changes.opened) + len(changes.proposed),
        "opened": len(changes.begun),
        "closed": len(changes.closed),
        "open again": len(changes.reopened),
        "converted": len(changes.converted),
        "renamed": len(changes.renamed),
        "changed otherwise": changes.changed,
    }
    said = [f"{count:,} {word}" for word, count in counts.items() if count]
    return ", ".join([*said, f"{changes.unchanged:,} unchanged"])


def _conversions(changes: SchoolChanges) -> Iterator[str]:
    yield from _under("Converted", [f"{one.closing[0]} is now {one.following[0]}" for one in changes.converted])
    if changes.converted:
        yield (
            "  The roll, its restrictions and its history continue under the new URN. The new trust is another "
            "organisation, so look at the data agreement again before you send for the school."
        )
    yield from _under("Closed and followed by others. Their rolls stay separate", _pairs(changes.followed))


def _for_a_person(done: SchoolsImport) -> Iterator[str]:
    changes = done.changes
    yield from _under(
        "The list's status code and words disagree. Ring each and ask whether it has children",
        [
            f"{doubt.urn} {doubt.name}: {doubt.says}; here it is {doubt.kept_as}"
            for doubt in changes.status_doubts
        ],
    )
    yield from _under("Perhaps converted, and left as they are", _pairs(changes.perhaps_converted))
    if changes.perhaps_converted and done.without_links:
        yield "  Import the list together with its links (the zip file, or --links): they say who follows whom."
    elif changes.perhaps_converted:
        yield (
            "  The closing or the link is not in the list, or the list is cut: import a newer one. If they are two "
            "schools, docs/howto/import-schools.md says how to say so."
        )
    elif done.without_links and changes.closed:
        yield "The file came without links, so nobody can tell whether a school that closed continues as another."
    yield from _under(
        "Converted here, but open under the old URN in the file. They stay as they are",
        [f"{one.following[0]}, once {one.closing[0]}" for one in changes.contradicted],
    )
    yield from _named(
        "The file has a different phone number from the one checked. The checked one stays", changes.phone_differs
    )
    yield from _named("Not in the file. They stay open until you know", changes.missing)


def _aside(done: SchoolsImport) -> Iterator[str]:
    """By code, with the first few of each by name, and then what the code means."""
    if done.set_aside:
        yield "Set aside. Correct it and import again:"
    kinds: dict[tuple[bool, str, str], list[int]] = {}
    for problem in done.set_aside:
        kinds.setdefault((problem.whole_row, problem.code, problem.message), []).append(problem.row)
    for (whole, code, message), rows in kinds.items():
        what = "row" if whole else "value"
        yield f"  {len(rows):,} {what if len(rows) == 1 else f'{what}s'} set aside, {code}: {message}"
        named = [f"row {row} ({done.names[row]})" if row in done.names else f"row {row}" for row in rows[:_FIRST]]
        yield f"    {'; '.join(named)}{f'; and {len(rows) - _FIRST:,} more' if len(rows) > _FIRST else ''}"


def _pairs(successions: Sequence[Succession]) -> list[str]:
    return [
        f"{', '.join(map(str, one.closing))} followed by {', '.join(map(str, one.following))}"
        for one in successions
    ]


def _named(heading: str, schools: Sequence[SchoolRecord]) -> Iterator[str]:
    yield from _under(heading, [f"{school.urn} {school.name}" for school in schools])


def _under(heading: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"{heading}:"
        yield from (f"  {item}" for item in items[:_LISTED])
    if len(items) > _LISTED:
        yield f"  and {len(items) - _LISTED:,} more (--json lists all)"
